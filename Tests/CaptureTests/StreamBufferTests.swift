import Operations
import Testing

@testable import Capture

struct StreamBufferTests {
    private let name = TransactionName(channel: "a_1v0", id: 7)

    private func time(_ value: UInt64) -> HybridTimestamp { HybridTimestamp(rawValue: value) }

    private func message(
        _ timestamp: UInt64,
        _ content: StreamedMessage.Content,
        _ transaction: TransactionName? = nil,
        confirmed: Int64 = 0
    ) -> StreamedMessage {
        StreamedMessage(
            timestamp: time(timestamp),
            lastConfirmed: confirmed,
            transaction: transaction,
            content: content
        )
    }

    private func insert(_ count: Int = 1) -> StreamedMessage.Content {
        .insert(
            Rows(
                collection: CollectionID(rawValue: 1),
                partition: PartitionID(rawValue: 1),
                shard: 0,
                count: count,
                columns: [1, 2, 3]
            )
        )
    }

    private func places(_ events: [StreamBuffer.Event]) -> [String] {
        events.map { "\($0.timestamp)@\($0.offset)" }
    }

    @Test func `messages pass with the tick above them, in the order of their timestamps`() {
        var buffer = StreamBuffer()
        buffer.take(message(30, insert()), offset: 0)
        buffer.take(message(15, insert()), offset: 1)
        buffer.take(message(12, insert()), offset: 2)
        #expect(
            places(buffer.tick(message(20, .timeTick), offset: 3, after: .zero))
                == ["12@2", "15@1"]
        )
        #expect(buffer.heldBytes == insert().byteCount)
        #expect(buffer.resumeOffset(next: 4) == 0)
        #expect(
            places(buffer.tick(message(30, .timeTick), offset: 4, after: .zero)) == ["30@0"]
        )
        #expect(buffer.heldBytes == 0)
    }

    @Test func `a message below a tick is dropped and counted`() {
        var buffer = StreamBuffer()
        _ = buffer.tick(message(20, .timeTick), offset: 0, after: .zero)
        buffer.take(message(19, insert()), offset: 1)
        _ = buffer.tick(message(18, .timeTick), offset: 2, after: .zero)
        #expect(buffer.violationCount == 2)
        #expect(buffer.tick(message(30, .timeTick), offset: 3, after: .zero).isEmpty)
    }

    @Test func `a transaction passes whole with its end, and reading resumes at its beginning`() {
        var buffer = StreamBuffer()
        buffer.take(message(10, .begin(keepaliveMilliseconds: nil), name), offset: 5)
        buffer.take(message(11, insert(2), name), offset: 6)
        buffer.take(message(12, insert(), nil), offset: 7)
        #expect(
            places(buffer.tick(message(20, .timeTick), offset: 8, after: .zero)) == ["12@7"]
        )
        buffer.resolve(through: time(20))
        #expect(buffer.openTransactions.count == 1)
        #expect(buffer.resumeOffset(next: 9) == 0, "what the source confirmed with tick 20")
        buffer.take(message(25, .commit, name), offset: 9)
        #expect(
            places(
                buffer.tick(message(30, .timeTick, confirmed: 4), offset: 10, after: time(20))
            ) == ["25@6"]
        )
        #expect(buffer.openTransactions.count == 0 && buffer.openTransactions.bytes == 0)
        #expect(buffer.resumeOffset(next: 11) == 0)
        buffer.resolve(through: time(30))
        #expect(buffer.resumeOffset(next: 11) == 11, "nothing is open")
    }

    @Test func `the lower of what the source confirmed and what is open counts`() {
        var buffer = StreamBuffer()
        _ = buffer.tick(message(20, .timeTick, confirmed: 90), offset: 100, after: .zero)
        buffer.resolve(through: time(20))
        buffer.take(message(25, insert()), offset: 101)
        #expect(buffer.resumeOffset(next: 102) == 90)
        _ = buffer.tick(message(30, .timeTick, confirmed: 102), offset: 102, after: time(20))
        #expect(buffer.resumeOffset(next: 103) == 90)
        buffer.resolve(through: time(25))
        #expect(buffer.resumeOffset(next: 103) == 90, "the tick is to be read again")
    }

    @Test func `what was rolled back or given up leaves nothing`() {
        var buffer = StreamBuffer()
        let other = TransactionName(channel: "b_1v1", id: 7)
        let tick = HybridTimestamp(unixMilliseconds: 100).rawValue
        buffer.take(message(tick, .begin(keepaliveMilliseconds: 10), name), offset: 0)
        buffer.take(message(tick + 1, insert(), name), offset: 1)
        buffer.take(message(tick + 2, .begin(keepaliveMilliseconds: nil), other), offset: 2)
        buffer.take(message(tick + 3, insert(), other), offset: 3)
        buffer.take(message(tick + 4, .rollback, other), offset: 4)
        let later = HybridTimestamp(unixMilliseconds: 110).rawValue
        _ = buffer.tick(message(later, .timeTick), offset: 5, after: .zero)
        #expect(buffer.openTransactions.count == 1)
        _ = buffer.tick(message(later + 1, .timeTick), offset: 6, after: .zero)
        #expect(buffer.openTransactions.count == 0 && buffer.openTransactions.bytes == 0)
        #expect(buffer.discardedTransactionCount == 2)
        buffer.take(message(later + 2, .commit, name), offset: 7)
        buffer.take(message(later + 3, .commit, other), offset: 8)
        #expect(
            buffer.tick(message(later + 9, .timeTick), offset: 9, after: .zero).isEmpty
        )
    }

    @Test func `a commit that was written twice counts once`() {
        var buffer = StreamBuffer()
        buffer.take(message(1, .begin(keepaliveMilliseconds: nil), name), offset: 0)
        buffer.take(message(2, insert(), name), offset: 1)
        buffer.take(message(3, .commit, name), offset: 2)
        buffer.take(message(3, .commit, name), offset: 3)
        #expect(places(buffer.tick(message(9, .timeTick), offset: 4, after: .zero)) == ["3@1"])
    }

    @Test func `the end of a transaction that was never seen to begin is told`() {
        var buffer = StreamBuffer()
        buffer.take(message(2, insert(), name), offset: 1)
        buffer.take(message(3, .commit, name), offset: 2)
        let events = buffer.tick(message(9, .timeTick), offset: 4, after: .zero)
        guard case .headless(name)? = events.first?.kind, events.count == 1 else {
            Issue.record("\(events)")
            return
        }
    }

    @Test func `a keepalive of any length is no trap`() {
        for keepalive in [0, 1, Int64.max, .min] {
            var transactions = TransactionBuffer()
            transactions.begin(name, keepalive: keepalive, at: .max, offset: 0)
            transactions.expire(through: HybridTimestamp(rawValue: .max - 1))
            #expect(transactions.openCount == 1)
        }
    }
}

struct TruncationQueueTests {
    private let id = CollectionID(rawValue: 1)

    private func time(_ value: UInt64) -> HybridTimestamp { HybridTimestamp(rawValue: value) }

    @Test func `time stops before a truncation until every shard told of it`() {
        var queue = TruncationQueue()
        queue.note(id, shard: 0, Broadcast(id: 9), at: time(20))
        let limit = { (queue: TruncationQueue, timestamp: UInt64) in
            queue.limit(HybridTimestamp(rawValue: timestamp)) { _ in 2 }.rawValue
        }
        #expect(limit(queue, 19) == 19)
        #expect(limit(queue, 30) == 19)
        queue.note(id, shard: 1, Broadcast(id: 9), at: time(15))
        #expect(limit(queue, 30) == 30)
        #expect(limit(queue, 18) == 14, "not between the shards")
        #expect(queue.release(through: time(14)).isEmpty)
        let released = queue.release(through: time(30))
        #expect(released.map(\.first.rawValue) == [15])
        #expect(released[0].covers(id, shard: 0, at: time(18)))
        #expect(released[0].covers(id, shard: 0, at: time(21)) == false)
        #expect(released[0].covers(id, shard: 1, at: time(18)) == false)
        #expect(limit(queue, 99) == 99)
    }

    @Test func `a truncation that overlaps another moves the limit before both`() {
        var queue = TruncationQueue()
        queue.note(id, shard: 0, Broadcast(id: 1), at: time(10))
        queue.note(id, shard: 1, Broadcast(id: 1), at: time(30))
        queue.note(id, shard: 0, Broadcast(id: 2), at: time(20))
        queue.note(id, shard: 1, Broadcast(id: 2), at: time(40))
        #expect(queue.limit(time(35)) { _ in 2 }.rawValue == 9)
        #expect(queue.limit(time(40)) { _ in 2 }.rawValue == 40)
    }

    @Test func `a collection that is gone holds nothing up`() {
        var queue = TruncationQueue()
        queue.note(id, shard: 0, Broadcast(id: 1), at: time(10))
        #expect(queue.limit(time(35)) { _ in nil }.rawValue == 35)
    }
}

struct AnnouncementTests {
    private let subject = Announcements.Subject(collection: CollectionID(rawValue: 1))

    private func time(_ milliseconds: Int64) -> HybridTimestamp {
        HybridTimestamp(unixMilliseconds: 1_700_000_000_000 + milliseconds)
    }

    @Test func `time waits for what the log announced, and not for ever`() {
        var announcements = Announcements()
        announcements.note(subject, isThere: true, at: time(100))
        let nothing = Definitions()
        #expect(announcements.limit(time(99), known: nothing) == time(99))
        #expect(announcements.limit(time(200), known: nothing) == time(100).predecessor)
        #expect(announcements.limit(time(3_099), known: nothing) == time(100).predecessor)
        #expect(announcements.limit(time(3_100), known: nothing) == time(3_100))
        announcements.note(subject, isThere: false, at: time(150))
        #expect(announcements.limit(time(200), known: nothing) == time(100).predecessor)
        announcements.forget(through: time(100))
        #expect(announcements.limit(time(200), known: nothing) == time(200), "it is gone already")
    }

    @Test func `a drop without a timestamp of its own takes the one of the log`() {
        var announcements = Announcements()
        announcements.note(subject, isThere: false, at: time(160))
        announcements.note(subject, isThere: false, at: time(150))
        let id = CollectionID(rawValue: 1)
        #expect(announcements.time(of: .dropCollection(id)) == time(150))
        #expect(announcements.time(of: .dropPartition(id, PartitionID(rawValue: 2))) == nil)
        #expect(announcements.time(of: .release(id)) == nil)
    }
}
