internal import Operations

/// Truncations of collections, which the source does shard by shard, each at a timestamp of its own.
///
/// To the journal a truncation is one operation, at the earliest of these timestamps. Rows of other shards
/// between it and their own were removed by the source as well; they are left out. So that a restart finds
/// the same, the time from the first to the last of these timestamps is resolved at once or not at all.
struct TruncationQueue: Sendable {
    /// A truncation, as far as its shards have told of it.
    struct Truncation: Sendable {
        let collection: CollectionID
        fileprivate(set) var times: [Int: HybridTimestamp] = [:]

        var first: HybridTimestamp { times.values.min() ?? .zero }
        fileprivate var last: HybridTimestamp { times.values.max() ?? .zero }

        /// Whether rows of a shard were removed by it although they are newer than the operation.
        func covers(_ collection: CollectionID, shard: Int, at timestamp: HybridTimestamp) -> Bool {
            guard collection == self.collection, let end = times[shard] else { return false }
            return timestamp > first && timestamp < end
        }
    }

    private var pending: [Broadcast: Truncation] = [:]

    mutating func note(
        _ collection: CollectionID,
        shard: Int,
        _ broadcast: Broadcast,
        at timestamp: HybridTimestamp
    ) {
        var truncation = pending[broadcast] ?? Truncation(collection: collection)
        // The first copy on a shard is the one that the source heeds.
        truncation.times[shard] = min(timestamp, truncation.times[shard] ?? timestamp)
        pending[broadcast] = truncation
    }

    /// The newest timestamp, at most the given one, that cuts no truncation in two.
    ///
    /// `shards` says how many a collection has; nil once it is gone.
    func limit(
        _ timestamp: HybridTimestamp,
        shards: (CollectionID) -> Int?
    ) -> HybridTimestamp {
        var limit = timestamp
        var hasMoved = true
        while hasMoved {
            hasMoved = false
            for truncation in pending.values where truncation.first <= limit {
                let isWhole = truncation.times.count >= shards(truncation.collection) ?? 0
                guard isWhole == false || truncation.last > limit else { continue }
                limit = truncation.first.predecessor
                hasMoved = true
            }
        }
        return limit
    }

    /// Takes out what is at or below the timestamp, in order.
    mutating func release(through timestamp: HybridTimestamp) -> [Truncation] {
        let released = pending.filter { $0.value.first <= timestamp }
        for broadcast in released.keys { pending[broadcast] = nil }
        return released.values.sorted { left, right in
            (left.first, left.collection) < (right.first, right.collection)
        }
    }
}
