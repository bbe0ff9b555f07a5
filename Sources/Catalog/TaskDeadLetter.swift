package import Operations

/// An entry that the target of a task refuses for good and that the task went past.
package struct TaskDeadLetter: Hashable, Sendable {
    /// Tells dead letters of one task apart.
    package struct ID: Hashable, Sendable {
        package let sequence: SequenceNumber
        /// `database.collection` or `database.*`, as named on the target.
        package let lane: String

        package init(sequence: SequenceNumber, lane: String) {
            self.sequence = sequence
            self.lane = lane
        }
    }

    package let id: ID
    /// The operation's name, such as `insert`.
    package let kind: String
    package let rowCount: Int
    /// What the target said, as a sentence.
    package let reason: String
    /// How often the target refused it; set by the catalog.
    package internal(set) var attempts: Int = 1
    /// Whether a person asked for another attempt, which is still to be made; set by the catalog.
    package internal(set) var isWanted: Bool = false
    /// Milliseconds since 1970; set by the catalog.
    package internal(set) var createdAt: Int64 = 0
    /// Milliseconds since 1970; set by the catalog.
    package internal(set) var updatedAt: Int64 = 0

    package init(id: ID, kind: String, rowCount: Int, reason: String) {
        self.id = id
        self.kind = kind
        self.rowCount = rowCount
        self.reason = reason
    }
}

/// What becomes of dead letters together with a checkpoint.
package struct TaskDeadLetterChanges: Hashable, Sendable {
    /// Refused, and now passed.
    package var added: [TaskDeadLetter]
    /// Tried again, and refused again; those that are no longer listed stay so.
    package var refusedAgain: [TaskDeadLetter]
    /// Done with.
    package var removed: [TaskDeadLetter.ID]

    package init(
        added: [TaskDeadLetter] = [],
        refusedAgain: [TaskDeadLetter] = [],
        removed: [TaskDeadLetter.ID] = []
    ) {
        self.added = added
        self.refusedAgain = refusedAgain
        self.removed = removed
    }
}
