internal import MilvusAPI
internal import Operations
internal import Replay
internal import SwiftProtobuf

/// Rights of roles, and groups of them.
extension MilvusTarget {
    /// Grants or revokes.
    ///
    /// - Throws: `TargetFailure` with code `unsupported` where the server knows no such right: a privilege or a
    ///   group of another version.
    func set(
        _ grant: Grant,
        _ type: Milvus_Proto_Milvus_OperatePrivilegeType,
        _ access: AccessChange
    ) async throws {
        let isWanted = type == .grant
        func isDone() async throws -> Bool {
            try await connection.grants(of: grant.role, in: grant.database).contains(grant)
                == isWanted
        }
        if try await isDone() { return }
        let doing = "\(access)"
        var failure = try await operate(grant, type, doing).failure(doing)
        if failure != nil, try await connection.server().grantsByName {
            failure = try await operateByName(grant, type, doing).failure(doing)
        }
        guard let failure else { return }
        guard failure.isTransient == false, try await isDone() else {
            guard failure.code == .rejected else { throw failure }
            throw TargetFailure(code: .unsupported, message: failure.message)
        }
    }

    private func operate(
        _ grant: Grant,
        _ type: Milvus_Proto_Milvus_OperatePrivilegeType,
        _ doing: String
    ) async throws -> Milvus_Proto_Common_Status {
        var request = Milvus_Proto_Milvus_OperatePrivilegeRequest()
        request.entity.role.name = grant.role
        request.entity.object.name = grant.objectType
        request.entity.objectName = grant.object
        request.entity.dbName = grant.database
        request.entity.grantor.privilege.name = grant.privilege
        request.type = type
        return try await connection.call(
            Method.OperatePrivilege.descriptor,
            request,
            database: nil,
            namesUser: true,
            doing: doing
        )
    }

    private func operateByName(
        _ grant: Grant,
        _ type: Milvus_Proto_Milvus_OperatePrivilegeType,
        _ doing: String
    ) async throws -> Milvus_Proto_Common_Status {
        var request = Milvus_Proto_Milvus_OperatePrivilegeV2Request()
        request.role.name = grant.role
        request.grantor.privilege.name = grant.privilege
        request.dbName = grant.database
        request.collectionName = grant.object
        request.type = type
        return try await connection.call(
            Method.OperatePrivilegeV2.descriptor,
            request,
            database: nil,
            namesUser: true,
            doing: doing
        )
    }

    // MARK: Groups

    func define(_ group: PrivilegeGroup) async throws {
        let doing = "define the privilege group \(group.name)"
        func found() async throws -> PrivilegeGroup? {
            try await connection.privilegeGroups().first { $0.name == group.name }
        }
        var request = Milvus_Proto_Milvus_CreatePrivilegeGroupRequest()
        request.groupName = group.name
        try await ensure(
            Method.CreatePrivilegeGroup.descriptor,
            request,
            database: nil,
            doing: doing
        ) { try await found() != nil }
        let held = Set(try await found()?.privileges ?? [])
        let added = Set(group.privileges).subtracting(held)
        let removed = held.subtracting(group.privileges)
        try await operate(group.name, added.sorted(), .addPrivilegesToGroup, doing)
        try await operate(group.name, removed.sorted(), .removePrivilegesFromGroup, doing)
    }

    private func operate(
        _ group: String,
        _ privileges: [String],
        _ type: Milvus_Proto_Milvus_OperatePrivilegeGroupType,
        _ doing: String
    ) async throws {
        guard !privileges.isEmpty else { return }
        var request = Milvus_Proto_Milvus_OperatePrivilegeGroupRequest()
        request.groupName = group
        request.privileges = privileges.map { name in .with { $0.name = name } }
        request.type = type
        try await change(
            Method.OperatePrivilegeGroup.descriptor,
            request,
            database: nil,
            doing: doing
        ).check(doing)
    }

    func drop(group name: String) async throws {
        var request = Milvus_Proto_Milvus_DropPrivilegeGroupRequest()
        request.groupName = name
        try await ensure(
            Method.DropPrivilegeGroup.descriptor,
            request,
            database: nil,
            doing: "drop the privilege group \(name)"
        ) { try await connection.privilegeGroups().contains { $0.name == name } == false }
    }
}
