import MilvusAPI
import Operations
import SwiftProtobuf
import Testing

@testable import Milvus

struct RowTableRulesTests {
    private var table = RowTable(definition(hasPartitionKey: false))

    private static func definition(hasPartitionKey: Bool) -> CollectionDefinition {
        CollectionDefinition(
            id: CollectionID(rawValue: 1),
            database: .default,
            name: "c",
            schema: [],
            primaryKey: PrimaryKey(field: "id", kind: .varchar, isAutoID: false),
            hasPartitionKey: hasPartitionKey,
            hasDynamicField: true,
            virtualChannels: [],
            consistencyLevel: 0,
            properties: [],
            partitions: [],
            createdAt: .zero
        )
    }

    private func rows(_ keys: [String], value: Int64, partition: Int64 = 10) throws -> Rows {
        var message = Milvus_Proto_Msg_InsertRequest()
        message.fieldsData = [Milvus_Proto_Schema_FieldData(), Milvus_Proto_Schema_FieldData()]
        message.fieldsData[0].fieldName = "v"
        message.fieldsData[0].scalars.longData.data = keys.map { _ in value }
        message.fieldsData[1].fieldName = "id"
        message.fieldsData[1].scalars.stringData.data = keys
        let bytes: [UInt8] = try message.serializedBytes()
        return Rows(
            collection: CollectionID(rawValue: 1),
            partition: PartitionID(rawValue: partition),
            shard: 0,
            count: keys.count,
            columns: bytes[...]
        )
    }

    private func deletion(_ keys: [String], partition: Int64? = nil) throws -> DeletedKeys {
        var ids = Milvus_Proto_Schema_IDs()
        ids.strID.data = keys
        let bytes: [UInt8] = try ids.serializedBytes()
        return DeletedKeys(
            collection: CollectionID(rawValue: 1),
            partition: partition.map { PartitionID(rawValue: $0) },
            shard: 0,
            count: keys.count,
            keys: bytes[...]
        )
    }

    private var lines: [String] { table.keys.compactMap { table.line(of: $0)?.text } }

    @Test mutating func `the newest row of a key is shown, and the others counted`() throws {
        try table.apply(.insert(rows(["b", "a", "a"], value: 1)))
        try table.apply(.insert(rows(["a"], value: 2)))
        #expect(table.keyCount == 2)
        #expect(table.physicalCount == 4)
        #expect(
            lines == [#"["a",{"$meta":{},"id":"a","v":2}]"#, #"["b",{"$meta":{},"id":"b","v":1}]"#]
        )
    }

    @Test mutating func `a delete takes every row of a key, or those of its partition`() throws {
        try table.apply(.insert(rows(["a", "b"], value: 1)))
        try table.apply(.insert(rows(["a"], value: 2, partition: 11)))
        try table.apply(.delete(deletion(["a"], partition: 11)))
        #expect(table.keyCountByPartition == [PartitionID(rawValue: 10): 2])
        try table.apply(.delete(deletion(["a", "none"])))
        #expect(table.keys == [.varchar(Array("b".utf8))])
    }

    @Test mutating func `an upsert replaces within its partition, or anywhere by a partition key`()
        throws
    {
        try table.apply(.insert(rows(["a"], value: 1)))
        try table.apply(.upsert(rows(["a"], value: 2, partition: 11)))
        #expect(table.physicalCount == 2)
        table = RowTable(Self.definition(hasPartitionKey: true))
        try table.apply(.insert(rows(["a"], value: 1)))
        try table.apply(.upsert(rows(["a"], value: 2, partition: 11)))
        #expect(table.physicalCount == 1)
    }

    @Test mutating func `a dropped partition takes its rows`() throws {
        try table.apply(.insert(rows(["a", "b"], value: 1)))
        try table.apply(.insert(rows(["a"], value: 2, partition: 11)))
        let partition = PartitionID(rawValue: 10)
        try table.apply(.dropPartition(CollectionID(rawValue: 1), partition))
        #expect(table.keyCountByPartition == [PartitionID(rawValue: 11): 1])
    }

    @Test mutating func `keys that Unicode takes for equal are two keys`() throws {
        try table.apply(.insert(rows(["e\u{301}", "\u{e9}", "\u{1f642}", "\u{fb01}"], value: 1)))
        #expect(table.keyCount == 4)
        #expect(table.keys.map(\.description.utf8.count) == [5, 4, 5, 6])
    }

    @Test mutating func `rows without their key, or with another number of values, are refused`()
        throws
    {
        let rows = try rows(["a", "b"], value: 1)
        let fewer = Rows(
            collection: rows.collection,
            partition: rows.partition,
            shard: 0,
            count: 3,
            columns: rows.columns
        )
        #expect(throws: CodingFailure.self) { try fewer.primaryKeys(field: "id") }
        #expect(throws: CodingFailure.self) { try rows.primaryKeys(field: "key") }
        #expect(throws: CodingFailure.self) { try DecodedColumns(fewer) }
        #expect(throws: CodingFailure.self) { try table.apply(.insert(fewer)) }
        let keys = try deletion(["a"])
        let more = DeletedKeys(
            collection: keys.collection,
            partition: nil,
            shard: 0,
            count: 2,
            keys: keys.keys
        )
        #expect(throws: CodingFailure.self) { try more.primaryKeys() }
    }
}
