import FoundationEssentials
import MilvusAPI
import Operations
import Testing

@testable import Milvus

/// Nulls as Milvus 2.5 writes them to the log and wants them in a request.
struct TargetNullRowsTests {
    private func spliced(_ columns: [TargetColumns.Column]) throws -> TargetColumns.Column {
        let entries = try columns.map { try TargetColumns.rows([$0], count: $0.validData.count) }
        let bytes = try ColumnSplicer.columns(of: entries).sent
        return try #require(try TargetColumns.decoded(bytes).first)
    }

    @Test func `values of null rows are left out`() throws {
        var column = TargetColumns.integers("n", [5, 0, -7, 0])
        column.validData = [true, false, true, false]
        let result = try spliced([column])
        #expect(result.scalars.longData.data == [5, -7])
        #expect(result.validData == [true, false, true, false])
    }

    @Test func `every kind of scalar is`() throws {
        let valid = [false, true, true]
        func check(
            _ type: TargetColumns.DataType,
            _ fill: (inout TargetColumns.Column, Range<Int>) -> Void
        ) throws {
            var column = TargetColumns.column("n", type)
            fill(&column, 0..<3)
            column.validData = valid
            var expected = TargetColumns.column("n", type, id: 0)
            fill(&expected, 1..<3)
            expected.validData = valid
            #expect(try spliced([column]) == expected)
        }
        try check(.bool) { $0.scalars.boolData.data = $1.map { $0 == 1 } }
        try check(.int16) { $0.scalars.intData.data = $1.map { -Int32($0) } }
        try check(.float) { $0.scalars.floatData.data = $1.map(Float.init) }
        try check(.double) { $0.scalars.doubleData.data = $1.map(Double.init) }
        try check(.varChar) { $0.scalars.stringData.data = $1.map { "\($0)" } }
        try check(.json) { $0.scalars.jsonData.data = $1.map { Data("\($0)".utf8) } }
    }

    @Test func `the type of an array's elements is kept`() throws {
        var column = TargetColumns.column("n", .array)
        column.scalars.arrayData.elementType = .int64
        column.scalars.arrayData.data = ([7, 0, 9] as [Int64]).map { number in
            var list = Milvus_Proto_Schema_ScalarField()
            if number > 0 { list.longData.data = [number] }
            return list
        }
        column.validData = [true, false, true]
        let result = try spliced([column])
        #expect(result.scalars.arrayData.elementType == .int64)
        #expect(result.scalars.arrayData.data.map(\.longData.data) == [[7], [9]])
    }

    @Test func `a column whose rows are all null may lack its list of values`() throws {
        for type in [
            TargetColumns.DataType.int64, .json, .geometry, .floatVector, .sparseFloatVector,
        ] {
            var column = TargetColumns.column("n", type, id: 0)
            column.validData = [false, false]
            let result = try spliced([column])
            #expect(result.validData == [false, false])
            #expect(result.type == type)
        }
        var vectors = TargetColumns.column("n", .floatVector, id: 0)
        vectors.vectors.dim = 8
        vectors.validData = [false]
        #expect(try spliced([vectors]).vectors.dim == 8)
        #expect(throws: WireFailure("the column n holds no values")) {
            try ColumnSplicer.columns(of: [
                TargetColumns.rows([TargetColumns.column("n", .int64)], count: 1)
            ])
        }
    }

    @Test func `a column that is compact already stays as it is`() throws {
        var column = TargetColumns.texts("n", ["a", "b"])
        column.validData = [true, false, true]
        let result = try spliced([column])
        #expect(result.scalars.stringData.data == ["a", "b"])
        #expect(result.validData == [true, false, true])
    }

    @Test func `several entries become one, those without nulls included`() throws {
        var nulls = TargetColumns.integers("n", [1, 0])
        nulls.validData = [true, false]
        let whole = TargetColumns.integers("n", [8, 9])
        let entries = [
            try TargetColumns.rows([nulls], count: 2), try TargetColumns.rows([whole], count: 2),
            try TargetColumns.rows([nulls], count: 2),
        ]
        let bytes = try ColumnSplicer.columns(of: entries).sent
        let result = try #require(try TargetColumns.decoded(bytes).first)
        #expect(result.scalars.longData.data == [1, 8, 9, 1])
        #expect(result.validData == [true, false, true, true, true, false])
    }

    @Test func `a count that fits neither form is refused`() throws {
        var column = TargetColumns.integers("n", [1, 2])
        column.validData = [true, false, false, false]
        #expect(throws: WireFailure.self) { try spliced([column]) }
    }
}
