import MilvusAPI
import Operations
import SwiftProtobuf
import Testing

@testable import Milvus

struct SchemaChangeTests {
    private var found: Milvus_Proto_Schema_CollectionSchema {
        var collection = TargetCollection(.varchar)
        collection.add("s", .varChar, ["max_length": "32"])
        collection.addVector()
        return collection.schema
    }

    private func change(
        _ alter: (inout Milvus_Proto_Schema_CollectionSchema) -> Void
    ) -> SchemaChange {
        var wanted = found
        alter(&wanted)
        return SchemaChange(from: found, to: wanted)
    }

    private func field(
        _ name: String,
        isNullable: Bool
    ) -> Milvus_Proto_Schema_FieldSchema {
        .with {
            $0.name = name
            $0.dataType = .int64
            $0.nullable = isNullable
        }
    }

    @Test func `the same fields ask for nothing`() {
        let change = change { $0.fields.reverse() }
        #expect(change.addedFields.isEmpty && change.alteredFields.isEmpty)
        #expect(change.impossible == nil)
    }

    @Test func `a longer text and another way to keep it are alterations`() {
        let change = change { schema in
            schema.fields[1].typeParams[0].value = "64"
            schema.fields[1].typeParams.append(Property(key: "mmap.enabled", value: "true").pair)
        }
        #expect(change.impossible == nil)
        #expect(change.alteredFields.map(\.name) == ["s"])
        #expect(change.alteredFields.first?.isLimiting == true)
        #expect(
            change.alteredFields.first?.change.added == [
                Property(key: "max_length", value: "64"),
                Property(key: "mmap.enabled", value: "true"),
            ]
        )
    }

    @Test func `what is no longer set is removed`() {
        var mapped = found
        mapped.fields[1].typeParams.append(Property(key: "mmap.enabled", value: "true").pair)
        mapped.fields[1].typeParams.append(Property(key: "of the server", value: "1").pair)
        let change = SchemaChange(from: mapped, to: found)
        #expect(change.alteredFields.first?.change.removed == ["mmap.enabled"])
        #expect(change.alteredFields.first?.isLimiting == false)
    }

    @Test func `a nullable field can be added, another one cannot`() {
        let nullable = field("n", isNullable: true)
        let added = change { $0.fields.append(nullable) }
        #expect(added.addedFields == [nullable] && added.impossible == nil)
        let impossible = change { $0.fields.append(field("n", isNullable: false)) }
        #expect(
            impossible.impossible
                == "it has no field n, and one that is not nullable cannot be added"
        )
    }

    @Test func `a type, a dimension, a missing field and a function cannot be altered`() {
        #expect(change { $0.fields[1].dataType = .int8 }.impossible != nil)
        #expect(change { $0.fields[2].typeParams[0].value = "3" }.impossible != nil)
        #expect(
            change { $0.fields.remove(at: 1) }.impossible
                == "it has the field s too, which is a varChar"
        )
        #expect(
            change { $0.functions = [.with { $0.name = "bm25" }] }.impossible
                == "it has no function bm25"
        )
    }
}
