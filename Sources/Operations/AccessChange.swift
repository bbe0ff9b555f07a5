/// A change of who may do what at the source: users, roles, and what ties them together.
///
/// Everything here goes by name: Milvus gives none of it an id.
package enum AccessChange: Hashable, Sendable {
    case createUser(UserDefinition)
    /// The user has another password than before; which one, the source does not tell.
    case changePassword(UserDefinition)
    /// The user's bindings go with it.
    case dropUser(String)
    case createRole(String)
    /// The role's grants and bindings go with it.
    case dropRole(String)
    /// The group as it is from now on, new or changed.
    case definePrivilegeGroup(PrivilegeGroup)
    case dropPrivilegeGroup(String)
    case grant(Grant)
    case revoke(Grant)
    /// A user gets a role.
    case bind(RoleBinding)
    /// A user loses a role.
    case unbind(RoleBinding)

    /// What is done, as users see it.
    package enum Action: String, Hashable, Sendable, Codable, CaseIterable {
        case createUser = "create_user"
        case changePassword = "change_password"
        case dropUser = "drop_user"
        case createRole = "create_role"
        case dropRole = "drop_role"
        case definePrivilegeGroup = "define_privilege_group"
        case dropPrivilegeGroup = "drop_privilege_group"
        case grant
        case revoke
        case bind
        case unbind
    }

    package var action: Action {
        switch self {
        case .createUser: .createUser
        case .changePassword: .changePassword
        case .dropUser: .dropUser
        case .createRole: .createRole
        case .dropRole: .dropRole
        case .definePrivilegeGroup: .definePrivilegeGroup
        case .dropPrivilegeGroup: .dropPrivilegeGroup
        case .grant: .grant
        case .revoke: .revoke
        case .bind: .bind
        case .unbind: .unbind
        }
    }

    /// Whether something goes away.
    package var isRemoval: Bool {
        switch self {
        case .dropUser, .dropRole, .dropPrivilegeGroup, .revoke, .unbind: true
        case .createUser, .changePassword, .createRole, .definePrivilegeGroup, .grant, .bind: false
        }
    }
}

extension AccessChange: CustomStringConvertible {
    /// What is done, in words: `grant Insert on Collection default.songs to the role writer`.
    package var description: String {
        switch self {
        case .createUser(let user): "create the user \(user.name)"
        case .changePassword(let user): "change the password of the user \(user.name)"
        case .dropUser(let name): "drop the user \(name)"
        case .createRole(let name): "create the role \(name)"
        case .dropRole(let name): "drop the role \(name)"
        case .definePrivilegeGroup(let group): "define the privilege group \(group.name)"
        case .dropPrivilegeGroup(let name): "drop the privilege group \(name)"
        case .grant(let grant): "grant \(grant.right) to the role \(grant.role)"
        case .revoke(let grant): "revoke \(grant.right) from the role \(grant.role)"
        case .bind(let binding): "give the user \(binding.user) the role \(binding.role)"
        case .unbind(let binding): "take the role \(binding.role) from the user \(binding.user)"
        }
    }
}

extension AccessChange: Codable {
    private enum Keys: String, CodingKey { case action, user, name, group, grant, binding }

    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Keys.self)
        func name() throws -> String { try fields.decode(String.self, forKey: .name) }
        switch try fields.decode(Action.self, forKey: .action) {
        case .createUser:
            self = .createUser(try fields.decode(UserDefinition.self, forKey: .user))
        case .changePassword:
            self = .changePassword(try fields.decode(UserDefinition.self, forKey: .user))
        case .dropUser: self = .dropUser(try name())
        case .createRole: self = .createRole(try name())
        case .dropRole: self = .dropRole(try name())
        case .definePrivilegeGroup:
            self = .definePrivilegeGroup(try fields.decode(PrivilegeGroup.self, forKey: .group))
        case .dropPrivilegeGroup: self = .dropPrivilegeGroup(try name())
        case .grant: self = .grant(try fields.decode(Grant.self, forKey: .grant))
        case .revoke: self = .revoke(try fields.decode(Grant.self, forKey: .grant))
        case .bind: self = .bind(try fields.decode(RoleBinding.self, forKey: .binding))
        case .unbind: self = .unbind(try fields.decode(RoleBinding.self, forKey: .binding))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: Keys.self)
        try fields.encode(action, forKey: .action)
        switch self {
        case .createUser(let user), .changePassword(let user):
            try fields.encode(user, forKey: .user)
        case .dropUser(let name), .createRole(let name), .dropRole(let name),
            .dropPrivilegeGroup(let name):
            try fields.encode(name, forKey: .name)
        case .definePrivilegeGroup(let group): try fields.encode(group, forKey: .group)
        case .grant(let grant), .revoke(let grant): try fields.encode(grant, forKey: .grant)
        case .bind(let binding), .unbind(let binding):
            try fields.encode(binding, forKey: .binding)
        }
    }
}
