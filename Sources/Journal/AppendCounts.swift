package import Operations

/// What a writer has made durable since it was opened.
package struct AppendCounts: Hashable, Sendable {
    /// Entries by kind.
    package private(set) var entries: [OperationKind: UInt64] = [:]
    /// Rows and keys that they carry.
    package private(set) var rows: UInt64 = 0
    package private(set) var batches: UInt64 = 0

    init() {}

    /// What one batch adds.
    init(of batch: Batch) {
        batches = 1
        for stamped in batch.operations {
            entries[stamped.operation.kind, default: 0] += 1
            rows += UInt64(stamped.operation.rowCount)
        }
    }

    mutating func add(_ other: AppendCounts) {
        batches += other.batches
        entries.merge(other.entries) { $0 + $1 }
        rows += other.rows
    }
}
