import Capture
import FoundationEssentials
import MilvusAPI
import Operations
import SwiftProtobuf
import Testing

@testable import Milvus

/// What Milvus 2.5 and 2.6 added to the metadata.
struct StreamMetadataTests {
    private let decoder = MilvusMetadataDecoder()

    private func field(
        _ id: Int64,
        _ name: String,
        key: Bool = false
    ) throws -> Milvus_Proto_Schema_FieldSchema {
        var field = Milvus_Proto_Schema_FieldSchema()
        field.fieldID = id
        field.name = name
        field.isPrimaryKey = key
        field.dataType = .int64
        return field
    }

    @Test func `a definition has the functions and the fields of records of its collection`() throws
    {
        var source = MadeSource()
        try source.define(1, at: 100, on: ["a"])
        var records = Milvus_Proto_Schema_StructArrayFieldSchema()
        records.fieldID = 101
        records.name = "chunks"
        records.fields = [try field(102, "chunks[text]"), try field(103, "vector")]
        var function = Milvus_Proto_Schema_FunctionSchema()
        function.name = "bm25"
        function.id = 100
        function.outputFieldNames = ["sparse"]
        var index = Milvus_Proto_Index_FieldIndex()
        index.indexInfo.collectionID = 1
        index.indexInfo.fieldID = 103
        index.indexInfo.indexName = "by_vector"
        index.createTime = MadeSource.time(150).rawValue
        source.record([
            ("root-coord/struct-array-fields/1/101", try records.serializedBytes()),
            ("root-coord/functions/1/100", try function.serializedBytes()),
            ("field-index/1/5", try index.serializedBytes()),
        ])
        var definitions = Definitions()
        var parts = CollectionParts()
        var own: CollectionRecord?
        for case .metadata(let change) in source.steps {
            for record in change.records {
                guard let decoded = try decoder.decode(record) else { continue }
                switch (decoded.key, decoded.value) {
                case (.collection, .collection(let record)): own = record
                case (.field(_, let id), .field(let bytes)): parts.fields[id] = bytes
                case (.structField(_, let id), .field(let bytes)): parts.structFields[id] = bytes
                case (.function(_, let id), .field(let bytes)): parts.functions[id] = bytes
                default: break
                }
            }
        }
        let definition = try decoder.definition(of: try #require(own), parts: parts)
        definitions.apply(.createCollection(definition))
        let schema = try Milvus_Proto_Schema_CollectionSchema(serializedBytes: definition.schema)
        #expect(schema.fields.map(\.name) == ["id"])
        #expect(schema.structArrayFields == [records])
        #expect(schema.functions == [function])
        let bytes = try #require(parts.structFields[101])
        #expect(try decoder.fieldName(102, inRecords: bytes) == "chunks[text]")
        #expect(try decoder.fieldName(103, inRecords: bytes) == "chunks[vector]")
        #expect(try decoder.fieldName(104, inRecords: bytes) == nil)
    }

    @Test func `a streaming node's checkpoint tells how far a channel is complete`() throws {
        let key = "meta/streamingnode-meta/wal/by-dev-rootcoord-dml_3/consume-checkpoint"
        let value: [UInt8] = [0x0a, 6, 0x0a, 2, 0x31, 0x7a, 0x10, 3] + [0x10, 0x90, 0x4e]
        let decoded = try #require(try decoder.decode(MetadataRecord(key: key, value: value)))
        #expect(decoded.key == .log(PhysicalChannel("by-dev-rootcoord-dml_3")))
        #expect(decoded.value == .log(HybridTimestamp(rawValue: 10_000)))
        let checkpoint = try LogCheckpoint(value.span)
        #expect(checkpoint.position == "1z" && checkpoint.log == .kafka && checkpoint.isKafka)
        #expect(throws: MetadataFailure.self) {
            try decoder.decode(MetadataRecord(key: key, value: [0x0a, 0xff, 0xff, 1]))
        }
    }

    @Test(arguments: [(1, "RocksMQ"), (2, "Pulsar"), (4, "Woodpecker")] as [(UInt8, String)])
    func `a log that is not Kafka is refused by name`(kind: UInt8, name: String) throws {
        var position = Milvus_Proto_Msg_MsgPosition()
        position.msgID = Data(count: 8)
        let records: [(String, [UInt8])] = [
            (
                "meta/streamingnode-meta/wal/a/consume-checkpoint",
                [0x0a, 5, 0x0a, 1, 0x31, 0x10, kind]
            ),
            (
                "meta/datacoord-meta/channel-cp/a_1v0",
                try position.serializedBytes() + [0x28, kind]
            ),
        ]
        for record in records {
            let failure = #expect(throws: MetadataFailure.self) {
                try decoder.admit(
                    MetadataSnapshot(
                        revision: MetadataRevision(rawValue: 1),
                        records: [
                            MetadataRecord(key: "meta/session/rootcoord", value: []),
                            MetadataRecord(key: record.0, value: record.1),
                        ]
                    )
                )
            }
            #expect(failure?.code == .refused)
            #expect(failure?.message.contains("log is on \(name)") == true)
        }
    }

    @Test func `a position that is no offset tells of another log, before 2.6.9 as well`() throws {
        let bytes: [UInt8] = [0x0a, 6, 0x0a, 4, 0x31, 0x2f, 0x32, 0x33]
        #expect(try LogCheckpoint(bytes.span).isKafka == false)
    }
}
