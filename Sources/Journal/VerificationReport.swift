package import Operations

/// What a walk over every byte of a journal found.
package struct VerificationReport: Hashable, Sendable {
    /// A range of bytes that is not what was written there.
    package struct Damage: Hashable, Sendable {
        /// The file's name within the journal's directory.
        package let segment: String
        /// From where to where it cannot be read; the end is where reading goes on.
        package let bytes: Range<Int>
        /// The sequence numbers that are lost with it; nil if that cannot be told or none are.
        package let sequences: ClosedRange<SequenceNumber>?
        /// What was seen and what was expected, as a sentence.
        package let reason: String
    }

    /// Which journal it is; nil if no segment's header can be read.
    package var identity: JournalIdentity?
    /// How many segments there are.
    package var segments = 0
    /// How many segments end in a sound footer.
    package var sealed = 0
    /// How many sound frames and whole batches there are.
    package var frames = 0
    package var batches: UInt64 = 0
    /// How many entries can be read.
    package var entries: UInt64 = 0
    /// How many rows and keys they carry.
    package var rows: UInt64 = 0
    /// Bytes as stored, and before compression.
    package var storedBytes = 0
    package var rawBytes = 0
    /// Bytes as stored of the entries alone: without headers, commits, indexes and padding.
    package var entryBytes = 0
    /// The first and last entry that can be read.
    package var firstSequence: SequenceNumber?
    package var lastSequence: SequenceNumber?
    package var firstTimestamp: HybridTimestamp?
    package var lastTimestamp: HybridTimestamp?
    /// The resolved timestamp of the last committed batch.
    package var resolved: HybridTimestamp?
    /// Bytes behind the last commit, which no reader sees: a write in progress, or one that was cut short.
    package var uncommittedBytes = 0
    /// What cannot be read, in journal order.
    package var damages: [Damage] = []

    /// Whether every acknowledged byte is there.
    package var isSound: Bool { damages.isEmpty }
}
