import FoundationEssentials
import MilvusAPI
import Operations
import Replay
import SwiftProtobuf
import TestSupport
import Testing

@testable import Milvus

struct TargetColumnSplicerTests {
    private func spliced(_ rows: [Rows]) throws -> [TargetColumns.Column] {
        try TargetColumns.decoded(try ColumnSplicer.columns(of: rows).sent)
    }

    private func withoutIDs(_ columns: [TargetColumns.Column]) -> [TargetColumns.Column] {
        columns.map { column in
            var column = column
            column.fieldID = 0
            return column
        }
    }

    @Test func `the columns of one entry change nothing but the field id`() throws {
        let columns = TargetColumns.everyType(0..<50)
        let result = try spliced([TargetColumns.rows(columns, count: 50)])
        #expect(result == withoutIDs(columns))
    }

    @Test(arguments: [2, 3, 10])
    func `the columns of several entries equal those of one entry with all rows`(
        parts: Int64
    ) throws {
        let size: Int64 = 37
        let entries = try (0..<parts).map { part in
            let range = (part * size)..<((part + 1) * size)
            return try TargetColumns.rows(TargetColumns.everyType(range), count: Int(size))
        }
        let result = try spliced(entries)
        var whole = TargetColumns.everyType(0..<(parts * size))
        for index in whole.indices
        where whole[index].type.rawValue >= 102 || whole[index].fieldName == "binary" {
            // Byte vectors repeat their pattern in every part.
            whole[index].vectors.data = Self.repeated(
                TargetColumns.everyType(0..<size)[index].vectors,
                parts,
                whole[index].vectors
            )
        }
        #expect(result == withoutIDs(whole))
    }

    private static func repeated(
        _ one: Milvus_Proto_Schema_VectorField,
        _ times: Int64,
        _ whole: Milvus_Proto_Schema_VectorField
    ) -> Milvus_Proto_Schema_VectorField.OneOf_Data? {
        func all(_ bytes: Data) -> Data { (0..<times).reduce(Data()) { sum, _ in sum + bytes } }
        return switch one.data {
        case .binaryVector(let bytes): .binaryVector(all(bytes))
        case .float16Vector(let bytes): .float16Vector(all(bytes))
        case .bfloat16Vector(let bytes): .bfloat16Vector(all(bytes))
        case .int8Vector(let bytes): .int8Vector(all(bytes))
        default: whole.data
        }
    }

    @Test func `columns are matched by name, whatever their order`() throws {
        let first = [TargetColumns.integers("id", [1]), TargetColumns.texts("t", ["a"])]
        let second = [TargetColumns.texts("t", ["b"]), TargetColumns.integers("id", [2])]
        let result = try spliced([
            TargetColumns.rows(first, count: 1), TargetColumns.rows(second, count: 1),
        ])
        #expect(result.map(\.fieldName) == ["id", "t"])
        #expect(result[0].scalars.longData.data == [1, 2])
        #expect(result[1].scalars.stringData.data == ["a", "b"])
    }

    @Test func `of sparse vectors the largest dimension counts`() throws {
        func entry(_ dimension: Int64) throws -> Rows {
            var column = TargetColumns.column("s", .sparseFloatVector)
            column.vectors.dim = dimension
            column.vectors.sparseFloatVector.dim = dimension
            column.vectors.sparseFloatVector.contents = [Data([1, 0, 0, 0, 0, 0, 128, 63])]
            return try TargetColumns.rows([column], count: 1)
        }
        let result = try spliced([entry(7), entry(900), entry(30)])
        #expect(result[0].vectors.dim == 900)
        #expect(result[0].vectors.sparseFloatVector.dim == 900)
        #expect(result[0].vectors.sparseFloatVector.contents.count == 3)
    }

    @Test func `numbers that are not packed are taken too`() throws {
        // FieldData {type Int64, name "id", scalars {long_data {1, 2}}}, each number a record of its own.
        let column: [UInt8] = [0x08, 5, 0x12, 2, 0x69, 0x64, 0x1a, 6, 0x1a, 4, 0x08, 1, 0x08, 2]
        let bytes = [0x6a, UInt8(column.count)] + column
        let loose = Rows(
            collection: CollectionID(rawValue: 1),
            partition: PartitionID(rawValue: 1),
            shard: 0,
            count: 2,
            columns: bytes[...]
        )
        let packed = try TargetColumns.rows([TargetColumns.integers("id", [3])], count: 1)
        #expect(try spliced([loose, packed])[0].scalars.longData.data == [1, 2, 3])
        #expect(try spliced([packed, loose])[0].scalars.longData.data == [3, 1, 2])
    }

    @Test func `entries with different columns are refused`() throws {
        let id = TargetColumns.integers("id", [1])
        let one = try TargetColumns.rows([id], count: 1)
        let two = try TargetColumns.rows([id, TargetColumns.texts("t", ["a"])], count: 1)
        let other = try TargetColumns.rows([TargetColumns.integers("x", [1])], count: 1)
        let retyped = try TargetColumns.rows([TargetColumns.texts("id", ["a"])], count: 1)
        #expect(throws: WireFailure.self) { try spliced([one, two]) }
        #expect(throws: WireFailure("only one of two entries has the column x")) {
            try spliced([one, other])
        }
        #expect(throws: WireFailure.self) { try spliced([one, retyped]) }
    }

    @Test func `vectors of different dimensions are refused`() throws {
        let four = try TargetColumns.rows(
            [TargetColumns.vectors("v", [1, 2, 3, 4], dimension: 4)],
            count: 1
        )
        let two = try TargetColumns.rows(
            [TargetColumns.vectors("v", [1, 2], dimension: 2)],
            count: 1
        )
        #expect(throws: WireFailure("the column v has vectors of 4 and of 2 dimensions")) {
            try spliced([four, two])
        }
    }

    @Test func `types that Milvus 2.6 does not have are unsupported`() throws {
        var column = TargetColumns.column("molecule", .mol)
        column.scalars.molData.data = [Data([1])]
        let rows = try TargetColumns.rows([column], count: 1)
        let failure = #expect(throws: TargetFailure.self) { try spliced([rows]) }
        #expect(failure?.code == .unsupported)
        #expect(failure?.message.contains("molecule") == true)
    }

    @Test func `a moment that no request can hold is unsupported, and told`() throws {
        var column = TargetColumns.column("at", .timestamptz)
        column.scalars.timestamptzData.data = [0, .max]
        let rows = try TargetColumns.rows([column], count: 2)
        let failure = #expect(throws: TargetFailure.self) { try spliced([rows]) }
        #expect(failure?.code == .unsupported)
        #expect(
            failure?.message
                == "The column at holds the moment +294247-01-10T04:00:54.775807Z, and a request takes"
                + " years of four digits."
        )
    }

    @Test func `a geometry that is none is refused, and told`() throws {
        var column = TargetColumns.column("place", .geometry)
        column.scalars.geometryData.data = [Data([1, 1])]
        let rows = try TargetColumns.rows([column], count: 1)
        #expect(throws: WireFailure("the column place holds a geometry that is cut off")) {
            try spliced([rows])
        }
    }

    @Test func `columns that are text already stay as they are`() throws {
        var place = TargetColumns.column("place", .geometry, id: 0)
        place.scalars.geometryWktData.data = ["POINT (1 2)"]
        var moment = TargetColumns.column("at", .timestamptz, id: 0)
        moment.scalars.stringData.data = ["2025-01-01T00:00:00Z"]
        let rows = try TargetColumns.rows([place, moment], count: 1)
        #expect(try spliced([rows]) == [place, moment])
    }

    @Test func `arrays of vectors of different kinds are refused`() throws {
        func entry(_ dimension: Int64) throws -> Rows {
            var column = TargetColumns.column("r[v]", .arrayOfVector)
            column.vectors.vectorArray.dim = dimension
            column.vectors.vectorArray.elementType = .floatVector
            return try TargetColumns.rows([column], count: 1)
        }
        #expect(throws: WireFailure("arrays of vectors differ in what their vectors are")) {
            try spliced([entry(2), entry(3)])
        }
    }

    @Test func `bytes cut off anywhere are refused or shorter, never read beyond`() throws {
        let rows = try TargetColumns.rows(TargetColumns.everyType(0..<3), count: 3)
        for length in 0..<rows.columns.count {
            let cut = Rows(
                collection: rows.collection,
                partition: rows.partition,
                shard: 0,
                count: 3,
                columns: rows.columns.prefix(length)
            )
            guard let columns = try? spliced([cut, cut]) else { continue }
            #expect(columns.count < 17)
        }
    }

    @Test func `every insert of the recording becomes a request with the same values`() throws {
        for message in try Recording.milvus235.get().messages {
            guard message.topic.contains("dml"),
                let found = try? RowMessageScanner.insert(message.value)
            else { continue }
            let original = try Milvus_Proto_Msg_InsertRequest(serializedBytes: message.value)
            let name = CollectionName(database: "d", collection: "c")
            let once = try RowMessage.rope(name: name, partition: "p", rows: [found.rows])
            let request = try Milvus_Proto_Milvus_InsertRequest(serializedBytes: once.sent)
            #expect(request.fieldsData == withoutIDs(original.fieldsData))
            #expect(
                request.dbName == "d" && request.collectionName == "c"
                    && request.partitionName == "p"
            )
            #expect(UInt64(request.numRows) == original.numRows)

            let twice = try RowMessage.rope(
                name: name,
                partition: nil,
                rows: [found.rows, found.rows]
            )
            let merged = try Milvus_Proto_Milvus_InsertRequest(serializedBytes: twice.sent)
            #expect(merged.partitionName.isEmpty)
            #expect(try Self.isTwice(DecodedColumns(merged.fieldsData), DecodedColumns(found.rows)))
        }
    }

    private static func isTwice(_ merged: DecodedColumns, _ one: DecodedColumns) -> Bool {
        (0..<(2 * one.rowCount)).allSatisfy { row in
            var left = CanonicalText()
            var right = CanonicalText()
            merged.write(row: row, hasDynamicField: true, to: &left)
            one.write(row: row % one.rowCount, hasDynamicField: true, to: &right)
            return left == right
        } && merged.rowCount == 2 * one.rowCount
    }
}
