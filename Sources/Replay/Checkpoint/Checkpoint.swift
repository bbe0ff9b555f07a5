package import Operations

/// How far a target is, and what is to be remembered about it.
///
/// Saved as a whole.
package struct Checkpoint: Hashable, Sendable, Codable {
    /// Everything up to this entry is applied, or listed as parked or skipped.
    package var sequence: SequenceNumber
    /// The source timestamp up to which everything is applied, parked lanes aside.
    ///
    /// Rises while the source is idle.
    package var tso: HybridTimestamp
    /// Nothing beyond this entry was ever sent: what lies between `sequence` and here is in doubt after a
    /// crash.
    package var reach: SequenceNumber
    /// Lanes that are known to be further than `sequence`: written around operations that cannot be
    /// repeated once something follows them, such as a rename.
    package var ahead: [LaneProgress]
    /// In lane order.
    package var parked: [ParkedLane]
    package var skipped: [SkippedOperations]
    /// Collections of which nothing is applied any more, each with the reason.
    package var skippedCollections: [SkippedCollection]
    package var gaps: [ReportedGap]
    package var doubt: DoubtCounts
    /// What is left for a person to do, oldest first.
    package var notices: [Notice] = []
    /// Lanes that are behind the others; `sequence`, `tso` and `reach` hold for all.
    package var slow: SlowLanes?

    /// The checkpoint of a target that has everything up to a point, by default nothing.
    package init(at mark: Mark = .start) {
        sequence = mark.sequence
        tso = mark.tso
        reach = mark.sequence
        (ahead, parked, skipped, skippedCollections, gaps) = ([], [], [], [], [])
        doubt = DoubtCounts()
    }

    /// The point it stands for.
    package var mark: Mark { Mark(sequence: sequence, tso: tso) }

    /// Up to which entry everything of a lane is done.
    package func position(of lane: Lane) -> SequenceNumber {
        guard let slow else { return sequence }
        let firsts = slow.lanes.filter { $0.lane.meets(lane) }.map(\.first)
        return firsts.max().map { max(slow.mark.sequence, $0.predecessor) } ?? slow.others.sequence
    }
}

/// A lane that is further than the checkpoint.
package struct LaneProgress: Hashable, Sendable, Codable {
    package let lane: Lane
    /// Everything of the lane up to this entry is applied.
    package let sequence: SequenceNumber

    package init(lane: Lane, sequence: SequenceNumber) {
        self.lane = lane
        self.sequence = sequence
    }
}

/// A lane that waits for a person; the others go on.
package struct ParkedLane: Hashable, Sendable, Codable {
    package let lane: Lane
    /// The first entry of the lane that is not applied.
    package var sequence: SequenceNumber
    /// Nothing of the lane beyond this entry was ever sent.
    package var reach: SequenceNumber
    /// What the target said, as a sentence.
    package var reason: String
    /// What it waits for, as a sentence; nil where that is not known.
    package var needs: String?

    package init(
        lane: Lane,
        sequence: SequenceNumber,
        reach: SequenceNumber,
        reason: String,
        needs: String? = nil
    ) {
        self.lane = lane
        self.sequence = sequence
        self.reach = reach
        self.reason = reason
        self.needs = needs
    }
}

/// Operations that the target cannot hold and that were passed over.
package struct SkippedOperations: Hashable, Sendable, Codable {
    /// The name users see, such as `create_index`.
    package let kind: String
    /// The collection or database on the target; nil where it is not known.
    package let lane: Lane?
    package let reason: String
    /// How many; after a crash some may be counted twice.
    package var count: Int

    package init(kind: String, lane: Lane?, reason: String, count: Int = 1) {
        self.kind = kind
        self.lane = lane
        self.reason = reason
        self.count = count
    }
}

/// A collection of which nothing is applied.
package struct SkippedCollection: Hashable, Sendable, Codable {
    package let collection: CollectionID
    package let lane: Lane?
    package let reason: String

    package init(collection: CollectionID, lane: Lane?, reason: String) {
        self.collection = collection
        self.lane = lane
        self.reason = reason
    }
}

/// History that the journal lacks and that concerns this task.
package struct ReportedGap: Hashable, Sendable, Codable {
    /// The collection on the target; nil means that any may be affected.
    package let lane: Lane?
    package let from: HybridTimestamp
    package let through: HybridTimestamp
    package let reason: String

    package init(
        lane: Lane?,
        from: HybridTimestamp,
        through: HybridTimestamp,
        reason: String
    ) {
        self.lane = lane
        self.from = from
        self.through = through
        self.reason = reason
    }
}

/// What came of inserts that may have been applied before.
package struct DoubtCounts: Hashable, Sendable, Codable {
    /// Requests in doubt.
    package var requests: Int = 0
    /// Rows in them.
    package var rows: Int = 0
    /// Rows the target held of their keys beforehand: they were applied before, or were duplicates at the
    /// source, which are now one row.
    package var rowsHeld: Int = 0
    /// Requests of which the target could not tell what it held.
    package var requestsUntold: Int = 0

    package init() {}

    /// Counts one more request.
    package mutating func add(rows count: Int, held: Int?) {
        requests += 1
        rows += count
        rowsHeld += held ?? 0
        requestsUntold += held == nil ? 1 : 0
    }

    /// Counts what another count holds.
    package mutating func add(_ more: DoubtCounts) {
        requests += more.requests
        rows += more.rows
        rowsHeld += more.rowsHeld
        requestsUntold += more.requestsUntold
    }
}
