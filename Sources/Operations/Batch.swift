/// An operation and when the source did it.
package struct StampedOperation: Hashable, Sendable {
    package let timestamp: HybridTimestamp
    package let operation: Operation

    package init(timestamp: HybridTimestamp, operation: Operation) {
        self.timestamp = timestamp
        self.operation = operation
    }
}

/// What commits together: every operation after the last resolved timestamp up to this one.
package struct Batch: Sendable {
    /// In journal order: by timestamp, then by rank, channel and offset.
    ///
    /// May be empty.
    package let operations: [StampedOperation]
    /// Where the source stands once this is committed.
    ///
    /// Its resolved timestamp is at or above every operation's.
    package let position: SourcePosition

    package init(operations: [StampedOperation], position: SourcePosition) {
        self.operations = operations
        self.position = position
    }
}

/// One operation as stored.
package struct Entry: Hashable, Sendable {
    package let sequence: SequenceNumber
    package let timestamp: HybridTimestamp
    package let operation: Operation

    package init(sequence: SequenceNumber, timestamp: HybridTimestamp, operation: Operation) {
        self.sequence = sequence
        self.timestamp = timestamp
        self.operation = operation
    }
}
