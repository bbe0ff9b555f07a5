import MilvusAPI
import Testing

@testable import Milvus

/// What of a collection that is there differs from the one that is wanted is told field by field.
struct CollectionShapeTests {
    private typealias Schema = Milvus_Proto_Schema_CollectionSchema
    private typealias Field = Milvus_Proto_Schema_FieldSchema

    private func field(
        _ name: String,
        _ type: Milvus_Proto_Schema_DataType,
        _ parameters: [String: String] = [:],
        _ change: (inout Field) -> Void = { _ in }
    ) -> Field {
        var field = Field()
        field.name = name
        field.dataType = type
        field.typeParams = parameters.sorted { $0.key < $1.key }.map { key, value in
            var pair = Milvus_Proto_Common_KeyValuePair()
            (pair.key, pair.value) = (key, value)
            return pair
        }
        change(&field)
        return field
    }

    /// The schema that is wanted, changed.
    private func schema(_ change: (inout Schema) -> Void = { _ in }) -> Schema {
        var schema = Schema()
        schema.fields = [
            field("id", .int64) { $0.isPrimaryKey = true },
            field("v", .floatVector, ["dim": "8"]),
            field("t", .varChar, ["max_length": "10"]),
        ]
        change(&schema)
        return schema
    }

    private func differences(_ change: (inout Schema) -> Void) -> [String] {
        CollectionShape(schema()).differences(from: CollectionShape(schema(change)))
    }

    @Test func `the same shape differs in nothing`() {
        #expect(differences { _ in } == [])
        #expect(differences { $0.fields.reverse() } == [])
    }

    @Test func `another type of the primary key is told`() {
        let found = differences { $0.fields[0].dataType = .varChar }
        #expect(found == ["its field id is varChar, not int64"])
    }

    @Test func `another primary key is told for both fields`() {
        let found = differences {
            $0.fields[0].isPrimaryKey = false
            $0.fields[2].isPrimaryKey = true
        }
        #expect(
            found == ["its field id is not the primary key", "its field t is the primary key"]
        )
    }

    @Test func `another dimension is told with both`() {
        let found = differences { $0.fields[1].typeParams[0].value = "16" }
        #expect(found == ["its field v has dim 16, not 8"])
    }

    @Test func `a missing field and one too many are told with their types`() {
        #expect(
            differences { $0.fields.removeLast() } == ["it has no field t, which is a varChar"]
        )
        #expect(
            differences { $0.fields.append(field("x", .bool)) }
                == ["it has the field x too, which is a bool"]
        )
    }

    @Test func `nullable, partition key and who makes keys are told`() {
        #expect(
            differences { $0.fields[2].nullable = true } == ["its field t is nullable"]
        )
        #expect(
            differences { $0.fields[2].isPartitionKey = true }
                == ["its field t is the partition key"]
        )
        #expect(
            differences { $0.fields[0].autoID = true } == ["its field id is made by the server"]
        )
        #expect(differences { $0.autoID = true } == ["its field id is made by the server"])
    }

    @Test func `the dynamic field is told`() {
        #expect(differences { $0.enableDynamicField = true } == ["it has a dynamic field"])
    }

    @Test func `a limit that was changed later does not keep rows from fitting`() {
        let there = CollectionShape(schema { $0.fields[2].typeParams[0].value = "20" })
        let wanted = CollectionShape(schema())
        #expect(wanted.differences(from: there) == ["its field t has max_length 20, not 10"])
        #expect(wanted.differences(from: there, limits: ["dim"]) == [])
    }

    @Test func `every difference is told at once`() {
        let found = differences {
            $0.fields[1].typeParams[0].value = "16"
            $0.fields[2].nullable = true
            $0.enableDynamicField = true
        }
        #expect(found.count == 3)
    }
}
