internal import Operations

/// Puts the messages of one channel into the order of their timestamps, and transactions together.
///
/// A message waits for the first tick at or above its timestamp. A message below a tick that was seen before is
/// one of a writer that had lost the channel; the source drops it, and so does this.
/// Source: `internal/streamingnode/server/wal/utility/reorder_buffer.go` of Milvus 2.6.
struct StreamBuffer: Sendable {
    /// What a tick lets pass.
    struct Event: Sendable {
        enum Kind: Sendable {
            case content(StreamedMessage.Content)
            /// A transaction ended whose beginning was not read.
            case headless(TransactionName)
        }

        let kind: Kind
        /// When it counts from.
        let timestamp: HybridTimestamp
        let offset: Int64
    }

    private struct Place {
        let offset: Int64
        let timestamp: HybridTimestamp
    }

    private var waiting: [(message: StreamedMessage, offset: Int64)] = []
    private var waitingBytes = 0
    private var transactions = TransactionBuffer()
    private var lastTick = HybridTimestamp.zero
    /// What has passed and is not resolved yet, ticks included: the offset where each begins.
    private var unresolved: [Place] = []
    /// For each tick that is not resolved yet, from where everything above it can be read.
    private var confirmations: [Place] = []
    /// The same for the last tick that is resolved.
    private var confirmed: Int64?
    /// Messages that stood below a tick.
    private(set) var violationCount = 0

    /// Bytes of what waits for a tick or for the end of its transaction.
    var heldBytes: Int { waitingBytes + transactions.heldBytes }

    var openTransactions: (count: Int, bytes: Int) {
        (transactions.openCount, transactions.heldBytes)
    }

    var discardedTransactionCount: Int { transactions.discardedCount }

    mutating func take(_ message: StreamedMessage, offset: Int64) {
        guard message.timestamp >= lastTick else {
            violationCount += 1
            return
        }
        waiting.append((message, offset))
        waitingBytes += message.content.byteCount
    }

    /// Takes a tick that stands in the log.
    ///
    /// - Returns: What it lets pass, in the order of timestamps.
    mutating func tick(
        _ message: StreamedMessage,
        offset: Int64,
        after resolved: HybridTimestamp
    ) -> [Event] {
        guard message.timestamp >= lastTick else {
            violationCount += 1
            return []
        }
        let events = pass(through: message.timestamp, after: resolved)
        if message.timestamp > resolved {
            unresolved.append(Place(offset: offset, timestamp: message.timestamp))
            confirmations.append(
                Place(offset: message.lastConfirmed, timestamp: message.timestamp)
            )
        } else {
            confirmed = message.lastConfirmed
        }
        return events
    }

    /// Lets everything up to a timestamp pass: a tick, or what is known from elsewhere to be as good.
    mutating func pass(
        through timestamp: HybridTimestamp,
        after resolved: HybridTimestamp
    ) -> [Event] {
        guard timestamp >= lastTick else { return [] }
        lastTick = timestamp
        var due: [(message: StreamedMessage, offset: Int64)] = []
        var rest: [(message: StreamedMessage, offset: Int64)] = []
        for entry in waiting {
            if entry.message.timestamp <= timestamp {
                due.append(entry)
            } else {
                rest.append(entry)
            }
        }
        waiting = rest
        waitingBytes = rest.reduce(0) { $0 + $1.message.content.byteCount }
        due.sort { ($0.message.timestamp, $0.offset) < ($1.message.timestamp, $1.offset) }
        var events: [Event] = []
        for (message, offset) in due {
            let (passed, begin) = pass(message, offset: offset)
            events += passed
            guard passed.isEmpty == false, message.timestamp > resolved else { continue }
            unresolved.append(Place(offset: begin, timestamp: message.timestamp))
        }
        transactions.expire(through: timestamp)
        return events
    }

    /// - Returns: What comes out, and the offset from which it can be read again.
    private mutating func pass(
        _ message: StreamedMessage,
        offset: Int64
    ) -> (events: [Event], begin: Int64) {
        func event(_ kind: Event.Kind, _ offset: Int64) -> Event {
            Event(kind: kind, timestamp: message.timestamp, offset: offset)
        }
        guard let name = message.transaction else {
            return ([event(.content(message.content), offset)], offset)
        }
        switch message.content {
        case .begin(let keepalive):
            transactions.begin(name, keepalive: keepalive, at: message.timestamp, offset: offset)
        case .commit:
            switch transactions.commit(name) {
            case .committed(let parts, let begin):
                return (parts.map { event(.content($0.content), $0.offset) }, begin)
            case .headless: return ([event(.headless(name), offset)], offset)
            case .ended: break
            }
        case .rollback: transactions.rollBack(name)
        default:
            transactions.add(
                TransactionBuffer.Part(content: message.content, offset: offset),
                to: name,
                at: message.timestamp
            )
        }
        return ([], offset)
    }

    /// Notes that everything up to a timestamp is in the journal.
    mutating func resolve(through timestamp: HybridTimestamp) {
        unresolved.removeAll { $0.timestamp <= timestamp }
        let count = confirmations.prefix { $0.timestamp <= timestamp }.count
        if count > 0 { confirmed = confirmations[count - 1].offset }
        confirmations.removeFirst(count)
    }

    /// Where reading has to resume so that nothing unresolved is missed.
    ///
    /// The source's own answer is what it confirmed with the last resolved tick; ours is the first message that
    /// is not resolved. The lower one counts. Where nothing is open, it is what comes next: a channel may be
    /// silent for longer than its log is kept, and what was confirmed with its last tick is gone by then.
    func resumeOffset(next: Int64) -> Int64 {
        var first = transactions.firstOffset
        for offset in waiting.lazy.map(\.offset) { first = min(offset, first ?? offset) }
        for place in unresolved { first = min(place.offset, first ?? place.offset) }
        guard let first else { return next }
        return min(first, confirmed ?? first)
    }
}
