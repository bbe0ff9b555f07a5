import Operations
import Testing

@testable import Capture

struct RowReleaseTests {
    @Test func `rows come out by timestamp, whatever channel and offset they had`() {
        var release = RowRelease()
        release.add([insert(at: 30, offset: 1), insert(at: 10, offset: 2)], channel: 0)
        release.add([insert(at: 20, offset: 0)], channel: 1)
        #expect(release.ordered().map(\.timestamp.rawValue) == [10, 20, 30])
    }

    @Test func `at one timestamp deletes come before inserts`() {
        var release = RowRelease()
        release.add([insert(at: 5, offset: 1, collection: 1)], channel: 0)
        release.add([delete(at: 5, offset: 9, collection: 2)], channel: 1)
        #expect(release.ordered().map(\.operation.kind) == [.delete, .insert])
    }

    @Test
    func `an insert and a delete of as many keys at one timestamp on one shard are an upsert`() {
        var release = RowRelease()
        release.add(
            [
                insert(at: 5, offset: 1, rows: 2), insert(at: 5, offset: 2, rows: 1),
                delete(at: 5, offset: 3, rows: 3), insert(at: 6, offset: 4),
            ],
            channel: 0
        )
        let items = release.ordered()
        #expect(items.map(\.operation.kind) == [.upsert, .upsert, .insert])
        #expect(items.map(\.operation.rowCount) == [2, 1, 1])
    }

    @Test func `halves that do not match stay what they are`() {
        var release = RowRelease()
        release.add(
            [insert(at: 5, offset: 1, rows: 2), delete(at: 5, offset: 3, rows: 3)],
            channel: 0
        )
        #expect(release.ordered().map(\.operation.kind) == [.delete, .insert])
    }

    @Test func `an upsert on one shard does not touch another shard of the same moment`() {
        var release = RowRelease()
        release.add([insert(at: 5, offset: 1), delete(at: 5, offset: 2)], channel: 0)
        release.add([delete(at: 5, offset: 7, rows: 2)], channel: 1)
        #expect(release.ordered().map(\.operation.kind) == [.delete, .upsert])
    }

    @Test func `a message that a producer wrote twice counts once`() {
        var release = RowRelease()
        release.add(
            [
                insert(at: 5, offset: 1, messageID: 7), insert(at: 5, offset: 2, messageID: 7),
                insert(at: 5, offset: 3, messageID: 0), insert(at: 5, offset: 4, messageID: 0),
            ],
            channel: 0
        )
        #expect(release.ordered().map(\.offset) == [1, 3, 4])
        #expect(release.duplicateCount == 1)
    }
}

func insert(
    at timestamp: UInt64,
    offset: Int64,
    rows: Int = 1,
    collection: Int64 = 1,
    messageID: Int64 = 0
) -> HeldMessage {
    HeldMessage(
        timestamp: HybridTimestamp(rawValue: timestamp),
        messageID: messageID,
        offset: offset,
        operation: .insert(
            Rows(
                collection: CollectionID(rawValue: collection),
                partition: PartitionID(rawValue: 1),
                shard: 0,
                count: rows,
                columns: []
            )
        )
    )
}

func delete(
    at timestamp: UInt64,
    offset: Int64,
    rows: Int = 1,
    collection: Int64 = 1
) -> HeldMessage {
    HeldMessage(
        timestamp: HybridTimestamp(rawValue: timestamp),
        messageID: 0,
        offset: offset,
        operation: .delete(
            DeletedKeys(
                collection: CollectionID(rawValue: collection),
                partition: nil,
                shard: 0,
                count: rows,
                keys: []
            )
        )
    )
}
