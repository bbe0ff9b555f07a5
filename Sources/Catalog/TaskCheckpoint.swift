package import Operations

/// How far the target of a task is, as the catalog keeps it.
package struct TaskCheckpoint: Hashable, Sendable {
    /// A lane that waits for a person.
    package struct ParkedLane: Hashable, Sendable {
        /// `database.collection` or `database.*`, as named on the target.
        package let lane: String
        /// The first entry of the lane that is not applied.
        package let sequence: SequenceNumber
        /// Nothing of the lane beyond this entry was ever sent.
        package let reach: SequenceNumber
        package let reason: String
        /// What it waits for, as a sentence; empty where it is not known.
        package let needs: String

        package init(
            lane: String,
            sequence: SequenceNumber,
            reach: SequenceNumber,
            reason: String,
            needs: String = ""
        ) {
            self.lane = lane
            self.sequence = sequence
            self.reach = reach
            self.reason = reason
            self.needs = needs
        }
    }

    /// Everything up to this entry is applied, or listed as parked or skipped.
    package let sequence: SequenceNumber
    /// The source timestamp that stands for it.
    package let tso: HybridTimestamp
    /// Nothing beyond this entry was ever sent.
    package let reach: SequenceNumber
    /// In lane order.
    package let parked: [ParkedLane]
    /// A JSON object with what else the replay remembers; the catalog does not look into it.
    package let detail: String

    package init(
        sequence: SequenceNumber,
        tso: HybridTimestamp,
        reach: SequenceNumber,
        parked: [ParkedLane] = [],
        detail: String = "{}"
    ) {
        self.sequence = sequence
        self.tso = tso
        self.reach = reach
        self.parked = parked
        self.detail = detail
    }
}
