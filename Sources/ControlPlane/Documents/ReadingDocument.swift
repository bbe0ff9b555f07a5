internal import Capture
internal import Operations

/// What the reader of a source holds back and has left out since it began, as JSON.
package struct ReadingDocument: Codable, Hashable, Sendable {
    /// Rows that were read and are not in the journal, since they do not belong there; messages where it says so.
    package struct Discarded: Codable, Hashable, Sendable {
        enum CodingKeys: String, CodingKey {
            case duplicates, truncated
            case alreadyJournalled = "already_journalled"
            case ofDroppedCollections = "of_dropped_collections"
            case ofDroppedPartitions = "of_dropped_partitions"
            case inGaps = "in_gaps"
            case belowTicks = "below_ticks"
            case endedTransactions = "ended_transactions"
        }

        /// Read again after a restart.
        package var alreadyJournalled = 0
        /// Written twice by a producer's retry; messages.
        package var duplicates = 0
        package var ofDroppedCollections = 0
        package var ofDroppedPartitions = 0
        /// Covered by a gap that the journal tells of.
        package var inGaps = 0
        /// Removed by a truncation that was under way.
        package var truncated = 0
        /// Written below a time tick, by a writer that had lost its channel; messages.
        package var belowTicks = 0
        /// Transactions that were rolled back, or that the source gave up.
        package var endedTransactions = 0

        /// Each count by the reason that metrics tell it with.
        var byReason: [(reason: String, count: Int)] {
            [
                ("already_journalled", alreadyJournalled), ("duplicates", duplicates),
                ("of_dropped_collections", ofDroppedCollections),
                ("of_dropped_partitions", ofDroppedPartitions), ("in_gaps", inGaps),
                ("truncated", truncated), ("below_ticks", belowTicks),
                ("ended_transactions", endedTransactions),
            ]
        }
    }

    enum CodingKeys: String, CodingKey {
        case discarded
        case waitingFor = "waiting_for"
        case heldBytes = "held_bytes"
        case openTransactions = "open_transactions"
    }

    /// The channel whose time tick everything else waits for; null where none is behind.
    package var waitingFor: String?
    /// Bytes of rows that wait for their timestamp to be resolved.
    package var heldBytes: Int
    /// Transactions of the source that have begun and not ended.
    package var openTransactions: Int
    package var discarded: Discarded

    package init(
        waitingFor: String?,
        heldBytes: Int,
        openTransactions: Int,
        discarded: Discarded
    ) {
        self.waitingFor = waitingFor
        self.heldBytes = heldBytes
        self.openTransactions = openTransactions
        self.discarded = discarded
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(waitingFor, forKey: .waitingFor)
        try container.encode(heldBytes, forKey: .heldBytes)
        try container.encode(openTransactions, forKey: .openTransactions)
        try container.encode(discarded, forKey: .discarded)
    }
}

extension ReadingDocument {
    init(_ status: ReaderStatus) {
        self.init(
            waitingFor: status.waitingFor?.name,
            heldBytes: status.heldBytes,
            openTransactions: status.openTransactions,
            discarded: Discarded(status.discarded)
        )
    }
}

extension ReadingDocument.Discarded {
    fileprivate init(_ counts: DiscardCounts) {
        alreadyJournalled = counts.alreadyJournalled
        duplicates = counts.duplicates
        ofDroppedCollections = counts.ofDroppedCollections
        ofDroppedPartitions = counts.ofDroppedPartitions
        inGaps = counts.inGaps
        truncated = counts.truncated
        belowTicks = counts.belowTicks
        endedTransactions = counts.endedTransactions
    }
}
