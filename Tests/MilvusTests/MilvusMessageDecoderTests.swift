import Capture
import Operations
import TestSupport
import Testing

@testable import Milvus

struct MilvusMessageDecoderTests {
    private let messages: RecordedMessages
    private let decoder = MilvusMessageDecoder()

    init() throws { messages = try RecordedMessages() }

    @Test func `every message of the recorded log decodes to what is expected of it`() throws {
        var counts: [String: Int] = [:]
        for expected in try Expected.lines("expected-wal") {
            let message = try messages.of(expected)
            let name = try #require(expected.text("name"))
            counts[name, default: 0] += 1
            switch try decoder.decode(message) {
            case .timeTick(let tick):
                #expect(name == "TimeTick")
                #expect(Int64(tick.rawValue) == expected.number("ts"))
            case .insert(let rows, let stamp):
                #expect(name == "Insert")
                check(stamp, expected)
                check(rows, expected)
            case .delete(let keys, let stamp):
                #expect(name == "Delete")
                check(stamp, expected)
                try check(keys, expected)
            case .collectionDropped(let id, let timestamp):
                #expect(name == "DropCollection")
                #expect(id.rawValue == expected.number("collection_id"))
                #expect(Int64(timestamp.rawValue) == expected.number("ts"))
            case .ignored(let type): #expect(type == name)
            case .flush: Issue.record("no flush is on a channel of rows")
            case .streamed: Issue.record("no message of 2.3.5 has an envelope")
            }
        }
        #expect(
            counts == [
                "TimeTick": 4885, "Insert": 63, "Delete": 29, "CreateCollection": 21,
                "DropCollection": 6, "DropPartition": 1,
            ]
        )
    }

    @Test func `every message of the side channel is known, and a flush is read`() throws {
        let lines = try Expected.lines("expected-replicate")
        var flushes = 0
        for expected in lines {
            switch try decoder.decode(try messages.of(expected)) {
            case .flush(let database, let collections, let timestamp):
                flushes += 1
                #expect(database == expected.json["message"]?["db_name"]?.text)
                let names = expected.json["message"]?["collection_names"]?.list
                #expect(collections == names?.compactMap(\.text))
                #expect(Int64(timestamp.rawValue) == expected.number("ts"))
            case .ignored(let type): #expect(type == expected.text("name"))
            default: Issue.record("\(expected.json.canonical) is neither flush nor ignored")
            }
        }
        #expect(lines.count == 35)
        #expect(flushes == 3)
    }

    @Test func `columns are a slice of the message, not a copy`() throws {
        let message = try messages.at("by-dev-rootcoord-dml_0@4")
        guard case .insert(let rows, _) = try decoder.decode(message) else {
            Issue.record("not an insert")
            return
        }
        #expect(rows.columns.startIndex > 0)
        let isShared = message.value.withUnsafeBufferPointer { whole in
            rows.columns.withUnsafeBufferPointer { slice in
                slice.baseAddress == whole.baseAddress.map { $0 + rows.columns.startIndex }
            }
        }
        #expect(isShared)
    }

    private func check(_ stamp: MessageStamp, _ expected: Expected) {
        #expect(Int64(stamp.timestamp.rawValue) == expected.list("timestamps").first?.number)
        #expect(stamp.messageID == expected.number("msg_id"))
    }

    private func check(_ rows: Rows, _ expected: Expected) {
        #expect(rows.collection.rawValue == expected.number("collection_id"))
        #expect(rows.partition.rawValue == expected.number("partition_id"))
        #expect(expected.text("vchannel")?.hasSuffix("v\(rows.shard)") == true)
        #expect(Int64(rows.count) == expected.number("rows"))
    }

    private func check(_ keys: DeletedKeys, _ expected: Expected) throws {
        #expect(keys.collection.rawValue == expected.number("collection_id"))
        #expect((keys.partition?.rawValue ?? -1) == expected.number("partition_id"))
        #expect(expected.text("vchannel")?.hasSuffix("v\(keys.shard)") == true)
        #expect(Int64(keys.count) == expected.number("rows"))
        let values = try keys.primaryKeys().map(\.description)
        #expect(values == expected.list("pks").map(\.canonical))
    }
}
