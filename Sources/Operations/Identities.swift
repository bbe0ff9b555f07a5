/// A number that names one thing and is coded as the plain number.
package protocol Identity: RawRepresentable, Hashable, Comparable, Sendable, Codable,
    CustomStringConvertible
where RawValue: FixedWidthInteger & Codable & Sendable {
    init(rawValue: RawValue)
}

extension Identity {
    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

    package var description: String { String(rawValue) }

    package init(from decoder: any Decoder) throws {
        self.init(rawValue: try decoder.singleValueContainer().decode(RawValue.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }
}

/// The place of an entry in a journal: dense, from 1, never reused.
///
/// Zero stands before the first.
package struct SequenceNumber: Identity {
    /// Before the first entry.
    package static let zero = SequenceNumber(rawValue: 0)

    package let rawValue: UInt64

    package init(rawValue: UInt64) { self.rawValue = rawValue }

    /// The sequence number that follows.
    package var next: SequenceNumber { SequenceNumber(rawValue: rawValue + 1) }
}

/// The source's id of a database.
package struct DatabaseID: Identity {
    /// The database `default`, which every Milvus has.
    package static let `default` = DatabaseID(rawValue: 1)

    package let rawValue: Int64

    package init(rawValue: Int64) { self.rawValue = rawValue }
}

/// The source's id of a collection; a dropped and re-created name is two collections.
package struct CollectionID: Identity {
    package let rawValue: Int64

    package init(rawValue: Int64) { self.rawValue = rawValue }
}

/// The source's id of a partition.
package struct PartitionID: Identity {
    package let rawValue: Int64

    package init(rawValue: Int64) { self.rawValue = rawValue }
}

/// The source's id of an index.
package struct IndexID: Identity {
    package let rawValue: Int64

    package init(rawValue: Int64) { self.rawValue = rawValue }
}

/// A revision of the source's metadata store; it grows with every transaction.
package struct MetadataRevision: Identity {
    /// Before the first transaction.
    package static let zero = MetadataRevision(rawValue: 0)

    package let rawValue: Int64

    package init(rawValue: Int64) { self.rawValue = rawValue }
}
