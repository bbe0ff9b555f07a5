package import Operations

/// What one read of a journal yields: entries of one frame, all of one committed batch.
package struct JournalPiece: Sendable {
    /// In sequence order; empty for a batch that only moved the resolved timestamp.
    package let entries: [Entry]
    /// The head as its batch left it, if this is the last piece of the batch.
    package let commit: JournalHead?
}

/// One file of a journal.
package struct SegmentSummary: Hashable, Sendable {
    /// The file's name within the journal's directory.
    package let name: String
    /// What tells it from every other segment.
    package let id: JournalID
    /// Its place among the segments, from 1.
    package let ordinal: UInt64
    /// The sequence number its first entry has, or would have.
    package let firstSequence: SequenceNumber
    /// The last committed entry in it; `firstSequence - 1` if there is none.
    package let lastSequence: SequenceNumber
    /// Everything up to here is in earlier segments.
    package let resolvedBefore: HybridTimestamp
    /// Everything up to here is in this segment or earlier ones.
    package let resolved: HybridTimestamp
    /// The committed bytes, header included.
    package let committedBytes: Int
    /// What the file takes, its footer included.
    package let fileBytes: Int
    /// When it was begun, in milliseconds since 1970.
    package let createdUnixMilliseconds: Int64
}
