package import Operations

/// How rows and keys lie in the bytes of an entry.
///
/// On the way of replication nobody looks into rows. It is needed where an entry is applied late: what later
/// entries have touched is left out of it.
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
package enum RowKey: Hashable, Sendable {
    case number(Int64)
    /// UTF-8.
    case text([UInt8])
}
