package import Operations

/// What an entry asks of the target, before it has its place among other steps.
package struct StepDraft: Sendable {
    package let action: StepAction
    /// Every lane it concerns.
    package let lanes: [Lane]
    /// The shard whose order it keeps; nil for what keeps order with the whole of its lanes.
    package let shard: Int?
    /// The partition rows go to, at the target; nil means any.
    package let partition: String?
    /// The source's id of the collection it concerns.
    package let collection: CollectionID?
    package let rowCount: Int
    package let byteCount: Int

    package init(
        _ action: StepAction,
        lanes: [Lane],
        shard: Int? = nil,
        partition: String? = nil,
        collection: CollectionID? = nil,
        rowCount: Int = 0,
        byteCount: Int = 512
    ) {
        self.action = action
        self.lanes = lanes
        self.shard = shard
        self.partition = partition
        self.collection = collection
        self.rowCount = rowCount
        self.byteCount = byteCount
    }
}

/// A step with its place: one call on the target for one entry, or for several that were merged.
package struct Step: Sendable {
    /// Names a step within its window; later steps have higher ones.
    package struct ID: Hashable, Comparable, Sendable {
        let number: Int

        /// Stands for what is asked of the target before the first step.
        static let beforeAll = ID(number: 0)

        package static func < (left: Self, right: Self) -> Bool { left.number < right.number }
    }

    package let id: ID
    package internal(set) var action: StepAction
    package let lanes: [Lane]
    package let collection: CollectionID?
    /// The entries it carries out, ascending.
    package internal(set) var sequences: [SequenceNumber]
    /// Whether it may have been applied before.
    package let isInDoubt: Bool
    package internal(set) var rowCount: Int
    package internal(set) var byteCount: Int

    /// Whether it adds rows and has never been sent.
    var isPlainInsert: Bool { action.kind == .insert && !isInDoubt }

    /// The first entry it carries out.
    package var first: SequenceNumber { sequences[0] }
    /// The last entry it carries out.
    package var last: SequenceNumber { sequences[sequences.count - 1] }

    /// What joined the action since it was put in order; one call once the step starts.
    var joined: [StepAction] = []
    var isStarted = false
    /// How many earlier steps and strands must end first, and whether its turn must come.
    var waitsFor = 0
    /// Steps that wait for this one.
    var unblocks: [ID] = []

    /// The strand whose order it keeps; nil for what is not rows.
    var strand: Strand.ID?
    /// The step before it in its strand.
    var before: ID?
    /// The step after it in its strand.
    var after: ID?
    /// Whether its turn in its strand has come.
    var hasTurn = false
    /// Whether it got its turn beside steps before it; then it takes no further rows.
    var isBeside = false
    /// The keys of its rows, once they were asked for.
    var keys: RequestKeys?
}
