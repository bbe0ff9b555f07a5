import Capture
import FoundationEssentials
import MilvusAPI
import Operations
import SwiftProtobuf
import TestSupport
import Testing

@testable import Milvus

struct ColumnValuesTests {
    @Test func `every recorded and every made column decodes to its values`() throws {
        let lines = try Expected.lines("fielddata")
        for expected in lines {
            let bytes = try #require(Data(base64Encoded: expected.text("bytes") ?? "?"))
            let message = try Milvus_Proto_Schema_FieldData(serializedBytes: bytes)
            let column = try DecodedColumn(message)
            #expect(column.name == expected.text("field_name"))
            #expect(column.fieldID == expected.number("field_id"))
            #expect(Int64(column.type) == expected.number("type"))
            #expect(Int64(column.rowCount) == expected.number("rows"))
            #expect(column.canonical == expected.list("values").map(\.canonical))
        }
        #expect(lines.count == 45)
    }

    @Test func `every column of the recorded inserts decodes to its values`() throws {
        let messages = try RecordedMessages()
        var columnCount = 0
        var valueCount = 0
        for expected in try Expected.lines("expected-wal") where expected.text("name") == "Insert" {
            let decoded = try MilvusMessageDecoder().decode(try messages.of(expected))
            guard case .insert(let rows, _) = decoded else {
                Issue.record("not an insert")
                return
            }
            let columns = try DecodedColumns(rows)
            let fields = expected.list("fields")
            #expect(columns.columns.count == fields.count)
            for field in fields {
                let column = try #require(columns[field["name"]?.text ?? ""])
                #expect(column.fieldID == field["id"]?.number)
                #expect(Int64(column.type) == field["type"]?.number)
                #expect(column.isDynamic == (field["dynamic"] == .bool(true)))
                #expect(column.canonical == field["values"]?.list?.map(\.canonical))
                columnCount += 1
                valueCount += column.rowCount
            }
        }
        #expect(columnCount == 427)
        #expect(valueCount == 2217)
    }

    @Test func `null is null, whether its place is filled or left out`() throws {
        var column = Milvus_Proto_Schema_FieldData()
        column.scalars.longData.data = [7, 0, 9]
        column.validData = [true, false, true]
        #expect(try DecodedColumn(column).canonical == ["7", "null", "9"])
        column.scalars.longData.data = [7, 9]
        #expect(try DecodedColumn(column).canonical == ["7", "null", "9"])
        column.scalars.longData.data = [7]
        #expect(throws: CodingFailure.self) { try DecodedColumn(column) }
    }

    @Test func `vectors that their dimension does not divide are refused`() throws {
        var column = Milvus_Proto_Schema_FieldData()
        for dimension in [0, -1, 3, Int64.max] {
            column.vectors.dim = dimension
            column.vectors.floatVector.data = [1, 2]
            #expect(throws: CodingFailure.self) { try DecodedColumn(column) }
            column.vectors.float16Vector = Data([1, 2, 3, 4])
            #expect(throws: CodingFailure.self) { try DecodedColumn(column) }
            column.vectors.binaryVector = Data([1, 2])
            #expect(throws: CodingFailure.self) { try DecodedColumn(column) }
        }
    }

    @Test func `newer kinds of vectors are shown as hex`() throws {
        var column = Milvus_Proto_Schema_FieldData()
        column.vectors.sparseFloatVector.contents = [Data([1, 0, 0, 0, 0, 0, 0x80, 0x3f]), Data()]
        #expect(try DecodedColumn(column).canonical == [#""010000000000803f""#, #""""#])
        column.vectors.dim = 2
        column.vectors.int8Vector = Data([0xff, 1, 2, 3])
        #expect(try DecodedColumn(column).canonical == [#""ff01""#, #""0203""#])
    }
}

extension DecodedColumn {
    /// Every value as canonical JSON.
    fileprivate var canonical: [String] {
        (0..<rowCount).map { row in
            var text = CanonicalText()
            write(row: row, to: &text)
            return text.text
        }
    }
}
