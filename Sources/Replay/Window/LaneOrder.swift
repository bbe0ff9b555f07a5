import Operations

/// What of one lane is under way, as far as later steps must wait for it.
///
/// Rows keep order within their shard; everything else keeps order with the whole lane. So a lane is a
/// barrier, and behind it one strand of rows for each shard.
struct LaneOrder {
    /// The newest step of the whole lane.
    var barrier: Step.ID?
    /// By shard, the rows behind the barrier; those that have ended are no longer known.
    var strands: [Int: Strand.ID] = [:]
    /// The last entry of the lane that was sent.
    var reach = SequenceNumber.zero
}
