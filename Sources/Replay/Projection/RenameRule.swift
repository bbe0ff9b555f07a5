package import Operations

/// A name at the source and the name it gets on the target: `a.b=c.d`, or `a.*=c.*` for a whole database.
///
/// A bare name means the database `default`.
package struct RenameRule: Hashable, Sendable, CustomStringConvertible {
    /// One side of a rule; a collection of nil means every one.
    package struct Side: Hashable, Sendable, CustomStringConvertible {
        package let database: String
        package let collection: String?

        package var description: String { "\(database).\(collection ?? "*")" }
    }

    package let from: Side
    package let to: Side

    /// - Throws: `ReplayError` with code `invalid` for anything but the two forms.
    package init(_ text: String) throws {
        let sides = text.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
        guard sides.count == 2 else {
            throw ReplayError(
                .invalid,
                "“\(text)” is no rename.",
                hint: "Write a.b=c.d or a.*=c.*."
            )
        }
        from = try Self.side(sides[0], of: text)
        to = try Self.side(sides[1], of: text)
        guard (from.collection == nil) == (to.collection == nil) else {
            throw ReplayError(
                .invalid,
                "“\(text)” has * on one side only.",
                hint: "Write a.b=c.d or a.*=c.*."
            )
        }
    }

    package var description: String { "\(from)=\(to)" }

    /// The name on the target; nil if the rule is not about this one.
    package func apply(to name: CollectionName) -> CollectionName? {
        guard name.database == from.database else { return nil }
        guard let collection = from.collection else {
            return CollectionName(database: to.database, collection: name.collection)
        }
        guard collection == name.collection, let renamed = to.collection else { return nil }
        return CollectionName(database: to.database, collection: renamed)
    }

    /// The database on the target; nil if the rule does not move this database as a whole.
    package func apply(toDatabase name: String) -> String? {
        from.collection == nil && from.database == name ? to.database : nil
    }

    private static func side(_ text: String, of rule: String) throws -> Side {
        let pattern: NamePattern
        do {
            pattern = try NamePattern(text)
        } catch {
            throw ReplayError(
                .invalid,
                "The rename “\(rule)” cannot be understood.",
                hint: "Write a.b=c.d or a.*=c.*.",
                cause: error
            )
        }
        let isWhole = pattern.collection == "*"
        guard !pattern.database.contains("*"), isWhole || !pattern.collection.contains("*") else {
            throw ReplayError(
                .invalid,
                "“\(rule)” has * where a name must stand.",
                hint: "Write a.b=c.d or a.*=c.*."
            )
        }
        return Side(database: pattern.database, collection: isWhole ? nil : pattern.collection)
    }
}

extension RenameRule: Codable {
    package init(from decoder: any Decoder) throws {
        try self.init(try decoder.singleValueContainer().decode(String.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
