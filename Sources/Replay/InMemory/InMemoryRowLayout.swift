package import Operations

/// How rows lie in the entries of tests: see `InMemoryRow`.
package struct InMemoryRowLayout: RowLayout {
    package init() {}

    /// The keys of rows, in their order.
    package func keys(of rows: Rows, _ definition: CollectionDefinition) -> [RowKey] {
        InMemoryRow.rows(rows.columns).map { .number($0.key) }
    }

    /// The keys to delete, in their order.
    package func keys(of deleted: DeletedKeys) -> [RowKey] {
        InMemoryRow.numbers(deleted.keys).map(RowKey.number)
    }

    /// The rows at some places.
    package func rows(_ rows: Rows, at places: [Int]) -> Rows {
        let all = InMemoryRow.rows(rows.columns)
        return Rows(
            collection: rows.collection,
            partition: rows.partition,
            shard: rows.shard,
            count: places.count,
            columns: InMemoryRow.columns(places.map { all[$0] })
        )
    }

    /// The keys at some places.
    package func keys(_ deleted: DeletedKeys, at places: [Int]) -> DeletedKeys {
        let all = InMemoryRow.numbers(deleted.keys)
        return DeletedKeys(
            collection: deleted.collection,
            partition: deleted.partition,
            shard: deleted.shard,
            count: places.count,
            keys: InMemoryRow.keys(places.map { all[$0] })
        )
    }
}
