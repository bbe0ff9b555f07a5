import MilvusAPI
import Operations
import SwiftProtobuf
import Testing

@testable import Milvus

/// Rows and schemas of the log become what Milvus' own client would have sent, for every data type.
struct TargetGoldenTests {
    private let server = MilvusServer(versionText: "2.6.6")

    /// What is sent for rows, by column.
    private func sent(
        _ entries: [Rows],
        _ golden: GoldenTypes.Case
    ) throws -> [String: TargetColumns.Column] {
        let message = try RowMessage.rope(
            name: CollectionName(database: "default", collection: "c"),
            partition: nil,
            rows: entries,
            form: try RowForm(try golden.definition, server: server)
        )
        return Self.byName(try TargetColumns.decoded(message.sent))
    }

    private static func byName(
        _ columns: [TargetColumns.Column]
    ) -> [String: TargetColumns.Column] {
        Dictionary(
            uniqueKeysWithValues: columns.map { ($0.fieldName, $0.withoutEmptyLists) }
        )
    }

    @Test func `the fixture has every type`() throws {
        let cases = try GoldenTypes.all.get().cases
        #expect(cases.count == 100)
        var types: Set<Int> = []
        for golden in cases {
            for column in try golden.requested { types.insert(column.type.rawValue) }
        }
        #expect(
            types == [1, 2, 3, 4, 5, 10, 11, 21, 22, 23, 24, 26, 100, 101, 102, 103, 104, 105, 200]
        )
    }

    @Test(arguments: GoldenTypes.cases)
    func `the columns of an entry become those of the client`(golden: GoldenTypes.Case) throws {
        let found = try sent([golden.whole], golden)
        #expect(found == Self.byName(try golden.requested))
    }

    @Test(arguments: GoldenTypes.cases)
    func `the columns of several entries become those of the client`(
        golden: GoldenTypes.Case
    ) throws {
        let found = try sent(golden.parts, golden)
        #expect(found == Self.byName(try golden.requested))
    }

    @Test(arguments: GoldenTypes.cases)
    func `the log's rows and the client's have the same values`(golden: GoldenTypes.Case) throws {
        let logged = try DecodedColumns(golden.whole)
        let requested = try DecodedColumns(try golden.requested, rowCount: golden.rows)
        for row in 0..<golden.rows {
            #expect(
                logged.json(row: row, hasDynamicField: true)
                    == requested.json(row: row, hasDynamicField: true)
            )
        }
    }

    @Test(arguments: GoldenTypes.cases)
    func `the schema becomes that of the client`(golden: GoldenTypes.Case) throws {
        let name = CollectionName(database: "default", collection: "c")
        let schema = try TargetSchema(try golden.definition, name: name)
        let expected = try Milvus_Proto_Schema_CollectionSchema(
            serializedBytes: golden.request.schema
        )
        #expect(schema.schema == expected)
        #expect(try schema.shape.differences(from: CollectionShape(expected)) == [])
        #expect(TargetLimits(server).obstacles(to: schema.schema) == [])
    }
}

extension TargetColumns.Column {
    /// The column without lists that hold nothing, which may as well be left out.
    fileprivate var withoutEmptyLists: Self {
        var column = self
        switch column.field {
        case .scalars(let scalars) where scalars.isEmpty: column.field = nil
        case .vectors(let vectors) where vectors.isEmpty: column.field = nil
        case .structArrays(let records):
            column.structArrays.fields = records.fields.map(\.withoutEmptyLists)
        default: break
        }
        return column
    }
}

extension Milvus_Proto_Schema_ScalarField {
    fileprivate var isEmpty: Bool {
        switch data {
        case nil: true
        case .boolData(let list): list.data.isEmpty
        case .intData(let list): list.data.isEmpty
        case .longData(let list): list.data.isEmpty
        case .floatData(let list): list.data.isEmpty
        case .doubleData(let list): list.data.isEmpty
        case .stringData(let list): list.data.isEmpty
        case .jsonData(let list): list.data.isEmpty
        case .arrayData(let list): list.data.isEmpty
        case .geometryWktData(let list): list.data.isEmpty
        default: false
        }
    }
}

extension Milvus_Proto_Schema_VectorField {
    fileprivate var isEmpty: Bool {
        switch data {
        case nil: true
        case .floatVector(let list): list.data.isEmpty
        case .sparseFloatVector(let list): list.contents.isEmpty
        case .binaryVector(let bytes), .float16Vector(let bytes), .bfloat16Vector(let bytes),
            .int8Vector(let bytes):
            bytes.isEmpty
        default: false
        }
    }
}
