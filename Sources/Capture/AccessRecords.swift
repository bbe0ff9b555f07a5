package import Operations

/// What a record of users, roles and grants is about.
package enum AccessKey: Hashable, Sendable {
    case user(String)
    case role(String)
    case binding(RoleBinding)
    /// Something that a role has rights on; which ones, other records say.
    case grantee(Grantee)
    /// A right, which belongs to the grantee whose record names the same id.
    case right(id: String, privilege: String)
    case privilegeGroup(String)
}

/// A role and something that it has rights on.
package struct Grantee: Hashable, Sendable {
    package let role: String
    package let objectType: String
    package let database: String
    package let object: String

    package init(role: String, objectType: String, database: String, object: String) {
        self.role = role
        self.objectType = objectType
        self.database = database
        self.object = object
    }
}

/// What a record of users, roles and grants says.
package enum AccessValue: Hashable, Sendable {
    case user(UserDefinition)
    /// It is there, which is all.
    case present
    /// The id that the rights name.
    case grantee(id: String)
    case privilegeGroup(PrivilegeGroup)
}

/// The records of users, roles and grants, and how they differ from what is known.
struct AccessRecords {
    private var values: [AccessKey: AccessValue] = [:]

    /// Takes a record in; nil if it is gone.
    mutating func set(_ value: AccessValue?, for key: AccessKey) { values[key] = value }

    /// What became different, in an order in which it can be carried out: what goes away first, and last made
    /// first gone.
    ///
    /// What goes with a role or a user is not told by itself.
    func changes(from known: AccessDefinitions) -> [AccessChange] {
        var (users, groups): ([String: UserDefinition], [String: PrivilegeGroup]) = ([:], [:])
        var (roles, bindings): (Set<String>, Set<RoleBinding>) = ([], [])
        for (key, value) in values {
            switch (key, value) {
            case (.user(let name), .user(let user)): users[name] = user
            case (.role(let name), _): roles.insert(name)
            case (.binding(let binding), _): bindings.insert(binding)
            case (.privilegeGroup(let name), .privilegeGroup(let group)): groups[name] = group
            default: break
            }
        }
        // What is left of a role or a user that is gone goes in transactions of its own.
        bindings = bindings.filter { roles.contains($0.role) && users[$0.user] != nil }
        let grants = self.grants.filter { roles.contains($0.role) }
        return removals(from: known, users, roles, groups, grants, bindings)
            + additions(to: known, users, roles, groups, grants, bindings)
    }

    /// A grant takes two records; one alone is none.
    private var grants: Set<Grant> {
        var privileges: [String: [String]] = [:]
        for case .right(let id, let privilege) in values.keys {
            privileges[id, default: []].append(privilege)
        }
        var grants: Set<Grant> = []
        for case (.grantee(let grantee), .grantee(let id)) in values {
            for privilege in privileges[id] ?? [] {
                grants.insert(
                    Grant(
                        role: grantee.role,
                        objectType: grantee.objectType,
                        database: grantee.database,
                        object: grantee.object,
                        privilege: privilege
                    )
                )
            }
        }
        return grants
    }

    private func removals(
        from known: AccessDefinitions,
        _ users: [String: UserDefinition],
        _ roles: Set<String>,
        _ groups: [String: PrivilegeGroup],
        _ grants: Set<Grant>,
        _ bindings: Set<RoleBinding>
    ) -> [AccessChange] {
        let goneUsers = Set(known.users.keys).subtracting(users.keys)
        let goneRoles = known.roles.subtracting(roles)
        let unbound = known.bindings.subtracting(bindings).filter {
            !goneUsers.contains($0.user) && !goneRoles.contains($0.role)
        }
        let revoked = known.grants.subtracting(grants).filter { !goneRoles.contains($0.role) }
        let goneGroups = Set(known.privilegeGroups.keys).subtracting(groups.keys)
        return unbound.sorted().map { .unbind($0) }
            + revoked.sorted().map { .revoke($0) }
            + goneRoles.sorted().map { .dropRole($0) }
            + goneGroups.sorted().map { .dropPrivilegeGroup($0) }
            + goneUsers.sorted().map { .dropUser($0) }
    }

    private func additions(
        to known: AccessDefinitions,
        _ users: [String: UserDefinition],
        _ roles: Set<String>,
        _ groups: [String: PrivilegeGroup],
        _ grants: Set<Grant>,
        _ bindings: Set<RoleBinding>
    ) -> [AccessChange] {
        let madeUsers = users.values.sorted { $0.name < $1.name }.compactMap {
            user -> AccessChange? in
            guard let before = known.users[user.name] else { return .createUser(user) }
            return before == user ? nil : .changePassword(user)
        }
        let madeGroups = groups.values.sorted { $0.name < $1.name }
            .filter { known.privilegeGroups[$0.name] != $0 }
        return madeUsers
            + roles.subtracting(known.roles).sorted().map { .createRole($0) }
            + madeGroups.map { .definePrivilegeGroup($0) }
            + grants.subtracting(known.grants).sorted().map { .grant($0) }
            + bindings.subtracting(known.bindings).sorted().map { .bind($0) }
    }
}

extension Gap {
    /// Rows that came into a collection beside the log.
    static func imported(into collection: CollectionID) -> Gap {
        Gap(
            collection: collection,
            shard: nil,
            from: .zero,
            through: .zero,
            reason:
                "rows were imported into it, which the source's log does not hold; a baseline of the"
                + " collection closes the gap",
            isBesideLog: true
        )
    }
}
