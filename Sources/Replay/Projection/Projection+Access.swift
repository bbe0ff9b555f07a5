package import Operations

// Users, roles and grants belong to a whole server. So a replay takes them only if it takes the whole source, apart from
// what is excluded; what is granted on something follows that thing's name.
extension Projection {
    /// Whether users, roles and grants are taken at all.
    package var takesAccess: Bool {
        !leftOut.contains(.rbac) && (include.isEmpty || include.contains(.all))
    }

    /// The change under the target's names; nil if it is not taken.
    package func target(of change: AccessChange) -> AccessChange? {
        guard takesAccess else { return nil }
        return switch change {
        case .grant(let grant): target(of: grant).map(AccessChange.grant)
        case .revoke(let grant): target(of: grant).map(AccessChange.revoke)
        default: change
        }
    }

    /// The grant under the target's names; nil if what it is on is not taken.
    package func target(of grant: Grant) -> Grant? {
        guard takesAccess else { return nil }
        guard grant.database != Grant.all else { return grant }
        guard grant.isAboutCollections, grant.object != Grant.all else {
            return target(ofDatabase: grant.database).map {
                Grant(grant, database: $0.name, object: grant.object)
            }
        }
        return target(of: CollectionName(database: grant.database, collection: grant.object)).map {
            Grant(grant, database: $0.database, object: $0.collection)
        }
    }
}

extension Grant {
    fileprivate init(_ grant: Grant, database: String, object: String) {
        self.init(
            role: grant.role,
            objectType: grant.objectType,
            database: database,
            object: object,
            privilege: grant.privilege
        )
    }
}
