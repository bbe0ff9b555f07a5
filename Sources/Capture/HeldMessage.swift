internal import Operations

/// A row message that waits for its timestamp to be resolved.
struct HeldMessage: Sendable {
    let timestamp: HybridTimestamp
    let messageID: Int64
    let offset: Int64
    let operation: Operation
}

/// What was read of one channel beyond the resolved timestamp.
struct ChannelBuffer: Sendable {
    /// Nothing at or below this will still come.
    var frontier: HybridTimestamp
    /// The offset after the last message that was read.
    private(set) var next: Int64
    private(set) var held: [HeldMessage] = []
    private var heldRowBytes = 0
    /// Offsets and timestamps of what was read and is not resolved yet, ticks included, in offset order.
    private var unresolved: [(offset: Int64, timestamp: HybridTimestamp)] = []
    private var resolvedPrefix = 0
    /// What waits of messages that order themselves; nil until the first of them.
    private var stream: StreamBuffer?
    /// How far the channel is complete once it is read up to an offset, as is known from elsewhere.
    private var claim: (through: HybridTimestamp, end: Int64)?

    /// Bytes of what waits.
    var heldBytes: Int { heldRowBytes + (stream?.heldBytes ?? 0) }

    init(frontier: HybridTimestamp, next: Int64) {
        self.frontier = frontier
        self.next = next
    }

    mutating func tick(_ timestamp: HybridTimestamp, offset: Int64) {
        next = offset + 1
        guard timestamp > frontier else { return }
        frontier = timestamp
        unresolved.append((offset, timestamp))
    }

    mutating func hold(_ message: HeldMessage) {
        next = message.offset + 1
        unresolved.append((message.offset, message.timestamp))
        held.append(message)
        heldRowBytes += message.operation.byteCount
    }

    /// Steps over a message that says nothing.
    mutating func skip(offset: Int64) { next = offset + 1 }

    /// Takes out what is at or below the timestamp, in offset order.
    mutating func release(through timestamp: HybridTimestamp) -> [HeldMessage] {
        while resolvedPrefix < unresolved.count,
            unresolved[resolvedPrefix].timestamp <= timestamp
        {
            resolvedPrefix += 1
        }
        if resolvedPrefix > 64, resolvedPrefix * 2 > unresolved.count {
            unresolved.removeFirst(resolvedPrefix)
            resolvedPrefix = 0
        }
        stream?.resolve(through: timestamp)
        guard held.contains(where: { $0.timestamp <= timestamp }) else { return [] }
        var released: [HeldMessage] = []
        var kept: [HeldMessage] = []
        heldRowBytes = 0
        for message in held {
            if message.timestamp <= timestamp {
                released.append(message)
            } else {
                kept.append(message)
                heldRowBytes += message.operation.byteCount
            }
        }
        held = kept
        return released
    }

    /// Where reading has to resume so that nothing unresolved is missed.
    ///
    /// What is read again between here and the crash is either above the resolved timestamp, and then was
    /// not journalled, or at or below it, and is dropped for that.
    var resumeOffset: Int64 {
        let own = resolvedPrefix < unresolved.count ? unresolved[resolvedPrefix].offset : next
        return stream.map { min(own, $0.resumeOffset(next: next)) } ?? own
    }
}

// Messages that order themselves.
extension ChannelBuffer {
    /// Takes a message in.
    ///
    /// - Returns: What a tick lets pass, in the order of timestamps.
    mutating func receive(
        _ message: StreamedMessage,
        offset: Int64,
        after resolved: HybridTimestamp
    ) -> [StreamBuffer.Event] {
        next = max(next, offset + 1)
        var stream = self.stream ?? StreamBuffer()
        self.stream = nil  // keeps it uniquely referenced while it changes
        defer { self.stream = stream }
        guard case .timeTick = message.content else {
            stream.take(message, offset: offset)
            return []
        }
        frontier = max(frontier, message.timestamp)
        return stream.tick(message, offset: offset, after: resolved)
    }

    /// Holds what a tick let pass; where to resume is known to the stream.
    mutating func hold(passed message: HeldMessage) {
        held.append(message)
        heldRowBytes += message.operation.byteCount
    }

    /// Notes that the channel is complete up to a timestamp, once it is read up to an offset.
    mutating func claim(through timestamp: HybridTimestamp, end: Int64) {
        claim = (timestamp, end)
    }

    /// Carries out the claim if the channel is read as far.
    ///
    /// - Returns: What passes by it.
    mutating func settle(after resolved: HybridTimestamp) -> [StreamBuffer.Event] {
        guard let claim, next >= claim.end else { return [] }
        self.claim = nil
        guard claim.through > frontier else { return [] }
        frontier = claim.through
        return stream?.pass(through: claim.through, after: resolved) ?? []
    }

    /// The transactions that have begun and not ended.
    var openTransactions: (count: Int, bytes: Int) { stream?.openTransactions ?? (0, 0) }

    /// Messages below a tick, and transactions that came to nothing, since reading began.
    var discarded: (violations: Int, transactions: Int) {
        (stream?.violationCount ?? 0, stream?.discardedTransactionCount ?? 0)
    }
}
