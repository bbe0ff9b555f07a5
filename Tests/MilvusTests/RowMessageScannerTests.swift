import Capture
import FoundationEssentials
import MilvusAPI
import Operations
import SwiftProtobuf
import Testing

@testable import Milvus

struct RowMessageScannerTests {
    private static let channel = "by-dev-rootcoord-dml_3"

    private var insert: Milvus_Proto_Msg_InsertRequest {
        var insert = Milvus_Proto_Msg_InsertRequest()
        insert.base.msgType = .insert
        insert.base.msgID = 11
        insert.shardName = "\(Self.channel)_77v2"
        insert.collectionID = 77
        insert.partitionID = 78
        insert.timestamps = [500, 500]
        insert.fieldsData = ["a", "b"].map { name in
            var column = Milvus_Proto_Schema_FieldData()
            column.fieldName = name
            column.type = .int64
            column.scalars.longData.data = [1, 2]
            return column
        }
        insert.numRows = 2
        insert.version = .columnBased
        return insert
    }

    private var delete: Milvus_Proto_Msg_DeleteRequest {
        var delete = Milvus_Proto_Msg_DeleteRequest()
        delete.base.msgType = .delete
        delete.shardName = "\(Self.channel)_77v10"
        delete.collectionID = 77
        delete.partitionID = -1
        delete.timestamps = [500, 500, 500]
        delete.numRows = 3
        delete.primaryKeys.intID.data = [1, -2, .max]
        return delete
    }

    private func decode(
        _ value: [UInt8],
        headers: [LogMessage.Header] = []
    ) throws -> DecodedMessage {
        try MilvusMessageDecoder().decode(
            LogMessage(
                channel: PhysicalChannel(Self.channel),
                offset: 42,
                value: value,
                headers: headers
            )
        )
    }

    private func rows(_ value: [UInt8]) throws -> Rows? {
        guard case .insert(let rows, _) = try decode(value) else { return nil }
        return rows
    }

    private func keys(_ value: [UInt8]) throws -> DeletedKeys? {
        guard case .delete(let keys, _) = try decode(value) else { return nil }
        return keys
    }

    /// What the decoder says of a message that it refuses.
    private func complaint(_ value: [UInt8], headers: [LogMessage.Header] = []) throws -> String {
        let failure = #expect(throws: LogFailure.self) { try decode(value, headers: headers) }
        #expect(failure?.code == .corrupt)
        return failure?.message ?? ""
    }

    @Test func `an insert is found whole`() throws {
        let rows = try #require(try rows(try insert.serializedBytes()))
        #expect(rows.collection.rawValue == 77)
        #expect(rows.partition.rawValue == 78)
        #expect(rows.shard == 2)
        #expect(rows.count == 2)
        let decoded = try DecodedColumns(rows)
        #expect(decoded.json(row: 1, hasDynamicField: false) == #"{"a":2,"b":2}"#)
    }

    @Test func `the timestamp is that of the rows, not of the header`() throws {
        guard case .insert(_, let stamp) = try decode(try insert.serializedBytes()) else {
            Issue.record("not an insert")
            return
        }
        #expect(stamp == MessageStamp(timestamp: HybridTimestamp(rawValue: 500), messageID: 11))
    }

    @Test func `rows of two timestamps are refused, and the sentence says where`() throws {
        var message = insert
        message.timestamps = [500, 501]
        #expect(
            try complaint(try message.serializedBytes())
                == "The Insert at offset 42 of by-dev-rootcoord-dml_3 cannot be read: its rows have"
                + " different timestamps (500 and 501)."
        )
        message.timestamps = [500, 500, 70_000]
        #expect(try complaint(try message.serializedBytes()).contains("500 and 70000"))
    }

    @Test func `a count that the timestamps do not bear out is refused`() throws {
        var message = insert
        message.numRows = 3
        #expect(try complaint(try message.serializedBytes()).contains("3 rows and 2 timestamps"))
        var other = delete
        other.numRows = 2
        #expect(try complaint(try other.serializedBytes()).contains("2 keys and has 3"))
        other.numRows = 3
        other.timestamps = [500]
        #expect(try complaint(try other.serializedBytes()).contains("3 keys and 1 timestamps"))
    }

    @Test func `timestamps need not be packed, nor written in the shortest way`() throws {
        var message = insert
        message.timestamps = []
        let rest: [UInt8] = try message.serializedBytes()
        #expect(try rows(rest + [0x50, 0xf4, 0x03, 0x50, 0xf4, 0x03])?.count == 2)
        #expect(try rows(rest + [0x52, 5, 0xf4, 0x03, 0xf4, 0x83, 0x00])?.count == 2)
        #expect(try rows(rest + [0x52, 2, 0xf4, 0x03, 0x50, 0xf4, 0x03])?.count == 2)
    }

    @Test func `columns that do not stand together are put together`() throws {
        var message = insert
        let columns = message.fieldsData
        message.fieldsData = [columns[0]]
        let whole: [UInt8] = try message.serializedBytes()
        var second = Milvus_Proto_Msg_InsertRequest()
        second.fieldsData = [columns[1]]
        let found = try #require(try rows(whole + (try second.serializedBytes())))
        var together = Milvus_Proto_Msg_InsertRequest()
        together.fieldsData = columns
        #expect(Array(found.columns) == (try together.serializedBytes()))
    }

    @Test func `an insert of no rows is ignored, one without columns or place refused`() throws {
        var message = insert
        message.timestamps = []
        message.numRows = 0
        guard case .ignored = try decode(try message.serializedBytes()) else {
            Issue.record("not ignored")
            return
        }
        message = insert
        message.fieldsData = []
        #expect(try complaint(try message.serializedBytes()).contains("no columns"))
        message = insert
        message.collectionID = 0
        #expect(try complaint(try message.serializedBytes()).contains("names no collection"))
        message = insert
        message.shardName = ""
        #expect(try complaint(try message.serializedBytes()).contains("names no channel"))
        message = insert
        message.rowData = [Milvus_Proto_Common_Blob()]
        #expect(try complaint(try message.serializedBytes()).contains("not in columns"))
    }

    @Test func `a delete is found whole, and -1 means every partition`() throws {
        let found = try #require(try keys(try delete.serializedBytes()))
        #expect(found.partition == nil)
        #expect(found.shard == 10)
        #expect(found.count == 3)
        #expect(try found.primaryKeys() == [.int64(1), .int64(-2), .int64(.max)])
        var message = delete
        message.partitionID = 78
        message.primaryKeys.strID.data = ["", "b", "\u{e9}"]
        let texts = try #require(try keys(try message.serializedBytes()))
        #expect(texts.partition?.rawValue == 78)
        #expect(try texts.primaryKeys().map(\.description) == [#""""#, #""b""#, #""é""#])
    }

    @Test func `numbers in the old field of a delete become keys like any other`() throws {
        var message = delete
        message.clearPrimaryKeys()
        message.int64PrimaryKeys = [1, -2, .max]
        for count: Int64 in [0, 3] {
            message.numRows = count
            let found = try #require(try keys(try message.serializedBytes()))
            #expect(try found.primaryKeys() == [.int64(1), .int64(-2), .int64(.max)])
            #expect(Array(found.keys) == (try delete.primaryKeys.serializedBytes()))
        }
    }

    @Test func `a delete by expression is refused, not skipped`() throws {
        var message = delete
        message.serializedExprPlan = Data([1])
        #expect(try complaint(try message.serializedBytes()).contains("expression"))
    }

    @Test func `messages that are unknown or have no timestamp are refused`() throws {
        var message = Milvus_Proto_Msg_TimeTickMsg()
        message.base.msgType = .UNRECOGNIZED(4711)
        message.base.timestamp = 9
        #expect(
            try complaint(try message.serializedBytes())
                == "The message of type 4711 at offset 42 of by-dev-rootcoord-dml_3 cannot be read: no"
                + " message of this type is known."
        )
        message.base.msgType = .timeTick
        message.base.timestamp = 0
        #expect(try complaint(try message.serializedBytes()).contains("no timestamp"))
        #expect(try complaint([]).contains("no header"))
    }

    @Test(arguments: [
        ("x_1v0", 0), ("v_1v15", 15), ("by-dev_v1_9v65535", 65535), ("a_1v007", 7),
    ])
    func `the shard is the number behind the last v`(name: String, shard: Int) throws {
        let bytes = Array(name.utf8)
        #expect(try ShardName.shard(0..<bytes.count, bytes.span) == shard)
    }

    @Test(arguments: [
        "", "v", "1", "x_1v", "x_1v-1", "x_1vv", "x_1v1x", "v123456789012345678901234",
    ])
    func `a name without a shard is refused`(name: String) throws {
        let bytes = Array(name.utf8)
        #expect(throws: WireFailure.self) { try ShardName.shard(0..<bytes.count, bytes.span) }
    }
}
