import Operations

/// Operations for tests.
enum Samples {
    static let music = DatabaseDefinition(
        id: DatabaseID(rawValue: 7),
        name: "müsic",
        properties: [Property(key: "k", value: "a/b\"c")]
    )
    static let songs = CollectionID(rawValue: 470_642_794_049_044_526)
    static let best = PartitionDefinition(id: PartitionID(rawValue: 201), name: "best")

    static let collection = CollectionDefinition(
        id: songs,
        database: .default,
        name: "songs",
        schema: [0, 1, 254, 255],
        primaryKey: PrimaryKey(field: "id", kind: .varchar, isAutoID: true),
        hasPartitionKey: true,
        hasDynamicField: false,
        virtualChannels: [
            VirtualChannel(name: "dml_0_1v0", physical: PhysicalChannel("dml_0")),
            VirtualChannel(name: "dml_1_1v1", physical: PhysicalChannel("dml_1")),
        ],
        consistencyLevel: 1,
        properties: [],
        partitions: [
            PartitionDefinition(
                id: PartitionID(rawValue: 200),
                name: PartitionDefinition.defaultName
            )
        ],
        createdAt: HybridTimestamp(unixMilliseconds: 1_700_000_000_000, logical: 5)
    )

    static let index = IndexDefinition(
        id: IndexID(rawValue: 300),
        collection: songs,
        field: "vector",
        name: "by_vector",
        parameters: [Property(key: "index_type", value: "HNSW"), Property(key: "M", value: "16")]
    )

    static let alias = AliasDefinition(database: .default, name: "tunes", collection: songs)

    static let rows = Rows(
        collection: songs,
        partition: PartitionID(rawValue: 200),
        shard: 1,
        count: 2,
        columns: [0x6A, 2, 8, 5][...]
    )

    static let gap = Gap(
        collection: songs,
        shard: nil,
        from: .zero,
        through: .max,
        reason: "offset 5 is gone"
    )

    static let grant = Grant(
        role: "reader",
        objectType: "Collection",
        database: "default",
        object: "songs",
        privilege: "Query"
    )
    static let user = UserDefinition(name: "änn", passwordMark: .max)
    static let binding = RoleBinding(user: user.name, role: grant.role)

    static let everyAccessChange: [AccessChange] = [
        .createUser(user), .changePassword(UserDefinition(name: user.name, passwordMark: 1)),
        .createRole(grant.role),
        .definePrivilegeGroup(PrivilegeGroup(name: "look", privileges: ["Search", "Query"])),
        .grant(grant), .bind(binding), .unbind(binding), .revoke(grant),
        .dropPrivilegeGroup("look"), .dropRole(grant.role), .dropUser(user.name),
    ]

    static let everyKind: [Operation] =
        [
            .insert(rows), .upsert(rows),
            .delete(
                DeletedKeys(
                    collection: songs,
                    partition: nil,
                    shard: 0,
                    count: 1,
                    keys: [1, 2][...]
                )
            ),
            .delete(
                DeletedKeys(
                    collection: songs,
                    partition: best.id,
                    shard: 0,
                    count: 0,
                    keys: []
                )
            ),
            .createDatabase(music), .alterDatabase(music), .dropDatabase(music.id),
            .createCollection(collection), .alterCollection(collection),
            .renameCollection(songs, database: music.id, name: "new"), .dropCollection(songs),
            .truncateCollection(songs),
            .createPartition(songs, best), .dropPartition(songs, best.id),
            .createIndex(index), .alterIndex(index), .dropIndex(songs, index.id),
            .load(LoadDefinition(collection: songs, partitions: [best.id], replicas: 2)),
            .load(LoadDefinition(collection: songs, partitions: nil, replicas: 1)),
            .release(songs), .flush(FlushDefinition(collections: [songs])),
            .createAlias(alias), .alterAlias(alias), .dropAlias(.default, name: "tunes"),
            .gap(gap),
            .gap(gap.noted(at: .max)),
            .gap(
                Gap(
                    collection: songs,
                    shard: nil,
                    from: .zero,
                    through: .zero,
                    reason: "",
                    isBesideLog: true
                )
            ),
            .gap(Gap(collection: nil, shard: 3, from: .zero, through: .zero, reason: "")),
        ] + everyAccessChange.map(Operation.rbac)
}
