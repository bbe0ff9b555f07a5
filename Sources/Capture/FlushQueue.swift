internal import Operations

/// Flushes that clients asked for, told by a side topic that carries no time ticks.
///
/// They leave in the order they came, at their own timestamp or, where that was resolved before, just
/// after the resolved one.
struct FlushQueue {
    /// A flush that waits.
    struct Pending {
        var timestamp: HybridTimestamp
        let offset: Int64
        let database: String
        let collections: [String]

        /// The operation, with the collections that have the names now; nil if none has.
        func operation(in definitions: Definitions) -> Operation? {
            let ids = collections.compactMap {
                definitions.collection(named: $0, in: database.isEmpty ? "default" : database)
            }
            return ids.isEmpty ? nil : .flush(FlushDefinition(collections: ids))
        }
    }

    /// The topic; nil where the source has none.
    let channel: PhysicalChannel?
    private var pending: [Pending] = []
    private var next: Int64
    private(set) var newestTimestamp = HybridTimestamp.zero

    init(channel: PhysicalChannel?, next: Int64) {
        self.channel = channel
        self.next = next
    }

    /// The offset to read next, were reading to begin again now.
    var resumeOffset: Int64 { pending.first?.offset ?? next }

    mutating func add(_ flush: Pending, after resolved: HybridTimestamp) {
        var flush = flush
        flush.timestamp = max(flush.timestamp, newestTimestamp, resolved.successor)
        newestTimestamp = flush.timestamp
        next = flush.offset + 1
        pending.append(flush)
    }

    mutating func skip(offset: Int64) { next = offset + 1 }

    /// Takes out what is at or below the timestamp.
    mutating func release(through timestamp: HybridTimestamp) -> [Pending] {
        let count = pending.prefix { $0.timestamp <= timestamp }.count
        defer { pending.removeFirst(count) }
        return Array(pending.prefix(count))
    }
}
