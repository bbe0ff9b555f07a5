import Operations
import Testing

@testable import Milvus

struct TargetRowGroupsTests {
    private func entry(_ keys: [Int64]) throws -> Rows {
        try TargetColumns.rows([TargetColumns.integers("id", keys)], count: keys.count)
    }

    private func sizes(_ groups: [[Rows]]) -> [[Int]] { groups.map { $0.map(\.count) } }

    @Test func `entries are grouped up to the limit of rows`() throws {
        let rows = try [[1, 2], [3], [4, 5, 6, 7, 8], [9]].map(entry)
        #expect(sizes(RowGroups.sized(rows, rowsMax: 3)) == [[2, 1], [5], [1]])
    }

    @Test func `entries are grouped up to the limit of bytes`() throws {
        let rows = try [[1, 2], [3, 4], [5, 6]].map(entry)
        let size = rows[0].columns.count
        #expect(sizes(RowGroups.sized(rows, bytesMax: 2 * size)) == [[2, 2], [2]])
        #expect(sizes(RowGroups.sized(rows, bytesMax: 1)) == [[2], [2], [2]])
    }

    @Test func `entries of an upsert that replace each other go into different calls`() throws {
        let rows = try [[1, 2], [3], [2, 4], [4], [1]].map(entry)
        #expect(sizes(try RowGroups.distinct([rows], key: "id")) == [[2, 1], [2], [1, 1]])
    }

    @Test func `an entry with a key twice stays whole`() throws {
        let rows = try [[1, 1], [2]].map(entry)
        #expect(sizes(try RowGroups.distinct([rows], key: "id")) == [[2, 1]])
    }
}
