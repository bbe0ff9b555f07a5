import Operations

/// Operations and batches for tests.
enum Samples {
    static let collection = CollectionID(rawValue: 100)
    static let partition = PartitionID(rawValue: 200)

    static func timestamp(_ number: Int) -> HybridTimestamp {
        HybridTimestamp(unixMilliseconds: 1_700_000_000_000 + Int64(number) * 10)
    }

    static func position(_ number: Int) -> SourcePosition {
        SourcePosition(
            resolved: timestamp(number),
            metadata: MetadataRevision(rawValue: Int64(number)),
            offsets: [
                PhysicalChannel("by-dev-rootcoord-dml_0"): Int64(number) * 7,
                PhysicalChannel("by-dev-rootcoord-dml_1"): Int64(number) * 5,
            ]
        )
    }

    static func definition(
        _ id: CollectionID = collection,
        name: String = "songs"
    )
        -> CollectionDefinition
    {
        CollectionDefinition(
            id: id,
            database: .default,
            name: name,
            schema: [8, 1, 18, 255],
            primaryKey: PrimaryKey(field: "id", kind: .int64, isAutoID: false),
            hasPartitionKey: false,
            hasDynamicField: true,
            virtualChannels: [
                VirtualChannel(
                    name: "by-dev-rootcoord-dml_0_100v0",
                    physical: PhysicalChannel("by-dev-rootcoord-dml_0")
                )
            ],
            consistencyLevel: 2,
            properties: [Property(key: "collection.ttl.seconds", value: "60")],
            partitions: [PartitionDefinition(id: partition, name: PartitionDefinition.defaultName)],
            createdAt: timestamp(1)
        )
    }

    /// One operation of each kind.
    static let everyKind: [Operation] =
        kindsOfGoldenFiles + [.truncateCollection(collection)] + laterKinds

    /// Kinds that came later, for golden files of their own.
    static let laterKinds: [Operation] = [
        .rbac(.createUser(UserDefinition(name: "ann", passwordMark: 7))),
        .rbac(.createRole("reader")),
        .rbac(
            .grant(
                Grant(
                    role: "reader",
                    objectType: "Collection",
                    database: "default",
                    object: "*",
                    privilege: "Query"
                )
            )
        ),
        .rbac(.bind(RoleBinding(user: "ann", role: "reader"))),
        .gap(
            Gap(
                collection: collection,
                shard: nil,
                from: timestamp(1),
                through: timestamp(1),
                reason: "rows were imported",
                isBesideLog: true
            )
        ),
    ]

    /// One operation of each kind that there was when the golden files were written.
    static let kindsOfGoldenFiles: [Operation] = [
        .createDatabase(DatabaseDefinition(id: DatabaseID(rawValue: 7), name: "müsic")),
        .alterDatabase(
            DatabaseDefinition(
                id: DatabaseID(rawValue: 7),
                name: "müsic",
                properties: [Property(key: "a", value: "b/c")]
            )
        ),
        .createCollection(definition()),
        .alterCollection(definition()),
        .gap(
            Gap(
                collection: collection,
                shard: 0,
                from: timestamp(1),
                through: timestamp(2),
                reason: "offset 5 is gone"
            )
        ),
        .renameCollection(collection, database: DatabaseID(rawValue: 7), name: "tunes"),
        .createPartition(
            collection,
            PartitionDefinition(id: PartitionID(rawValue: 201), name: "p")
        ),
        .createIndex(index),
        .alterIndex(index),
        .createAlias(alias),
        .alterAlias(alias),
        .insert(rows(3)),
        .delete(
            DeletedKeys(
                collection: collection,
                partition: nil,
                shard: 1,
                count: 2,
                keys: [10, 2, 8, 1][...]
            )
        ),
        .upsert(rows(4)),
        .load(LoadDefinition(collection: collection, partitions: [partition], replicas: 1)),
        .flush(FlushDefinition(collections: [collection])),
        .dropAlias(.default, name: "best"),
        .release(collection),
        .dropIndex(collection, IndexID(rawValue: 300)),
        .dropPartition(collection, PartitionID(rawValue: 201)),
        .dropCollection(collection),
        .dropDatabase(DatabaseID(rawValue: 7)),
    ]

    static let index = IndexDefinition(
        id: IndexID(rawValue: 300),
        collection: collection,
        field: "vector",
        name: "vector_index",
        parameters: [Property(key: "index_type", value: "HNSW")]
    )

    static let alias = AliasDefinition(database: .default, name: "best", collection: collection)

    /// Rows whose column bytes follow from the number.
    static func rows(_ number: Int, bytes: Int = 40) -> Rows {
        Rows(
            collection: collection,
            partition: partition,
            shard: number % 2,
            count: number,
            columns: columns[(number % 256)..<(number % 256 + bytes)]
        )
    }

    /// What columns are cut from.
    private static let columns = (0..<100_256).map { index in
        UInt8(truncatingIfNeeded: index &* 31 &+ index >> 8)
    }

    /// A batch of inserts, resolved at `number`.
    static func batch(_ number: Int, operations: Int = 2, bytes: Int = 40) -> Batch {
        Batch(
            operations: (0..<operations).map { index in
                StampedOperation(
                    timestamp: timestamp(number),
                    operation: .insert(rows(number * 100 + index, bytes: bytes))
                )
            },
            position: position(number)
        )
    }

    /// Batches of several shapes: rows, definitions, nothing.
    static func workload(_ count: Int) -> [Batch] {
        (1...count).map { number in
            switch number % 5 {
            case 2: Batch(operations: [], position: position(number))
            case 3:
                Batch(
                    operations: [
                        StampedOperation(
                            timestamp: timestamp(number),
                            operation: .createCollection(
                                definition(
                                    CollectionID(rawValue: Int64(number)),
                                    name: "c\(number)"
                                )
                            )
                        ),
                        StampedOperation(
                            timestamp: timestamp(number),
                            operation: .insert(rows(number))
                        ),
                    ],
                    position: position(number)
                )
            case 4: batch(number, operations: 5, bytes: 600)
            default: batch(number, operations: 1)
            }
        }
    }

    /// The entries that batches become in an empty journal.
    static func entries(of batches: some Sequence<Batch>) -> [Entry] {
        batches.flatMap(\.operations).enumerated().map { index, stamped in
            Entry(
                sequence: SequenceNumber(rawValue: UInt64(index + 1)),
                timestamp: stamped.timestamp,
                operation: stamped.operation
            )
        }
    }
}
