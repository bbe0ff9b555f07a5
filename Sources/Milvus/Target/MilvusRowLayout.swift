internal import MilvusAPI
internal import Operations
internal import Replay
internal import SwiftProtobuf

/// How rows lie in the entries of a Milvus: see `Rows.columns` and `DeletedKeys.keys`.
struct MilvusRowLayout: RowLayout {
    func keys(of rows: Rows, _ definition: CollectionDefinition) throws -> [RowKey] {
        try rows.primaryKeys(definition).map(RowKey.init)
    }

    func keys(of deleted: DeletedKeys) throws -> [RowKey] {
        try deleted.primaryKeys().map(RowKey.init)
    }

    func rows(_ rows: Rows, at places: [Int]) throws -> Rows {
        Rows(
            collection: rows.collection,
            partition: rows.partition,
            shard: rows.shard,
            count: places.count,
            columns: try RowSelection(places: places, rowCount: rows.count).columns(rows.columns)[
                ...
            ]
        )
    }

    func keys(_ deleted: DeletedKeys, at places: [Int]) throws -> DeletedKeys {
        let keys = try deleted.primaryKeys()
        guard places.allSatisfy(keys.indices.contains) else {
            throw CodingFailure(
                "\(keys.count) keys, and one at \((places.last ?? 0) + 1) is wanted"
            )
        }
        var ids = Milvus_Proto_Schema_IDs()
        for place in places {
            switch keys[place] {
            case .int64(let number): ids.intID.data.append(number)
            case .varchar(let utf8): ids.strID.data.append(String(decoding: utf8, as: UTF8.self))
            }
        }
        let bytes: [UInt8]
        do {
            bytes = try ids.serializedBytes()
        } catch {
            throw CodingFailure("keys that cannot be written: \(error)")
        }
        return DeletedKeys(
            collection: deleted.collection,
            partition: deleted.partition,
            shard: deleted.shard,
            count: places.count,
            keys: bytes[...]
        )
    }
}

extension RowKey {
    init(_ key: PrimaryKeyValue) {
        switch key {
        case .int64(let number): self = .number(number)
        case .varchar(let utf8): self = .text(utf8)
        }
    }
}
