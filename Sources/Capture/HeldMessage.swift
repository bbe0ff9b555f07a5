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
    private(set) var heldBytes = 0
    /// Offsets and timestamps of what was read and is not resolved yet, ticks included, in offset order.
    private var unresolved: [(offset: Int64, timestamp: HybridTimestamp)] = []
    private var resolvedPrefix = 0

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
        heldBytes += message.operation.byteCount
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
        guard held.contains(where: { $0.timestamp <= timestamp }) else { return [] }
        var released: [HeldMessage] = []
        var kept: [HeldMessage] = []
        heldBytes = 0
        for message in held {
            if message.timestamp <= timestamp {
                released.append(message)
            } else {
                kept.append(message)
                heldBytes += message.operation.byteCount
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
        resolvedPrefix < unresolved.count ? unresolved[resolvedPrefix].offset : next
    }
}
