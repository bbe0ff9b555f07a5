import MilvusAPI
import Operations
import SwiftProtobuf
import Testing

@testable import Milvus

struct TargetSchemaTests {
    private let name = CollectionName(database: "d", collection: "renamed")

    private func field(
        _ name: String,
        _ type: Milvus_Proto_Schema_DataType,
        _ parameters: [String: String] = [:],
        change: (inout Milvus_Proto_Schema_FieldSchema) -> Void = { _ in }
    ) -> Milvus_Proto_Schema_FieldSchema {
        var field = Milvus_Proto_Schema_FieldSchema()
        field.fieldID = 107
        field.name = name
        field.dataType = type
        field.typeParams = parameters.map { Property(key: $0, value: $1).pair }
        change(&field)
        return field
    }

    private var source: Milvus_Proto_Schema_CollectionSchema {
        var schema = Milvus_Proto_Schema_CollectionSchema()
        schema.name = "c"
        schema.autoID = true
        schema.fields = [
            field("id", .int64) {
                $0.isPrimaryKey = true
                $0.autoID = true
            },
            field("text", .varChar, ["max_length": "20"]),
            field("vector", .floatVector, ["dim": "4"]),
            field("$meta", .json) { $0.isDynamic = true },
        ]
        return schema
    }

    private func definition(
        _ schema: Milvus_Proto_Schema_CollectionSchema
    ) throws -> CollectionDefinition {
        CollectionDefinition(
            id: CollectionID(rawValue: 1),
            database: .default,
            name: "c",
            schema: try schema.serializedBytes(),
            primaryKey: PrimaryKey(field: "id", kind: .int64, isAutoID: true),
            hasPartitionKey: false,
            hasDynamicField: true,
            virtualChannels: [],
            consistencyLevel: 2,
            properties: [],
            partitions: [],
            createdAt: .zero
        )
    }

    @Test func `ids are zero, keys explicit, and the dynamic field is a flag`() throws {
        let schema = try TargetSchema(definition(source), name: name).schema
        #expect(schema.name == "renamed")
        #expect(schema.enableDynamicField)
        #expect(schema.fields.map(\.name) == ["id", "text", "vector"])
        #expect(schema.fields.allSatisfy { $0.fieldID == 0 && $0.autoID == false })
        #expect(schema.fields[0].isPrimaryKey)
    }

    @Test func `the shape that a server shows equals the one that was asked for`() throws {
        let wanted = try TargetSchema(definition(source), name: name).shape
        var shown = source
        shown.autoID = false
        shown.fields[0].autoID = false
        shown.fields.removeLast()
        shown.enableDynamicField = true
        shown.fields.reverse()
        #expect(wanted.differences(from: CollectionShape(shown)) == [])
    }

    @Test func `each difference of shape is told`() throws {
        let wanted = try TargetSchema(definition(source), name: name).shape
        func told(_ change: (inout Milvus_Proto_Schema_CollectionSchema) -> Void) -> [String] {
            var shown = source
            shown.autoID = false
            shown.fields[0].autoID = false
            change(&shown)
            return wanted.differences(from: CollectionShape(shown))
        }
        #expect(told { $0.fields.remove(at: 1) } == ["it has no field text, which is a varChar"])
        #expect(
            told { $0.fields.append(field("x", .bool)) } == [
                "it has the field x too, which is a bool"
            ]
        )
        #expect(told { $0.fields.removeLast() } == ["it has no dynamic field"])
        #expect(told { $0.fields[0].autoID = true } == ["its field id is made by the server"])
        #expect(told { $0.fields[1].dataType = .bool } == ["its field text is bool, not varChar"])
        #expect(
            told { $0.fields[2].typeParams[0].value = "8" } == ["its field vector has dim 8, not 4"]
        )
        #expect(
            told { $0.fields[1].isPartitionKey = true } == ["its field text is the partition key"]
        )
    }

    @Test func `properties are changed by what differs`() {
        let old = [Property(key: "a", value: "1"), Property(key: "b", value: "2")]
        let new = [Property(key: "a", value: "1"), Property(key: "c", value: "3")]
        let change = PropertyChange(from: old, to: new)
        #expect(change.added == [Property(key: "c", value: "3")])
        #expect(change.removed == ["b"])
        #expect(PropertyChange(from: old, to: old.reversed()).isEmpty)
    }

    @Test func `index parameters are equal in every form that servers give them`() {
        let asked = IndexParameters([
            Property(key: "index_type", value: "IVF_FLAT"),
            Property(key: "metric_type", value: "L2"),
            Property(key: "params", value: "{\"nlist\": 16, \"x\":\"y\"}"),
        ])
        let flat = IndexParameters([
            Property(key: "index_type", value: "IVF_FLAT"),
            Property(key: "metric_type", value: "L2"),
            Property(key: "nlist", value: "16"), Property(key: "x", value: "y"),
        ])
        #expect(asked.differences(from: flat) == [])
        let other = IndexParameters([
            Property(key: "index_type", value: "IVF_FLAT"),
            Property(key: "metric_type", value: "L2"),
            Property(key: "params", value: "{\"nlist\":17}"),
        ])
        #expect(
            asked.differences(from: other) == ["its nlist is 17, not 16", "its x is unset, not y"]
        )
    }
}
