import FoundationEssentials
import MilvusAPI
import Operations
import Replay
import SwiftProtobuf
import Testing

@testable import Milvus

/// Some rows of an entry, taken out of its columns.
struct RowSelectionTests {
    private let layout = MilvusRowLayout()

    private func definition(_ field: String = "id") -> CollectionDefinition {
        CollectionDefinition(
            id: CollectionID(rawValue: 5),
            database: .default,
            name: "a",
            schema: [],
            primaryKey: PrimaryKey(field: field, kind: .int64, isAutoID: false),
            hasPartitionKey: false,
            hasDynamicField: true,
            virtualChannels: [],
            consistencyLevel: 0,
            properties: [],
            partitions: [],
            createdAt: .zero
        )
    }

    private func shown(_ rows: Rows) throws -> [String] {
        let columns = try DecodedColumns(rows)
        return (0..<columns.rowCount).map { columns.json(row: $0, hasDynamicField: true) }
    }

    @Test(arguments: [[0], [9], [0, 9], [1, 2, 7], Array(0..<10)])
    func `rows of every type are the same rows by themselves`(places: [Int]) throws {
        let rows = try TargetColumns.rows(TargetColumns.everyType(3..<13), count: 10)
        let some = try layout.rows(rows, at: places)
        #expect(some.count == places.count)
        #expect(some.partition == rows.partition)
        let all = try shown(rows)
        #expect(try shown(some) == places.map { all[$0] })
        #expect(
            try layout.keys(of: some, definition()) == places.map { RowKey.number(Int64($0 + 3)) }
        )
    }

    @Test func `nulls stay nulls, whether or not a column holds values for them`() throws {
        var full = TargetColumns.integers("full", [1, 0, 3, 0])
        full.validData = [true, false, true, false]
        var compact = TargetColumns.vectors("compact", [1, 2, 3, 4], dimension: 2)
        compact.validData = [false, true, false, true]
        let rows = try TargetColumns.rows(
            [TargetColumns.integers("id", [1, 2, 3, 4]), full, compact],
            count: 4
        )
        let all = try shown(rows)
        for places in [[0], [1], [0, 2], [1, 3], [0, 1, 3]] {
            #expect(try shown(layout.rows(rows, at: places)) == places.map { all[$0] })
        }
    }

    @Test func `columns of fewer rows than are told are refused`() throws {
        let rows = try TargetColumns.rows([TargetColumns.integers("id", [1, 2])], count: 3)
        #expect(throws: CodingFailure.self) { try layout.rows(rows, at: [2]) }
        let cut = Rows(
            collection: rows.collection,
            partition: rows.partition,
            shard: 0,
            count: 2,
            columns: rows.columns.dropLast()
        )
        #expect(throws: CodingFailure.self) { try layout.rows(cut, at: [0]) }
    }

    @Test func `keys are told apart byte by byte`() throws {
        var ids = Milvus_Proto_Schema_IDs()
        ids.strID.data = ["", "é", "e\u{301}", "\"'\\"]
        let bytes: [UInt8] = try ids.serializedBytes()
        let deleted = DeletedKeys(
            collection: CollectionID(rawValue: 5),
            partition: nil,
            shard: 0,
            count: 4,
            keys: bytes[...]
        )
        let keys = try layout.keys(of: deleted)
        #expect(Set(keys).count == 4)
        #expect(keys[0] == .text([]))
        let some = try layout.keys(deleted, at: [1, 3])
        #expect(try layout.keys(of: some) == [keys[1], keys[3]])
        #expect(throws: CodingFailure.self) { try layout.keys(deleted, at: [4]) }
    }

    @Test func `keys that are numbers are numbers, to the ends of their range`() throws {
        var ids = Milvus_Proto_Schema_IDs()
        ids.intID.data = [.min, -1, 0, .max]
        let bytes: [UInt8] = try ids.serializedBytes()
        let deleted = DeletedKeys(
            collection: CollectionID(rawValue: 5),
            partition: PartitionID(rawValue: 2),
            shard: 1,
            count: 4,
            keys: bytes[...]
        )
        let some = try layout.keys(deleted, at: [0, 3])
        #expect(try layout.keys(of: some) == [.number(.min), .number(.max)])
        #expect(some.partition == deleted.partition)
        #expect(some.shard == 1)
    }
}
