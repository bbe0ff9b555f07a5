internal import Operations

/// The rows of one shard of a lane, behind a barrier of it, that have not ended.
///
/// A queue, linked through its steps. Whose turn it is may start; the first of the queue has it, and with it
/// whatever was let go beside those before it.
struct Strand {
    /// Names a strand within its window.
    struct ID: Hashable {
        let number: Int
    }

    /// The oldest step.
    var first: Step.ID
    /// The newest step.
    var last: Step.ID
    /// Steps that further rows may join, while nothing of another kind came between.
    var open: [JoinKey: Step.ID] = [:]
    /// Steps of the lane that wait until the strand has ended.
    var unblocks: [Step.ID] = []
    /// Whether it is to be looked at for a step that may be let go beside others.
    var isListed = false

    /// Rows join a step of the same key.
    ///
    /// Plain inserts commute with each other, and deletes do, so these may join an earlier request of their
    /// partition over requests for other partitions. Upserts and inserts in doubt replace rows by key: they
    /// join only the request right before them, which `commutes` says.
    struct JoinKey: Hashable {
        let kind: OperationKind
        let partition: String?
        let isInDoubt: Bool
        /// Set where only entries of one timestamp may share a request.
        let timestamp: HybridTimestamp?

        /// Whether requests of this key and of another may change places.
        func commutes(with other: JoinKey) -> Bool {
            kind == other.kind && !isInDoubt && !other.isInDoubt
                && (kind == .insert || kind == .delete)
        }
    }
}
