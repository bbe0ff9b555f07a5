internal import FoundationEssentials
internal import MilvusAPI
package import Operations
package import Replay

/// Users, roles, and what they may do.
extension MilvusTarget {
    package func change(
        _ access: AccessChange,
        isInDoubt: Bool
    ) async throws -> NoticeChange? {
        let server = try await connection.server()
        guard !server.unsupported.contains(.rbac) else {
            throw TargetFailure(
                code: .unsupported,
                message: "Cannot \(access): \(server.description) has no users and roles."
            )
        }
        switch access {
        case .createUser(let user): return try await create(user.name, isInDoubt: isInDoubt)
        case .changePassword(let user):
            guard !BuiltInAccess.users.contains(user.name) else { return nil }
            return NoticeChange(adding: .oldPassword(of: user.name))
        case .dropUser(let name): return try await drop(user: name)
        case .createRole(let name): try await create(role: name)
        case .dropRole(let name): try await drop(role: name)
        case .definePrivilegeGroup(let group): try await define(group)
        case .dropPrivilegeGroup(let name): try await drop(group: name)
        case .grant(let grant):
            try await create(role: grant.role)
            try await set(grant, .grant, access)
        case .revoke(let grant):
            guard try await connection.roles().contains(grant.role) else { return nil }
            try await set(grant, .revoke, access)
        case .bind(let binding): return try await bind(binding, isInDoubt: isInDoubt)
        case .unbind(let binding): try await unbind(binding)
        }
        return nil
    }

    package func settle(_ notice: Notice, in access: AccessDefinitions) async throws -> Bool {
        guard let name = passwords.keys.first(where: { notice == .unknownPassword(of: $0) }) else {
            return false
        }
        let held = try await connection.users()[name] ?? []
        let roles = Set(held).union(access.bindings.filter { $0.user == name }.map(\.role))
        // A password that nobody knows cannot be changed; the user is made again with the one that is known.
        _ = try await drop(user: name)
        _ = try await create(name, isInDoubt: false)
        for role in roles.sorted() {
            _ = try await bind(RoleBinding(user: name, role: role), isInDoubt: false)
        }
        return true
    }

    // MARK: Users

    private func create(_ name: String, isInDoubt: Bool) async throws -> NoticeChange? {
        guard !BuiltInAccess.users.contains(name) else { return nil }
        let password = passwords[name]
        let notice = password == nil ? NoticeChange(adding: .unknownPassword(of: name)) : nil
        // One who was there before keeps their password, whoever set it.
        if try await connection.users()[name] != nil { return isInDoubt ? notice : nil }
        var request = Milvus_Proto_Milvus_CreateCredentialRequest()
        request.username = name
        request.password = Data((password ?? Self.randomPassword()).utf8).base64EncodedString()
        try await ensure(
            Method.CreateCredential.descriptor,
            request,
            database: nil,
            doing: "create the user \(name)"
        ) { try await connection.users()[name] != nil }
        return notice
    }

    /// A password that nobody knows: 24 random bytes as text, which every version takes.
    private static func randomPassword() -> String {
        var random = SystemRandomNumberGenerator()
        let bytes = (0..<24).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        return Data(bytes).base64EncodedString()
    }

    private func drop(user name: String) async throws -> NoticeChange? {
        guard !BuiltInAccess.users.contains(name) else { return nil }
        var request = Milvus_Proto_Milvus_DeleteCredentialRequest()
        request.username = name
        try await ensure(
            Method.DeleteCredential.descriptor,
            request,
            database: nil,
            doing: "drop the user \(name)"
        ) { try await connection.users()[name] == nil }
        let settled: [Notice] = [.unknownPassword(of: name), .oldPassword(of: name)]
        return NoticeChange(clearing: settled.map(\.subject))
    }

    // MARK: Roles

    private func create(role name: String) async throws {
        var request = Milvus_Proto_Milvus_CreateRoleRequest()
        request.entity.name = name
        try await ensure(
            Method.CreateRole.descriptor,
            request,
            database: nil,
            doing: "create the role \(name)"
        ) { try await connection.roles().contains(name) }
    }

    private func drop(role name: String) async throws {
        guard !BuiltInAccess.roles.contains(name), try await connection.roles().contains(name)
        else { return }
        // Some servers drop no role that may do something.
        for database in try await connection.databases() + [Grant.all] {
            for grant in try await connection.grants(of: name, in: database) {
                try await set(grant, .revoke, .revoke(grant))
            }
        }
        var request = Milvus_Proto_Milvus_DropRoleRequest()
        request.roleName = name
        request.forceDrop = true
        try await ensure(
            Method.DropRole.descriptor,
            request,
            database: nil,
            doing: "drop the role \(name)"
        ) { try await connection.roles().contains(name) == false }
    }

    private func bind(_ binding: RoleBinding, isInDoubt: Bool) async throws -> NoticeChange? {
        try await create(role: binding.role)
        let notice = try await create(binding.user, isInDoubt: isInDoubt)
        try await set(binding, .addUserToRole, "give the user \(binding.user)", isThere: true)
        return notice
    }

    private func unbind(_ binding: RoleBinding) async throws {
        guard try await connection.users()[binding.user] != nil else { return }
        try await set(
            binding,
            .removeUserFromRole,
            "take from the user \(binding.user)",
            isThere: false
        )
    }

    private func set(
        _ binding: RoleBinding,
        _ type: Milvus_Proto_Milvus_OperateUserRoleType,
        _ doing: String,
        isThere: Bool
    ) async throws {
        var request = Milvus_Proto_Milvus_OperateUserRoleRequest()
        request.username = binding.user
        request.roleName = binding.role
        request.type = type
        try await ensure(
            Method.OperateUserRole.descriptor,
            request,
            database: nil,
            doing: "\(doing) the role \(binding.role)"
        ) { try await connection.users()[binding.user]?.contains(binding.role) == isThere }
    }
}

extension Notice {
    static func unknownPassword(of user: String) -> Notice {
        Notice(
            subject: "user \(user)",
            text:
                "The user \(user) was made on the target with a random password that nobody knows, since the "
                + "source keeps only a hash: write the password under targets.NAME.passwords.\(user) and start "
                + "again, or drop the user there and make it anew."
        )
    }

    static func oldPassword(of user: String) -> Notice {
        Notice(
            subject: "password of \(user)",
            text:
                "The user \(user) got another password at the source, which keeps only a hash of it: change it "
                + "on the target too."
        )
    }
}
