internal import Operations

/// The transactions of one channel that have begun and not ended.
///
/// A pure value, given messages in the order of their timestamps. The parts of a transaction wait here; its
/// commit hands them out together, a rollback drops them, and so does time: a transaction whose next part does
/// not come within its keepalive is given up by the source as well.
/// Source: `internal/streamingnode/server/wal/utility/txn_buffer.go` of Milvus 2.6.
struct TransactionBuffer: Sendable {
    /// A message and where it stands.
    struct Part: Sendable {
        let content: StreamedMessage.Content
        let offset: Int64
    }

    /// What the end of a transaction comes to.
    enum Ending: Sendable {
        /// Its parts, in the order of their timestamps, and the offset at which it began.
        case committed([Part], beganAt: Int64)
        /// It had ended before: a message that was written twice, or came too late.
        case ended
        /// Its beginning was not read.
        case headless
    }

    /// How many transactions that ended are remembered, so that what comes late is known to be late.
    static let endedMax = 4_096

    private struct Open {
        let offset: Int64
        let keepalive: Int64?
        var last: HybridTimestamp
        var parts: [Part] = []

        /// The tick with which it is given up; nil if never.
        var expiry: HybridTimestamp? {
            guard let keepalive else { return nil }
            let (lead, isTooLong) = UInt64(clamping: keepalive)
                .multipliedReportingOverflow(by: 1 << HybridTimestamp.logicalBits)
            let (sum, isTooLate) = last.rawValue.addingReportingOverflow(lead)
            return isTooLong || isTooLate ? nil : HybridTimestamp(rawValue: sum)
        }
    }

    private var open: [TransactionName: Open] = [:]
    private var ended: Set<TransactionName> = []
    private var endedInOrder: [TransactionName] = []
    /// Bytes of parts that wait.
    private(set) var heldBytes = 0
    /// Transactions that were rolled back or given up.
    private(set) var discardedCount = 0

    /// How many have begun and not ended.
    var openCount: Int { open.count }

    /// Where reading has to resume so that no open transaction is cut; nil if none is open.
    var firstOffset: Int64? { open.values.map(\.offset).min() }

    mutating func begin(
        _ name: TransactionName,
        keepalive: Int64?,
        at timestamp: HybridTimestamp,
        offset: Int64
    ) {
        guard open[name] == nil, ended.contains(name) == false else { return }
        open[name] = Open(offset: offset, keepalive: keepalive, last: timestamp)
    }

    /// Adds a part; one of a transaction that is not open is dropped, as the source drops it.
    mutating func add(_ part: Part, to name: TransactionName, at timestamp: HybridTimestamp) {
        guard open[name] != nil else { return }
        open[name]?.parts.append(part)
        open[name]?.last = timestamp
        heldBytes += part.content.byteCount
    }

    mutating func commit(_ name: TransactionName) -> Ending {
        guard let whole = end(name) else { return ended.contains(name) ? .ended : .headless }
        return .committed(whole.parts, beganAt: whole.offset)
    }

    mutating func rollBack(_ name: TransactionName) {
        if end(name) != nil { discardedCount += 1 }
    }

    /// Gives up what no part came for in time.
    mutating func expire(through tick: HybridTimestamp) {
        for (name, transaction) in open where (transaction.expiry ?? .max) <= tick {
            _ = end(name)
            discardedCount += 1
        }
    }

    private mutating func end(_ name: TransactionName) -> Open? {
        guard let transaction = open.removeValue(forKey: name) else { return nil }
        heldBytes -= transaction.parts.reduce(0) { $0 + $1.content.byteCount }
        ended.insert(name)
        endedInOrder.append(name)
        if endedInOrder.count >= 2 * Self.endedMax {
            for old in endedInOrder.prefix(Self.endedMax) { ended.remove(old) }
            endedInOrder.removeFirst(Self.endedMax)
        }
        return transaction
    }
}
