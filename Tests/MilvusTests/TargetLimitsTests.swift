import MilvusAPI
import Operations
import Replay
import Testing

@testable import Milvus

/// What a server cannot hold is told before it is asked.
struct TargetLimitsTests {
    private func obstacles(
        _ version: String,
        _ change: (inout Milvus_Proto_Schema_CollectionSchema) -> Void
    ) -> [String] {
        var schema = Milvus_Proto_Schema_CollectionSchema()
        schema.add("id", .int64)
        schema.add("v", .floatVector)
        change(&schema)
        return TargetLimits(MilvusServer(versionText: version)).obstacles(to: schema)
    }

    @Test func `each type is there from its version on`() {
        for (type, title, versions) in [
            (.float16Vector, "Float16Vector", ("2.3.21", "2.4.0")),
            (.bfloat16Vector, "BFloat16Vector", ("2.3.21", "2.4.0")),
            (.sparseFloatVector, "SparseFloatVector", ("2.3.21", "2.4.0")),
            (.int8Vector, "Int8Vector", ("2.5.27", "2.6.0")),
            (.geometry, "Geometry", ("2.6.2", "2.6.3")),
            (.timestamptz, "Timestamptz", ("2.6.5", "v2.6.6-dev")),
        ] as [(Milvus_Proto_Schema_DataType, String, (String, String))] {
            func told(_ version: String) -> [String] {
                obstacles(version) { schema in
                    if type.isVector { schema.fields.removeLast() }
                    schema.add("x", type)
                }
            }
            #expect(told(versions.0) == ["its field x, which is of the type \(title)"])
            #expect(told(versions.1) == [])
        }
    }

    @Test func `types that no version has are told by number`() {
        #expect(
            obstacles("3.0.0") { $0.add("x", .UNRECOGNIZED(77)) }
                == ["its field x, which is of the type 77"]
        )
    }

    @Test func `nulls, records and functions are there from their versions on`() {
        func nullable(_ version: String, _ type: Milvus_Proto_Schema_DataType) -> [String] {
            obstacles(version) { schema in
                schema.add("x", type)
                schema.fields[2].nullable = true
            }
        }
        #expect(nullable("2.4.24", .int64) == ["its field x, which can be null"])
        #expect(nullable("2.5.0", .int64) == [])
        #expect(nullable("2.5.27", .floatVector) == ["its field x, which can be null"])
        #expect(nullable("2.6.0", .floatVector) == [])
        func records(_ version: String) -> [String] {
            obstacles(version) { schema in
                var records = Milvus_Proto_Schema_StructArrayFieldSchema()
                records.name = "people"
                schema.structArrayFields = [records]
            }
        }
        #expect(records("2.5.27") == ["its field people, which holds records"])
        #expect(records("milvus_lite-3.2.2") == ["its field people, which holds records"])
        #expect(records("2.6.0") == [])
        func terms(_ version: String) -> [String] {
            obstacles(version) { schema in
                var function = Milvus_Proto_Schema_FunctionSchema()
                function.name = "terms"
                function.type = .bm25
                function.outputFieldNames = ["s"]
                schema.functions = [function]
            }
        }
        #expect(terms("2.4.24") == ["its function terms, which computes the field s"])
        #expect(terms("2.5.0") == [])
        #expect(terms("milvus_lite-3.2.2") == [])
    }

    @Test func `Milvus 2.3 has one field of vectors`() {
        func two(_ version: String) -> [String] {
            obstacles(version) { $0.add("w", .binaryVector) }
        }
        #expect(two("2.3.5") == ["more than one field of vectors (v, w)"])
        #expect(two("2.4.0") == [])
    }

    @Test func `milvus-lite has types of its own`() {
        func told(_ type: Milvus_Proto_Schema_DataType, isNullable: Bool = false) -> [String] {
            obstacles("milvus_lite-3.2.2") { schema in
                schema.add("x", type)
                schema.fields[2].nullable = isNullable
            }
        }
        for type in [
            Milvus_Proto_Schema_DataType.geometry, .timestamptz, .sparseFloatVector, .json,
        ] {
            #expect(told(type) == [])
        }
        #expect(told(.int8Vector) == ["its field x, which is of the type Int8Vector"])
        #expect(told(.geometry, isNullable: true) == [])
        #expect(told(.sparseFloatVector, isNullable: true) == ["its field x, which can be null"])
    }

    @Test func `a server that hides its version is asked`() {
        #expect(obstacles("cloud") { $0.add("x", .int8Vector) } == [])
    }

    @Test func `one sentence names the collection and every field`() throws {
        var schema = Milvus_Proto_Schema_CollectionSchema()
        schema.add("place", .geometry)
        schema.add("at", .timestamptz)
        let limits = TargetLimits(MilvusServer(versionText: "2.3.5"))
        let failure = #expect(throws: TargetFailure.self) {
            try limits.check(schema, "create the collection d.c")
        }
        #expect(failure?.code == .unsupported)
        #expect(
            failure?.message
                == "Cannot create the collection d.c: Milvus 2.3.5 cannot hold its field place, which is"
                + " of the type Geometry, nor its field at, which is of the type Timestamptz."
        )
    }
}

extension Milvus_Proto_Schema_CollectionSchema {
    fileprivate mutating func add(_ name: String, _ type: Milvus_Proto_Schema_DataType) {
        var field = Milvus_Proto_Schema_FieldSchema()
        field.name = name
        field.dataType = type
        fields.append(field)
    }
}
