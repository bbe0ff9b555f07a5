package import Operations

/// An entry that the target refuses for good and that the replay went past.
package struct DeadLetter: Hashable, Sendable {
    /// Tells dead letters of one replay apart: an entry may be about several collections.
    package struct ID: Hashable, Sendable {
        package let sequence: SequenceNumber
        package let lane: Lane

        package init(sequence: SequenceNumber, lane: Lane) {
            self.sequence = sequence
            self.lane = lane
        }
    }

    /// The most that a replay lists; a lane whose entry would be one more is parked.
    package static let countMax = 10_000

    package let id: ID
    package let kind: OperationKind
    package let rowCount: Int
    /// What the target said, as a sentence.
    package var reason: String

    package init(id: ID, kind: OperationKind, rowCount: Int, reason: String) {
        self.id = id
        self.kind = kind
        self.rowCount = rowCount
        self.reason = reason
    }
}

/// What becomes of dead letters together with a checkpoint.
package struct DeadLetterChanges: Hashable, Sendable {
    /// Refused, and now passed.
    package var added: [DeadLetter] = []
    /// Tried again, and refused again; those that are no longer listed stay so.
    package var refusedAgain: [DeadLetter] = []
    /// Done with.
    package var removed: [DeadLetter.ID] = []

    package init() {}

    package var isEmpty: Bool { added.isEmpty && refusedAgain.isEmpty && removed.isEmpty }
}
