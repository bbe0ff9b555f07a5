package import Operations

/// How rows and keys lie in the bytes of an entry.
///
/// On the way of replication rows are not decoded. Keys are looked at where an entry is applied late, since what
/// later entries have touched is left out of it, and where two requests of a shard are to be under way at once.
package protocol RowLayout: Sendable {
    /// The keys of rows, in their order.
    ///
    /// - Throws: `CodingFailure`.
    func keys(of rows: Rows, _ definition: CollectionDefinition) throws -> [RowKey]
    /// The keys to delete, in their order.
    ///
    /// - Throws: `CodingFailure`.
    func keys(of deleted: DeletedKeys) throws -> [RowKey]
    /// The rows at some places, ascending, as an entry of their own.
    ///
    /// - Throws: `CodingFailure`.
    func rows(_ rows: Rows, at places: [Int]) throws -> Rows
    /// The keys at some places, ascending, as an entry of their own.
    ///
    /// - Throws: `CodingFailure`.
    func keys(_ deleted: DeletedKeys, at places: [Int]) throws -> DeletedKeys
}

/// A row's primary key: equal exactly where the source takes them for equal.
package enum RowKey: Hashable, Comparable, Sendable {
    case number(Int64)
    /// UTF-8.
    case text([UInt8])

    /// Numbers before texts; texts byte by byte.
    package static func < (left: Self, right: Self) -> Bool {
        switch (left, right) {
        case (.number(let left), .number(let right)): left < right
        case (.text(let left), .text(let right)): left.lexicographicallyPrecedes(right)
        case (.number, .text): true
        case (.text, .number): false
        }
    }
}
