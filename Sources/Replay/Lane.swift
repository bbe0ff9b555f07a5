package import Operations

/// What keeps an order of its own and can be parked alone: one collection, a whole database, or who may do what.
///
/// Named as on the target. As text, `database.collection`, `database.*` or `@rbac`.
package enum Lane: Hashable, Sendable {
    case collection(CollectionName)
    case database(String)
    /// Users, roles and grants of the whole target.
    case access

    /// The text for users, roles and grants; no database or collection is called so.
    private static let accessText = "@rbac"

    /// The database it is in, or is; nil for what is in none.
    package var database: String? {
        switch self {
        case .collection(let name): name.database
        case .database(let name): name
        case .access: nil
        }
    }

    /// Whether whatever concerns `other` concerns this too.
    package func covers(_ other: Lane) -> Bool {
        if case .database(let name) = self { return name == other.database }
        return self == other
    }

    /// Whether something can concern both.
    func meets(_ other: Lane) -> Bool { covers(other) || other.covers(self) }
}

extension Lane: LosslessStringConvertible {
    package init?(_ text: String) {
        guard text != Lane.accessText else {
            self = .access
            return
        }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard (1...2).contains(parts.count), parts.allSatisfy({ !$0.isEmpty }) else { return nil }
        let database = parts.count == 2 ? parts[0] : "default"
        guard let collection = parts.last, collection != "*" else {
            self = .database(database)
            return
        }
        self = .collection(CollectionName(database: database, collection: collection))
    }

    package var description: String {
        switch self {
        case .collection(let name): name.description
        case .database(let name): "\(name).*"
        case .access: Lane.accessText
        }
    }
}

extension Lane: Comparable {
    package static func < (left: Self, right: Self) -> Bool {
        left.description < right.description
    }
}

extension Lane: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let lane = Lane(text) else {
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription: "“\(text)” is no lane"
            )
        }
        self = lane
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
