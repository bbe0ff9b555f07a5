internal import MilvusAPI
internal import Operations
internal import Replay

/// What a server tells of users, roles and grants.
extension MilvusConnection {
    private typealias Method = Milvus_Proto_Milvus_MilvusService.Method

    /// Every user with their roles, ascending.
    func users() async throws -> [String: [String]] {
        let doing = "list the users"
        var request = Milvus_Proto_Milvus_SelectUserRequest()
        request.includeRoleInfo = true
        let answer: Milvus_Proto_Milvus_SelectUserResponse = try await call(
            Method.SelectUser.descriptor,
            request,
            database: nil,
            doing: doing
        )
        try answer.status.check(doing)
        return Dictionary(
            answer.results.map { ($0.user.name, $0.roles.map(\.name).sorted()) },
            uniquingKeysWith: { first, _ in first }
        )
    }

    /// The names of all roles, ascending.
    func roles() async throws -> [String] {
        let doing = "list the roles"
        let answer: Milvus_Proto_Milvus_SelectRoleResponse = try await call(
            Method.SelectRole.descriptor,
            Milvus_Proto_Milvus_SelectRoleRequest(),
            database: nil,
            doing: doing
        )
        try answer.status.check(doing)
        return answer.results.map(\.role.name).sorted()
    }

    /// What a role may do in a database, or, if that is `*`, in all of them alike; ascending.
    func grants(of role: String, in database: String) async throws -> [Grant] {
        let doing = "list the grants of the role \(role) in the database \(database)"
        var request = Milvus_Proto_Milvus_SelectGrantRequest()
        request.entity.role.name = role
        request.entity.dbName = database
        let answer: Milvus_Proto_Milvus_SelectGrantResponse = try await call(
            Method.SelectGrant.descriptor,
            request,
            database: nil,
            doing: doing
        )
        try answer.status.check(doing)
        // Some servers tell those of all databases with each.
        return answer.entities.map(Grant.init).filter { $0.database == database }.sorted()
    }

    /// The privilege groups that users defined, by name; empty where there are none of the kind.
    func privilegeGroups() async throws -> [PrivilegeGroup] {
        let doing = "list the privilege groups"
        do {
            let answer: Milvus_Proto_Milvus_ListPrivilegeGroupsResponse = try await call(
                Method.ListPrivilegeGroups.descriptor,
                Milvus_Proto_Milvus_ListPrivilegeGroupsRequest(),
                database: nil,
                doing: doing
            )
            try answer.status.check(doing)
            return answer.privilegeGroups
                .map { PrivilegeGroup(name: $0.groupName, privileges: $0.privileges.map(\.name)) }
                .filter { !BuiltInAccess.privilegeGroups.contains($0.name) }
                .sorted { $0.name < $1.name }
        } catch let failure as TargetFailure where failure.code == .unsupported {
            return []
        }
    }
}

/// What every Milvus has of its own.
enum BuiltInAccess {
    static let users: Set<String> = ["root"]
    static let roles: Set<String> = ["admin", "public"]
    /// Of Milvus 2.5 and later.
    static let privilegeGroups = Set(
        ["Cluster", "Database", "Collection"].flatMap { level in
            ["ReadOnly", "ReadWrite", "Admin"].map { level + $0 }
        }
    )
}

extension Grant {
    init(_ entity: Milvus_Proto_Milvus_GrantEntity) {
        self.init(
            role: entity.role.name,
            objectType: entity.object.name,
            database: entity.dbName,
            object: entity.objectName,
            privilege: entity.grantor.privilege.name
        )
    }
}
