import Capture
import FoundationEssentials
import MilvusAPI
import Operations
import SwiftProtobuf
import TestSupport
import Testing

@testable import Milvus

struct MilvusMetadataDecoderTests {
    private let decoder = MilvusMetadataDecoder()

    @Test func `every expected metadata event decodes to what is expected of it`() throws {
        let recording = try Recording.milvus235.get()
        var events: [String: Recording.MetadataEvent] = [:]
        for event in recording.metadataEvents { events["\(event.rev) \(event.key)"] = event }
        let lines = try Expected.lines("expected-etcd")
        var counts: [String: Int] = [:]
        for line in lines {
            let key = try #require(line.text("key"))
            let event = try #require(events["\(line.number("rev") ?? 0) \(key)"])
            let record = try decoder.decode(MetadataRecord(event))
            if let kind = line.text("message") {
                counts[kind, default: 0] += 1
                let value = try #require(record?.value, "\(key)")
                try check(value, kind, line.json["decoded"] ?? .null, event, "\(key)")
            } else {
                counts[record == nil ? "of no concern" : "gone", default: 0] += 1
                #expect(record?.value == nil)
            }
            let stamp = key.contains("/snapshots/") ? key.split(separator: "_ts").last : nil
            #expect(record?.stamp?.description == stamp.map(String.init), "\(key)")
        }
        #expect(lines.count == 415)
        #expect(
            counts == [
                "DatabaseInfo": 8, "CollectionInfo": 70, "FieldSchema": 168, "PartitionInfo": 64,
                "AliasInfo": 8, "FieldIndex": 18, "CollectionLoadInfo": 20, "PartitionLoadInfo": 30,
                "gone": 14, "of no concern": 15,
            ]
        )
    }

    @Test func `every event of the recording decodes`() throws {
        var clocks: [HybridTimestamp] = []
        var offsets = 0
        for event in try Recording.milvus235.get().metadataEvents {
            switch try decoder.decode(MetadataRecord(event))?.value {
            case .clock(let bound): clocks.append(bound)
            case .checkpoint(let offset, let timestamp):
                offsets += offset == nil ? 0 : 1
                #expect((offset == nil) == (timestamp == .max))
            default: break
            }
        }
        #expect(clocks.count > 1 && clocks == clocks.sorted())
        #expect(offsets == 30)
    }

    @Test func `the clock's bound is below what was handed out when it was stored`() throws {
        let keyspace = try Recording.keyspace(.last)
        let pair = try #require(keyspace.pairs.first { $0.key == "by-dev/kv/gid/timestamp" })
        let record = MetadataRecord(key: "kv/gid/timestamp", value: pair.value)
        guard case .clock(let bound)? = try decoder.decode(record)?.value else {
            Issue.record("no clock")
            return
        }
        let last = HybridTimestamp(rawValue: keyspace.tso)
        #expect(bound < last)
        #expect(last.unixMilliseconds - bound.unixMilliseconds < 30_000)
    }

    @Test func `a definition is the schema that its CreateCollection carries`() throws {
        let recording = try Recording.milvus235.get()
        let history = try RecordedHistory(recording)
        var seen: Set<CollectionID> = []
        for message in recording.messages {
            guard
                case .ignored("CreateCollection") = try MilvusMessageDecoder().decode(
                    .init(message)
                )
            else { continue }
            let create = try Milvus_Proto_Msg_CreateCollectionRequest(
                serializedBytes: message.value
            )
            let id = CollectionID(rawValue: create.collectionID)
            seen.insert(id)
            let definition = try history.definition(of: id)
            var expected = try Milvus_Proto_Schema_CollectionSchema(serializedBytes: create.schema)
            expected.name = ""
            expected.fields.removeAll { $0.name == "RowID" || $0.name == "Timestamp" }
            expected.fields.sort { $0.fieldID < $1.fieldID }
            let schema = try Milvus_Proto_Schema_CollectionSchema(
                serializedBytes: definition.schema
            )
            #expect(schema == expected)
            #expect(definition.virtualChannels.map(\.name) == create.virtualChannelNames)
            #expect(
                definition.virtualChannels.map(\.physical.name) == create.physicalChannelNames
            )
            #expect(definition.createdAt.rawValue == create.base.timestamp)
        }
        #expect(seen.count == 14)
    }

    @Test func `a definition has what the client asked for`() throws {
        let recording = try Recording.milvus235.get()
        let history = try RecordedHistory(recording)
        let phase = try #require(recording.manifest.phases.last)
        let state = history.state(at: HybridTimestamp(rawValue: phase.tso))
        for (database, collections) in phase.state {
            for (name, expected) in collections {
                let id = try #require(state.collection(database, name))
                let definition = try history.definition(of: id)
                let key = try #require(expected.fields.first { $0.pk })
                #expect(
                    definition.primaryKey
                        == PrimaryKey(
                            field: key.name,
                            kind: key.type == 5 ? .int64 : .varchar,
                            isAutoID: key.auto
                        )
                )
                #expect(definition.hasDynamicField == expected.dynamic)
                #expect(
                    definition.hasPartitionKey == expected.fields.contains { $0.partition_key }
                )
                #expect(definition.virtualChannels.count == expected.shards)
                let level = Milvus_Proto_Common_ConsistencyLevel(
                    rawValue: Int(definition.consistencyLevel)
                )
                #expect(level.map { "\($0)" } == expected.consistency.lowercased())
                // Milvus 2.3.5 stores altered properties with the next alteration only, so some are missing.
                for property in definition.properties {
                    #expect(expected.properties[property.key] == property.value)
                }
            }
        }
    }

    private func check(
        _ value: MetadataValue,
        _ kind: String,
        _ json: JSONValue,
        _ event: Recording.MetadataEvent,
        _ place: Comment
    ) throws {
        let expected = Expected(json)
        switch (value, kind) {
        case (.database(let database, let state), "DatabaseInfo"):
            #expect(database.name == expected.text("name"), place)
            #expect(database.id.rawValue == expected.number("id"), place)
            #expect(state == .created, place)
        case (.collection(let record), "CollectionInfo"): check(record, expected, place)
        case (.field(let bytes), "FieldSchema"):
            #expect(bytes == event.value, place)
            #expect(try decoder.fieldName(bytes) == expected.text("name"), place)
        case (.partition(let partition, let createdAt, let state), "PartitionInfo"):
            #expect(partition.name == expected.text("partitionName"), place)
            #expect(partition.id.rawValue == expected.number("partitionID"), place)
            #expect(
                Int64(createdAt.rawValue) == expected.number("partition_created_timestamp"),
                place
            )
            #expect(state == DefinitionState(expected.number("state")), place)
        case (.alias(let alias, let state), "AliasInfo"):
            #expect(alias.name == expected.text("alias_name"), place)
            #expect(alias.collection.rawValue == expected.number("collection_id"), place)
            #expect(alias.database.rawValue == expected.number("db_id"), place)
            #expect(state == .created, place)
        case (.index(let index, let createdAt, let isDropped), "FieldIndex"):
            let info = Expected(json["index_info"] ?? .null)
            #expect(index.collection.rawValue == info.number("collectionID"), place)
            #expect(index.fieldID == info.number("fieldID"), place)
            #expect(index.id.rawValue == info.number("indexID"), place)
            #expect(index.name == info.text("index_name"), place)
            #expect(index.parameters == info.properties("user_index_params"), place)
            #expect(Int64(createdAt.rawValue) == expected.number("create_time"), place)
            #expect(isDropped == (json["deleted"] == .bool(true)), place)
        case (.collectionLoad(let load), "CollectionLoadInfo"):
            #expect(load.collection.rawValue == expected.number("collectionID"), place)
            #expect(load.isByPartition == (expected.number("load_type") == 1), place)
            #expect(Int64(load.replicas) == expected.number("replica_number"), place)
        case (.partitionLoad(let id), "PartitionLoadInfo"):
            #expect(id.rawValue == expected.number("partitionID"), place)
        default: Issue.record("\(value) is no \(kind)")
        }
    }

    private func check(_ record: CollectionRecord, _ expected: Expected, _ place: Comment) {
        #expect(record.id.rawValue == expected.number("ID"), place)
        #expect(record.name == expected.json["schema"]?["name"]?.text, place)
        // The default database's id may be left out of the value.
        #expect(record.database.rawValue == (expected.number("db_id") ?? 1), place)
        #expect(record.state == DefinitionState(expected.number("state")), place)
        #expect(
            record.virtualChannels.map(\.name)
                == expected.list("virtual_channel_names").compactMap(\.text),
            place
        )
        #expect(
            record.virtualChannels.map(\.physical.name)
                == expected.list("physical_channel_names").compactMap(\.text),
            place
        )
        #expect(record.startOffsets.count == expected.list("start_positions").count, place)
        for position in expected.list("start_positions") {
            let bytes = [UInt8](Data(base64Encoded: position["data"]?.text ?? "") ?? Data())
            let offset = record.startOffsets[PhysicalChannel(position["key"]?.text ?? "")]
            #expect(offset == bytes.reversed().reduce(0) { $0 << 8 | Int64($1) }, place)
        }
        #expect(Int64(record.consistencyLevel) == expected.number("consistency_level") ?? 0, place)
        #expect(record.properties == expected.properties("properties"), place)
        #expect(Int64(record.createdAt.rawValue) == expected.number("create_time"), place)
    }
}

extension Expected {
    fileprivate func properties(_ name: String) -> [Property] {
        list(name).map { Property(key: $0["key"]?.text ?? "", value: $0["value"]?.text ?? "") }
            .sorted()
    }
}

extension DefinitionState {
    fileprivate init(_ number: Int64?) {
        switch number {
        case 1: self = .creating
        case 2: self = .dropping
        case 3: self = .dropped
        default: self = .created
        }
    }
}
