internal import Operations

/// Puts the released messages of all channels into journal order.
///
/// Order is by timestamp, rank (deletes before inserts), channel, offset. An upsert arrives as inserts
/// and a delete of the same keys at one timestamp on one shard, which nothing else can produce: it becomes
/// upserts. A producer's retry writes one message twice: the second is dropped.
struct RowRelease {
    /// A released operation and what orders it.
    struct Item {
        var operation: Operation
        let timestamp: HybridTimestamp
        let channel: Int
        let offset: Int64
    }

    private(set) var items: [Item] = []
    private(set) var duplicateCount = 0
    private var seen: Set<Int64> = []
    private var hasUpsertCandidates = false

    /// Adds what one channel released; channels are added in name order.
    mutating func add(_ messages: [HeldMessage], channel: Int) {
        items.reserveCapacity(items.count + messages.count)
        for message in messages {
            guard message.messageID == 0 || seen.insert(message.messageID).inserted else {
                duplicateCount += 1
                continue
            }
            if message.operation.kind == .delete { hasUpsertCandidates = true }
            items.append(
                Item(
                    operation: message.operation,
                    timestamp: message.timestamp,
                    channel: channel,
                    offset: message.offset
                )
            )
        }
    }

    /// The operations in journal order.
    mutating func ordered() -> [Item] {
        items.sort { left, right in
            if left.timestamp != right.timestamp { return left.timestamp < right.timestamp }
            let ranks = (left.operation.kind.rank, right.operation.kind.rank)
            if ranks.0 != ranks.1 { return ranks.0 < ranks.1 }
            return (left.channel, left.offset) < (right.channel, right.offset)
        }
        return hasUpsertCandidates ? mergingUpserts(items) : items
    }

    /// One shard of one collection at one timestamp.
    private struct Moment: Hashable {
        let collection: CollectionID?
        let channel: Int
    }

    private func mergingUpserts(_ sorted: [Item]) -> [Item] {
        var result: [Item] = []
        result.reserveCapacity(sorted.count)
        var start = 0
        while start < sorted.count {
            var end = start + 1
            while end < sorted.count, sorted[end].timestamp == sorted[start].timestamp { end += 1 }
            result += mergedMoment(sorted[start..<end])
            start = end
        }
        return result
    }

    private func mergedMoment(_ moment: ArraySlice<Item>) -> [Item] {
        guard let first = moment.first, moment.count > 1, first.operation.kind == .delete else {
            return Array(moment)
        }
        var deleted: [Moment: Int] = [:]
        var inserted: [Moment: Int] = [:]
        for item in moment {
            let key = Moment(collection: item.operation.collection, channel: item.channel)
            if item.operation.kind == .delete {
                deleted[key, default: 0] += item.operation.rowCount
            } else {
                inserted[key, default: 0] += item.operation.rowCount
            }
        }
        let upserted = Set(deleted.keys.filter { deleted[$0] == inserted[$0] })
        guard !upserted.isEmpty else { return Array(moment) }
        return moment.compactMap { item in
            let key = Moment(collection: item.operation.collection, channel: item.channel)
            guard upserted.contains(key) else { return item }
            guard case .insert(let rows) = item.operation else { return nil }
            var upsert = item
            upsert.operation = .upsert(rows)
            return upsert
        }
        .sorted { left, right in
            let ranks = (left.operation.kind.rank, right.operation.kind.rank)
            if ranks.0 != ranks.1 { return ranks.0 < ranks.1 }
            return (left.channel, left.offset) < (right.channel, right.offset)
        }
    }
}
