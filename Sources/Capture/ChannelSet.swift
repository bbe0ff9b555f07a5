internal import Operations

/// The channels that are read, and which of them have to tick before a timestamp is resolved.
struct ChannelSet {
    /// Why a channel is needed: a collection, and once it is dropped, until when.
    private struct Use {
        var droppedAt: HybridTimestamp?
        var hasLastMessage = false
    }

    private struct Channel {
        var buffer: ChannelBuffer
        var uses: [CollectionID: Use] = [:]

        /// Whether a row that is still to come could matter.
        var isNeeded: Bool {
            uses.values.contains { use in
                guard let dropped = use.droppedAt else { return true }
                return dropped > buffer.frontier && !use.hasLastMessage
            }
        }
    }

    /// A channel to be read from an offset on.
    struct Start: Equatable {
        let channel: PhysicalChannel
        let offset: Int64
    }

    private var channels: [PhysicalChannel: Channel] = [:]
    /// Messages below a tick, and transactions that came to nothing, on channels that were left.
    private var discardedBefore = (violations: 0, transactions: 0)

    /// The channels that are read, in name order.
    var followed: [PhysicalChannel] { channels.keys.sorted() }

    /// Bytes of rows that wait for their timestamp to be resolved.
    var heldBytes: Int { channels.values.reduce(0) { $0 + $1.buffer.heldBytes } }

    /// The offset to read next of each channel, were reading to begin again now.
    var resumeOffsets: [PhysicalChannel: Int64] { channels.mapValues(\.buffer.resumeOffset) }

    /// The timestamp up to which every needed channel is complete, and the channel that holds the others
    /// back; nil if no channel is needed.
    var complete: (timestamp: HybridTimestamp, slowest: PhysicalChannel)? {
        channels.filter { $0.value.isNeeded }
            .min { ($0.value.buffer.frontier, $0.key) < ($1.value.buffer.frontier, $1.key) }
            .map { ($0.value.buffer.frontier, $0.key) }
    }

    func frontier(of channel: PhysicalChannel) -> HybridTimestamp? {
        channels[channel]?.buffer.frontier
    }

    func heldBytes(of channel: PhysicalChannel) -> Int { channels[channel]?.buffer.heldBytes ?? 0 }

    /// Whether messages of the channel are wanted.
    func contains(_ channel: PhysicalChannel) -> Bool { channels[channel] != nil }

    /// Notes that a collection writes to a channel.
    ///
    /// - Returns: Where to begin reading the channel; nil if it is read already.
    mutating func use(
        _ channel: PhysicalChannel,
        by collection: CollectionID,
        from offset: Int64,
        complete: HybridTimestamp
    ) -> Start? {
        guard channels[channel]?.uses[collection] == nil else { return nil }
        if channels[channel] != nil {
            channels[channel]?.uses[collection] = Use()
            return nil
        }
        channels[channel] = Channel(
            buffer: ChannelBuffer(frontier: complete, next: offset),
            uses: [collection: Use()]
        )
        return Start(channel: channel, offset: offset)
    }

    /// Notes when a collection was dropped; its channels are needed up to then.
    mutating func drop(_ collection: CollectionID, at timestamp: HybridTimestamp) {
        for name in channels.keys where channels[name]?.uses[collection] != nil {
            channels[name]?.uses[collection]?.droppedAt = timestamp
        }
    }

    /// Notes that a creation came to nothing; a collection that was dropped stays until its rows are out.
    mutating func forget(_ collection: CollectionID) {
        for name in channels.keys {
            guard let use = channels[name]?.uses[collection], use.droppedAt == nil else { continue }
            channels[name]?.uses[collection] = nil
        }
    }

    mutating func tick(_ timestamp: HybridTimestamp, on channel: PhysicalChannel, offset: Int64) {
        channels[channel]?.buffer.tick(timestamp, offset: offset)
    }

    mutating func hold(_ message: HeldMessage, on channel: PhysicalChannel) {
        channels[channel]?.buffer.hold(message)
    }

    mutating func skip(offset: Int64, on channel: PhysicalChannel) {
        channels[channel]?.buffer.skip(offset: offset)
    }

    /// Notes the last message of a collection on a channel.
    mutating func finish(
        _ collection: CollectionID,
        on channel: PhysicalChannel,
        offset: Int64
    ) {
        channels[channel]?.buffer.skip(offset: offset)
        channels[channel]?.uses[collection]?.hasLastMessage = true
    }

    /// Takes in a message that orders itself.
    ///
    /// - Returns: What passes by it, in the order of timestamps.
    mutating func receive(
        _ message: StreamedMessage,
        on channel: PhysicalChannel,
        offset: Int64,
        after resolved: HybridTimestamp
    ) -> [StreamBuffer.Event] {
        channels[channel]?.buffer.receive(message, offset: offset, after: resolved) ?? []
    }

    mutating func hold(passed message: HeldMessage, on channel: PhysicalChannel) {
        channels[channel]?.buffer.hold(passed: message)
    }

    /// Notes that the last message of a collection on a channel has passed.
    mutating func finish(_ collection: CollectionID, on channel: PhysicalChannel) {
        channels[channel]?.uses[collection]?.hasLastMessage = true
    }

    /// Notes that a channel is complete up to a timestamp, once it is read up to an offset.
    mutating func claim(
        _ channel: PhysicalChannel,
        through timestamp: HybridTimestamp,
        end: Int64
    ) {
        channels[channel]?.buffer.claim(through: timestamp, end: end)
    }

    /// Carries out what is claimed of a channel, if it is read as far.
    ///
    /// - Returns: What passes by it.
    mutating func settle(
        _ channel: PhysicalChannel,
        after resolved: HybridTimestamp
    ) -> [StreamBuffer.Event] {
        channels[channel]?.buffer.settle(after: resolved) ?? []
    }

    /// The transactions that have begun and not ended.
    var openTransactions: (count: Int, bytes: Int) {
        channels.values.reduce(into: (count: 0, bytes: 0)) { sum, channel in
            let open = channel.buffer.openTransactions
            sum = (sum.count + open.count, sum.bytes + open.bytes)
        }
    }

    /// Messages below a tick, and transactions that came to nothing, since reading began.
    var discarded: (violations: Int, transactions: Int) {
        channels.values.reduce(into: discardedBefore) { sum, channel in
            let discarded = channel.buffer.discarded
            sum = (
                sum.violations + discarded.violations, sum.transactions + discarded.transactions
            )
        }
    }

    /// Takes out what is resolved now, channel by channel in name order, and drops channels that are no
    /// longer needed; those are returned too.
    mutating func release(
        through timestamp: HybridTimestamp
    ) -> (messages: [[HeldMessage]], left: [PhysicalChannel]) {
        var messages: [[HeldMessage]] = []
        var left: [PhysicalChannel] = []
        for name in followed {
            guard var channel = channels[name] else { continue }
            channels[name] = nil  // keeps the buffers uniquely referenced while they are cut
            messages.append(channel.buffer.release(through: timestamp))
            channel.uses = channel.uses.filter { _, use in
                guard let dropped = use.droppedAt else { return true }
                return dropped > timestamp
            }
            if channel.uses.isEmpty {
                let discarded = channel.buffer.discarded
                discardedBefore.violations += discarded.violations
                discardedBefore.transactions += discarded.transactions
                left.append(name)
            } else {
                channels[name] = channel
            }
        }
        return (messages, left)
    }
}
