internal import Operations

/// Where to begin with collections that existed before the journal.
///
/// With the collection's first message where the log still has it; else at the source's own checkpoint,
/// with a gap that says which rows are missing.
struct StartPlan {
    /// For each channel the offset of the first message that is wanted.
    private(set) var offsets: [PhysicalChannel: Int64] = [:]
    private(set) var gaps: [Gap] = []

    init() {}

    /// - Parameters:
    ///   - collections: those that are new to the journal.
    ///   - checkpoint: the source's own position on a virtual channel.
    ///   - bounds: what the log holds of each channel, from where the journal goes on.
    ///   - position: where the journal ends.
    /// - Throws: `LogFailure` with code `offsetOutOfRange` where not even the checkpoint is kept, and
    ///   `refused` where the log has none of the channels.
    init(
        collections: [CollectionRecord],
        checkpoint: (VirtualChannel) -> (offset: Int64, HybridTimestamp)?,
        bounds: [PhysicalChannel: OffsetBounds],
        position: SourcePosition = .start
    ) throws {
        let created = collections.filter { $0.state == .created }
        let channels = Set(created.flatMap { $0.virtualChannels.map(\.physical) })
        if let example = channels.min(), channels.allSatisfy({ bounds[$0] == nil }) {
            throw LogFailure(
                code: .refused,
                message: """
                    the brokers have none of the \(channels.count) topics of this source, such as \
                    \(example): its log is not on Kafka, or on another cluster
                    """
            )
        }
        for record in created {
            for (shard, channel) in record.virtualChannels.enumerated() {
                // A channel that was read before the journal learned of the collection: its rows are newer
                // than what is resolved, so none of them lies behind.
                if record.createdAt > position.resolved,
                    let offset = position.offsets[channel.physical]
                {
                    want(channel.physical, from: offset)
                    continue
                }
                try plan(record, shard, channel, checkpoint(channel), bounds[channel.physical])
            }
        }
    }

    private mutating func plan(
        _ record: CollectionRecord,
        _ shard: Int,
        _ channel: VirtualChannel,
        _ checkpoint: (offset: Int64, timestamp: HybridTimestamp)?,
        _ bounds: OffsetBounds?
    ) throws {
        let first = bounds?.first ?? 0
        if let start = record.startOffsets[channel.physical], start >= first {
            want(channel.physical, from: start)
            return
        }
        guard let checkpoint, checkpoint.offset >= first else {
            throw LogFailure(
                code: .offsetOutOfRange(
                    channel.physical,
                    offset: checkpoint?.offset ?? -1,
                    bounds: bounds
                ),
                message: """
                    rows of collection \(record.name) are lost: the log of \(channel.physical) begins at \
                    offset \(first), after the source's own checkpoint \
                    \(checkpoint.map { "\($0.offset)" } ?? "(none)")
                    """
            )
        }
        want(channel.physical, from: checkpoint.offset)
        gaps.append(
            Gap(
                collection: record.id,
                shard: shard,
                from: record.createdAt,
                through: checkpoint.timestamp,
                reason: """
                    the log of \(channel.physical) no longer has the rows that collection \(record.name) \
                    took before; a baseline of the collection closes the gap
                    """
            )
        )
    }

    private mutating func want(_ channel: PhysicalChannel, from offset: Int64) {
        offsets[channel] = min(offset, offsets[channel] ?? offset)
    }
}
