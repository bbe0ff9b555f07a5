import MilvusAPI
import Operations
import Testing

@testable import Milvus

/// Pages made by hand.
private struct FixedPages: RowSource {
    var pages: [RowPage]

    init(_ pages: [[TargetColumns.Column]]) throws {
        self.pages = try pages.map { columns in
            let decoded = try DecodedColumns(columns)
            return RowPage(keys: try #require(decoded["id"]?.keys), columns: decoded)
        }
    }

    mutating func next() -> RowPage? { pages.isEmpty ? nil : pages.removeFirst() }
}

struct ComparisonRowsTests {
    private func page(
        _ keys: [Int64],
        _ change: (inout TargetColumns.Column) -> Void = { _ in }
    )
        -> [TargetColumns.Column]
    {
        var number = TargetColumns.column("n", .float)
        number.scalars.floatData.data = keys.map { Float($0) / 2 }
        change(&number)
        let vector = TargetColumns.vectors("v", keys.flatMap { [Float($0), 0] }, dimension: 2)
        return [TargetColumns.integers("id", keys), number, vector]
    }

    private func compare(
        _ source: [[TargetColumns.Column]],
        _ target: [[TargetColumns.Column]]
    ) async throws -> (differences: [String], rows: Int) {
        var comparison = RowComparison(hasDynamicField: false)
        try await comparison.run(FixedPages(source), FixedPages(target)) { _ in }
        return (comparison.differences, comparison.rowCount)
    }

    @Test func `equal rows are equal however they are cut into pages`() async throws {
        let result = try await compare(
            [page([1, 2, 3]), page([4]), page([5, 9])],
            [page([1]), page([2, 3, 4, 5]), page([9])]
        )
        #expect(result.differences == [])
        #expect(result.rows == 6)
    }

    @Test func `rows on one side only are told`() async throws {
        let result = try await compare([page([1, 2, 5, 6])], [page([2, 3]), page([5, 7])])
        #expect(
            result.differences == [
                "its row 1 is missing on the target", "its row 6 is missing on the target",
                "its row 3 is on the target only", "its row 7 is on the target only",
            ]
        )
        #expect(result.rows == 2)
        #expect(try await compare([], []).differences == [])
        #expect(
            try await compare([page([1])], []).differences == ["its row 1 is missing on the target"]
        )
    }

    @Test func `a value differs if its bits do`() async throws {
        let source = page([1, 2]) { $0.scalars.floatData.data = [0, .nan] }
        let target = page([1, 2]) { $0.scalars.floatData.data = [-0.0, .nan] }
        let result = try await compare([source], [target])
        #expect(
            result.differences
                == ["its row 1 differs: n is 0.0 on the source and -0.0 on the target"]
        )
    }

    @Test func `not-a-numbers that read alike are told by their bits`() async throws {
        let source = page([1]) { $0.scalars.floatData.data = [.nan] }
        let target = page([1]) { $0.scalars.floatData.data = [Float(bitPattern: 0x7fc0_0001)] }
        let result = try await compare([source], [target])
        #expect(
            result.differences == [
                "its row 1 differs: n is nan on the source and nan(0x1) on the target"
            ]
        )
    }

    @Test func `of a vector the first element that differs is told`() async throws {
        var target = page([1, 2])
        target[2].vectors.floatVector.data[3] = 0.25
        let result = try await compare([page([1, 2])], [target])
        #expect(
            result.differences
                == ["its row 2 differs: v[1] is 0.0 on the source and 0.25 on the target"]
        )
    }

    @Test func `many differences are counted, not listed`() async throws {
        let result = try await compare([page(Array(0..<100))], [])
        #expect(result.differences.count == RowComparison.examplesMax + 1)
        #expect(result.differences.last == "80 more rows are missing on the target, 100 in all")
    }

    @Test func `JSON is equal if it says the same`() async throws {
        func page(_ json: String) -> [TargetColumns.Column] {
            [TargetColumns.integers("id", [1]), TargetColumns.json("j", [json])]
        }
        let same = try await compare(
            [page("{\"a\":1,\"b\":[true]}")],
            [page("{ \"b\": [true], \"a\": 1 }")]
        )
        #expect(same.differences == [])
        let other = try await compare([page("{\"a\":1}")], [page("{\"a\":1.0}")])
        #expect(other.differences.count == 1)
    }

    @Test func `a report counts checks and keeps what could not be compared apart`() {
        var report = ComparisonReport()
        report.check("default.a", [])
        report.check("default.a", ["x", "y"])
        report.skip("default.b", "its rows are not compared: it is not loaded on the source")
        report.note("default.b", "z")
        #expect(report.isEqual == false)
        #expect(report.isComplete == false)
        #expect(
            report.lines == [
                "default.a: x", "default.a: y",
                "not compared: default.b: its rows are not compared: it is not loaded on the source",
                "note: default.b: z", "1 passed, 1 failed",
            ]
        )
    }
}
