package import Operations

/// Which collections: `database.collection`, with `*` for any run of characters in either part.
///
/// A bare name means the database `default`; a bare `*` means everything.
package struct NamePattern: Hashable, Sendable, CustomStringConvertible {
    package let database: String
    package let collection: String

    /// Matches every collection of every database.
    package static let all = NamePattern(database: "*", collection: "*")

    private init(database: String, collection: String) {
        self.database = database
        self.collection = collection
    }

    /// - Throws: `ReplayError` with code `invalid` for an empty part, a second dot, or a character that no
    ///   name has.
    package init(_ text: String) throws {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        switch parts.count {
        case 1 where text == "*": self = .all
        case 1: self.init(database: "default", collection: parts[0])
        case 2: self.init(database: parts[0], collection: parts[1])
        default: throw Self.unclear(text, "has more than one dot")
        }
        guard !database.isEmpty, !collection.isEmpty else {
            throw Self.unclear(text, "has an empty part")
        }
        guard !text.contains(where: { $0.isWhitespace || $0 == "=" || $0 == "," }) else {
            throw Self.unclear(text, "holds a character that no name has")
        }
    }

    package var description: String { "\(database).\(collection)" }

    /// Whether a collection is meant.
    package func matches(_ name: CollectionName) -> Bool {
        Self.glob(database, matches: name.database)
            && Self.glob(collection, matches: name.collection)
    }

    /// Whether any collection of a database can be meant.
    package func touches(database name: String) -> Bool { Self.glob(database, matches: name) }

    /// Whether every collection of a database is meant.
    package func covers(database name: String) -> Bool {
        collection == "*" && Self.glob(database, matches: name)
    }

    private static func unclear(_ text: String, _ why: String) -> ReplayError {
        ReplayError(
            .invalid,
            "“\(text)” \(why).",
            hint: "Write database.collection, with * in either part."
        )
    }

    /// Walks both from the left; after a star that took too little, goes back and lets it take one more.
    private static func glob(_ pattern: String, matches text: String) -> Bool {
        let (pattern, text) = (Array(pattern.utf8), Array(text.utf8))
        let star = UInt8(ascii: "*")
        var (p, t) = (0, 0)
        var retry: (pattern: Int, text: Int)?
        while t < text.count {
            if p < pattern.count, pattern[p] == star {
                retry = (p, t)
                p += 1
            } else if p < pattern.count, pattern[p] == text[t] {
                p += 1
                t += 1
            } else if let back = retry {
                retry = (back.pattern, back.text + 1)
                p = back.pattern + 1
                t = back.text + 1
            } else {
                return false
            }
        }
        return pattern[p...].allSatisfy { $0 == star }
    }
}

extension NamePattern: Codable {
    package init(from decoder: any Decoder) throws {
        try self.init(try decoder.singleValueContainer().decode(String.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
