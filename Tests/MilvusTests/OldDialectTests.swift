import Capture
import FoundationEssentials
import MilvusAPI
import Operations
import SwiftProtobuf
import Testing

@testable import Milvus

/// Messages of Milvus 2.3 to 2.5, made by hand.
enum OldMessages {
    static func insert(
        _ keys: [Int64],
        at timestamp: UInt64,
        id: Int64 = 0
    ) throws -> Milvus_Proto_Msg_InsertRequest {
        var insert = try Milvus_Proto_Msg_InsertRequest(serializedBytes: MadeSource.insert(keys))
        insert.shardName = "a_1v0"
        insert.base.msgID = id
        insert.base.timestamp = 0  // as in the insert of an upsert
        insert.timestamps = keys.map { _ in timestamp }
        return insert
    }

    static func delete(
        _ keys: [Int64],
        at timestamp: UInt64
    ) throws -> Milvus_Proto_Msg_DeleteRequest {
        var delete = try Milvus_Proto_Msg_DeleteRequest(serializedBytes: MadeSource.delete(keys))
        delete.shardName = "a_1v0"
        delete.timestamps = keys.map { _ in timestamp }
        return delete
    }

    static func tick(_ timestamp: UInt64) -> Milvus_Proto_Msg_TimeTickMsg {
        var tick = Milvus_Proto_Msg_TimeTickMsg()
        tick.base.msgType = .timeTick
        tick.base.timestamp = timestamp
        return tick
    }
}

struct OldDialectTests {
    private func decode(_ message: some Message) throws -> DecodedMessage {
        try MilvusMessageDecoder().decode(
            LogMessage(
                channel: PhysicalChannel("a"),
                offset: 42,
                value: try message.serializedBytes()
            )
        )
    }

    @Test(arguments: ["", "music"])
    func `rows are found with a database's name (2.4.19) and without (2.3)`(
        database: String
    ) throws {
        var insert = try OldMessages.insert([1, 2], at: 500)
        insert.dbName = database
        insert.collectionName = "an_alias_or_stale"
        guard case .insert(let rows, let stamp) = try decode(insert) else {
            Issue.record("no insert")
            return
        }
        #expect(rows.collection.rawValue == 1 && rows.count == 2)
        #expect(stamp.timestamp.rawValue == 500, "the rows' own, where the header has none")
    }

    @Test(arguments: [(-1, ""), (10, ""), (10, "p")])
    func `a delete may name a partition by id alone (2.4), or none`(
        partition: Int64,
        name: String
    ) throws {
        var delete = try OldMessages.delete([1], at: 500)
        delete.partitionID = partition
        delete.partitionName = name
        guard case .delete(let keys, _) = try decode(delete) else {
            Issue.record("no delete")
            return
        }
        #expect(keys.partition?.rawValue == (partition == -1 ? nil : partition))
    }

    /// What proxies repeat on the side channel, by the version that began it.
    @Test(arguments: [
        ("2.3.2", [1801, 1802, 106, 107, 300, 302]), ("2.3.6", [205, 206]), ("2.4.0", [304]),
        ("2.4.11", [1804, 1500, 1502, 1503, 1600, 1601, 1602, 1606]),
        ("2.5.12", [111, 115, 112, 108, 109, 110, 1610, 1611, 1613, 1614]),
    ])
    func `requests on the side channel are known, whatever else they hold`(
        version: String,
        types: [Int]
    ) throws {
        for type in types {
            var message = Milvus_Proto_Msg_TimeTickMsg()
            message.base.msgType = .init(rawValue: type) ?? .undefined
            // RBAC and renames have no timestamp; fields of later versions are skipped.
            let bytes = try message.serializedBytes() as [UInt8] + [0xfa, 0x3f, 2, 1, 2]
            let decoded = try MilvusMessageDecoder().decode(
                LogMessage(channel: PhysicalChannel("r"), offset: 1, value: bytes)
            )
            guard case .ignored = decoded else {
                Issue.record("\(version): \(type) is \(decoded)")
                return
            }
        }
    }

    @Test func `the tick of another cluster's clock moves nothing (2.5)`() throws {
        var message = OldMessages.tick(900)
        message.base.msgType = .init(rawValue: 1212) ?? .undefined
        message.base.replicateInfo.isReplicate = true
        message.base.replicateInfo.replicateID = "r1"
        guard case .ignored("Replicate") = try decode(message) else {
            Issue.record("not ignored")
            return
        }
    }

    @Test func `rows with another cluster's timestamps are refused, not lost (2.5)`() throws {
        var insert = try OldMessages.insert([1], at: 500)
        insert.base.replicateInfo.isReplicate = true
        insert.base.replicateInfo.msgTimestamp = 499
        guard case .insert = try decode(insert) else {
            Issue.record("a whole cluster that is replicated has one clock")
            return
        }
        insert.base.replicateInfo.replicateID = "r1"
        guard case .streamed(let streamed) = try decode(insert),
            case .unreadable(.refused, let words) = streamed.content
        else {
            Issue.record("not refused")
            return
        }
        #expect(words.contains("by the replication r1 from another cluster"))
    }

    @Test func `what is gone is a tombstone up to 2.6.14, a deletion from 2.6.15`() throws {
        let decoder = MilvusMetadataDecoder()
        for key in [
            "database/db-info/7", "database/collection-info/1/9", "fields/9/100",
            "struct-array-fields/9/101", "functions/9/100", "partitions/9/90",
            "database/aliases/1/best", "aliases/best", "collection/9",
        ] {
            let place = "meta/root-coord/\(key)"
            let tombstone: [UInt8] = [0xe2, 0x9b, 0xbc]
            let first = try #require(
                try decoder.decode(MetadataRecord(key: place, value: tombstone))
            )
            let second = try #require(try decoder.decode(MetadataRecord(key: place, value: nil)))
            #expect(first.value == nil && second.value == nil && first.key == second.key)
            let copy = "meta/snapshots/root-coord/\(key)_ts500"
            #expect(
                try decoder.decode(MetadataRecord(key: copy, value: tombstone))?.stamp?.rawValue
                    == 500
            )
            #expect(try decoder.decode(MetadataRecord(key: copy, value: nil)) == nil)
        }
    }
}
