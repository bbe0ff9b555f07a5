internal import Operations

/// What of one lane is under way, as far as later steps must wait for it.
///
/// Rows keep order within their shard; everything else keeps order with the whole lane. So a lane is a
/// barrier, and behind it one strand of rows for each shard.
struct LaneOrder {
    /// The newest step of the whole lane.
    var barrier: Step.ID?
    /// By shard, the rows behind the barrier.
    var strands: [Int: Strand] = [:]
    /// The last entry of the lane that was sent.
    var reach = SequenceNumber.zero

    /// What a step of the whole lane waits for.
    var ends: [Step.ID] {
        strands.isEmpty ? [barrier].compactMap(\.self) : strands.values.map(\.end)
    }

    /// The rows of one shard.
    struct Strand {
        /// The newest step.
        var end: Step.ID
        /// Steps that further rows may join, while nothing of another kind came between.
        var open: [JoinKey: Step.ID]
    }

    /// Rows join a step of the same key.
    ///
    /// Plain inserts commute with each other, and deletes do, so these may join an earlier request of their
    /// partition over requests for other partitions. Upserts and inserts in doubt replace rows by key: they
    /// join only the request right before them, which `follows` says.
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
