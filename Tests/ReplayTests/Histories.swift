import Operations
import Replay

/// Short names for what tests write often.
enum Make {
    static let database = DatabaseID.default

    static func tso(_ tick: UInt64) -> HybridTimestamp { HybridTimestamp(rawValue: tick) }

    static func name(_ collection: String, in database: String = "default") -> CollectionName {
        CollectionName(database: database, collection: collection)
    }

    static func lane(_ collection: String) -> Lane { .collection(name(collection)) }

    static func definition(
        _ id: Int64,
        _ name: String,
        database: DatabaseID = .default,
        autoID: Bool = false,
        partitionKey: Bool = false,
        partitions: [PartitionDefinition] = [
            PartitionDefinition(id: defaultPartition, name: "_default")
        ]
    ) -> CollectionDefinition {
        CollectionDefinition(
            id: CollectionID(rawValue: id),
            database: database,
            name: name,
            schema: [],
            primaryKey: PrimaryKey(field: "id", kind: .int64, isAutoID: autoID),
            hasPartitionKey: partitionKey,
            hasDynamicField: false,
            virtualChannels: [],
            consistencyLevel: 0,
            properties: [],
            partitions: partitions,
            createdAt: tso(1)
        )
    }

    static let defaultPartition = PartitionID(rawValue: 1)

    static func create(_ id: Int64, _ name: String) -> Operation {
        .createCollection(definition(id, name))
    }

    static func rows(
        _ id: Int64,
        _ keys: [Int64],
        shard: Int = 0,
        partition: PartitionID = defaultPartition,
        value: Int64 = 0
    ) -> Rows {
        Rows(
            collection: CollectionID(rawValue: id),
            partition: partition,
            shard: shard,
            count: keys.count,
            columns: InMemoryRow.columns(keys.map { InMemoryRow($0, value == 0 ? $0 : value) })
        )
    }

    static func insert(
        _ id: Int64,
        _ keys: Int64...,
        shard: Int = 0,
        partition: PartitionID = defaultPartition
    ) -> Operation {
        .insert(rows(id, keys, shard: shard, partition: partition))
    }

    static func upsert(_ id: Int64, _ keys: Int64..., value: Int64 = 0, shard: Int = 0) -> Operation
    {
        .upsert(rows(id, keys, shard: shard, value: value))
    }

    static func delete(_ id: Int64, _ keys: Int64..., shard: Int = 0) -> Operation {
        .delete(
            DeletedKeys(
                collection: CollectionID(rawValue: id),
                partition: nil,
                shard: shard,
                count: keys.count,
                keys: InMemoryRow.keys(keys)
            )
        )
    }

    static func index(_ id: Int64, _ index: Int64, _ name: String = "i") -> IndexDefinition {
        IndexDefinition(
            id: IndexID(rawValue: index),
            collection: CollectionID(rawValue: id),
            field: "v",
            name: name,
            parameters: [Property(key: "id", value: "\(index)")]
        )
    }
}

extension InMemoryJournal {
    /// Appends operations as batches of the given size, each operation one tick after the one before it.
    @discardableResult
    func append(_ operations: [Operation], batchSize: Int = .max) -> Mark {
        var mark = head()
        var rest = operations[...]
        while !rest.isEmpty {
            let batch = rest.prefix(batchSize)
            rest = rest.dropFirst(batch.count)
            let first = mark.tso.rawValue + 1
            let stamped = batch.enumerated().map { index, operation in
                StampedOperation(timestamp: Make.tso(first + UInt64(index)), operation: operation)
            }
            mark = append(stamped, resolved: Make.tso(first + UInt64(batch.count) - 1))
        }
        return mark
    }
}
