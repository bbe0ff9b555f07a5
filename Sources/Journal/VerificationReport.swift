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

    package var identity: JournalIdentity?
    package var segments = 0
    package var frames = 0
    package var batches: UInt64 = 0
    /// How many entries can be read.
    package var entries: UInt64 = 0
    /// How many rows and keys they carry.
    package var rows: UInt64 = 0
    /// Bytes as stored, and before compression.
    package var storedBytes = 0
    package var rawBytes = 0
    package var firstSequence: SequenceNumber?
    package var lastSequence: SequenceNumber?
    package var firstTimestamp: HybridTimestamp?
    package var lastTimestamp: HybridTimestamp?
    /// The resolved timestamp of the last committed batch.
    package var resolved: HybridTimestamp?
    /// Bytes behind the last commit, which no reader sees: a write in progress, or one that was cut short.
    package var uncommittedBytes = 0
    package var damages: [Damage] = []

    /// Whether every acknowledged byte is there.
    package var isSound: Bool { damages.isEmpty }
}

/// Reads a whole journal, checks every byte of it, goes on behind damage, and counts.
///
/// Needs no lock; a writer may be at work meanwhile.
/// - Throws: `JournalError` with code `notFound` if there is no journal, or `io`. Damage is not thrown.
package func verify(
    journalAt directory: String, storage: any Storage = PosixStorage()
) throws -> VerificationReport {
    fatalError("unfinished")
}
