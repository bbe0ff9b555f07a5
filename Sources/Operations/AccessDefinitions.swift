/// A user of the source.
package struct UserDefinition: Hashable, Sendable, Codable {
    package let name: String
    /// Tells one password of the user from the next, and nothing else about it: a short digest of the salted hash
    /// that the source keeps.
    package let passwordMark: UInt64

    package init(name: String, passwordMark: UInt64) {
        self.name = name
        self.passwordMark = passwordMark
    }
}

/// A user's role.
package struct RoleBinding: Hashable, Comparable, Sendable, Codable {
    package let user: String
    package let role: String

    package init(user: String, role: String) {
        self.user = user
        self.role = role
    }

    package static func < (left: Self, right: Self) -> Bool {
        (left.user, left.role) < (right.user, right.role)
    }
}

/// Privileges under one name, as a user of Milvus 2.4.24 or later defines it.
package struct PrivilegeGroup: Hashable, Sendable, Codable {
    package let name: String
    /// As the API names them, ascending.
    package let privileges: [String]

    package init(name: String, privileges: [String]) {
        self.name = name
        self.privileges = privileges.sorted()
    }
}

/// A role's right to do one thing with one object, or with all.
package struct Grant: Hashable, Comparable, Sendable, Codable {
    /// Every object, or every database.
    package static let all = "*"

    package let role: String
    /// `Collection`, `Global` or `User`.
    package let objectType: String
    /// The database that the object is in, by name; `*` where it holds for all.
    package let database: String
    /// A collection's or a user's name; `*` where it holds for all.
    package let object: String
    /// A privilege or a privilege group as the API names it, such as `Insert`; `*` is all.
    package let privilege: String

    package init(
        role: String,
        objectType: String,
        database: String,
        object: String,
        privilege: String
    ) {
        self.role = role
        self.objectType = objectType
        self.database = database
        self.object = object
        self.privilege = privilege
    }

    /// Whether the object is a collection, or all of a database.
    package var isAboutCollections: Bool { objectType == "Collection" }

    /// The privilege and the object, in words.
    package var right: String { "\(privilege) on \(objectType) \(database).\(object)" }

    package static func < (left: Self, right: Self) -> Bool {
        (left.role, left.objectType, left.database, left.object, left.privilege)
            < (right.role, right.objectType, right.database, right.object, right.privilege)
    }
}

/// Who may do what at one point of a journal.
package struct AccessDefinitions: Hashable, Sendable, Codable {
    /// By name.
    package private(set) var users: [String: UserDefinition] = [:]
    package private(set) var roles: Set<String> = []
    /// By name.
    package private(set) var privilegeGroups: [String: PrivilegeGroup] = [:]
    package private(set) var grants: Set<Grant> = []
    package private(set) var bindings: Set<RoleBinding> = []

    package init() {}

    package var isEmpty: Bool { self == AccessDefinitions() }

    /// Takes one change in.
    package mutating func apply(_ change: AccessChange) {
        switch change {
        case .createUser(let user), .changePassword(let user): users[user.name] = user
        case .dropUser(let name):
            users[name] = nil
            bindings = bindings.filter { $0.user != name }
        case .createRole(let name): roles.insert(name)
        case .dropRole(let name):
            roles.remove(name)
            grants = grants.filter { $0.role != name }
            bindings = bindings.filter { $0.role != name }
        case .definePrivilegeGroup(let group): privilegeGroups[group.name] = group
        case .dropPrivilegeGroup(let name): privilegeGroups[name] = nil
        case .grant(let grant): grants.insert(grant)
        case .revoke(let grant): grants.remove(grant)
        case .bind(let binding): bindings.insert(binding)
        case .unbind(let binding): bindings.remove(binding)
        }
    }

    private enum Keys: String, CodingKey { case users, roles, privilegeGroups, grants, bindings }

    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Keys.self)
        let users = try fields.decode([UserDefinition].self, forKey: .users)
        let groups = try fields.decode([PrivilegeGroup].self, forKey: .privilegeGroups)
        self.users = Dictionary(users.map { ($0.name, $0) }, uniquingKeysWith: { _, last in last })
        privilegeGroups = Dictionary(
            groups.map { ($0.name, $0) },
            uniquingKeysWith: { _, last in last }
        )
        roles = Set(try fields.decode([String].self, forKey: .roles))
        grants = Set(try fields.decode([Grant].self, forKey: .grants))
        bindings = Set(try fields.decode([RoleBinding].self, forKey: .bindings))
    }

    /// In the order of names, so that the same definitions make the same bytes.
    package func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: Keys.self)
        try fields.encode(users.values.sorted { $0.name < $1.name }, forKey: .users)
        try fields.encode(roles.sorted(), forKey: .roles)
        try fields.encode(
            privilegeGroups.values.sorted { $0.name < $1.name },
            forKey: .privilegeGroups
        )
        try fields.encode(grants.sorted(), forKey: .grants)
        try fields.encode(bindings.sorted(), forKey: .bindings)
    }
}
