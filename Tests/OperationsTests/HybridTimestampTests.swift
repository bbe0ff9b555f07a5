import Operations
import Testing

struct HybridTimestampTests {
    @Test func `a timestamp is milliseconds and a counter`() {
        let timestamp = HybridTimestamp(unixMilliseconds: 1_700_000_000_000, logical: 3)
        #expect(timestamp.rawValue == 1_700_000_000_000 << 18 | 3)
        #expect(timestamp.unixMilliseconds == 1_700_000_000_000)
        let end = HybridTimestamp(endOfUnixMilliseconds: 1_700_000_000_000)
        #expect(end > timestamp)
        #expect(end.rawValue + 1 == HybridTimestamp(unixMilliseconds: 1_700_000_000_001).rawValue)
        #expect(HybridTimestamp.zero.predecessor == .zero)
        #expect(timestamp.predecessor < timestamp)
        #expect(HybridTimestamp.max.unixMilliseconds > 0)
    }

    @Test func `ranks put creation before deletes, deletes before inserts, drops last`() {
        let order: [OperationKind] = [
            .createDatabase, .createCollection, .createPartition, .delete, .upsert, .insert, .load,
            .dropPartition, .dropCollection, .dropDatabase,
        ]
        #expect(order.map(\.rank) == order.map(\.rank).sorted())
        #expect(Set(order.map(\.rank)).count == order.count)
    }
}
