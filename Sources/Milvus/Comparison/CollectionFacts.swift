internal import MilvusAPI
internal import Operations

/// What one server tells of one collection.
struct CollectionFacts: Sendable {
    /// What of a collection can be searched.
    enum Load: Hashable, Sendable {
        case none
        /// Loading goes on.
        case partial
        case all
        case partitions([String])
    }

    let name: CollectionName
    let server: MilvusServer
    let schema: Milvus_Proto_Schema_CollectionSchema
    let shards: Int
    let consistency: Milvus_Proto_Common_ConsistencyLevel
    let properties: [String: String]
    let partitions: [String]
    let indexes: [IndexFacts]
    let aliases: [String]
    let load: Load

    /// The primary key's field; nil if the server tells of none.
    var primaryKey: PrimaryKey? {
        guard let field = schema.fields.first(where: \.isPrimaryKey) else { return nil }
        return PrimaryKey(
            field: field.name,
            kind: field.dataType == .int64 ? .int64 : .varchar,
            isAutoID: field.autoID || schema.autoID
        )
    }

    var hasPartitionKey: Bool { schema.fields.contains(where: \.isPartitionKey) }

    var hasDynamicField: Bool { CollectionShape(schema).hasDynamicField }
}

/// What one server tells of one index.
struct IndexFacts: Hashable, Sendable {
    let name: String
    let field: String
    let parameters: IndexParameters
}

extension MilvusConnection {
    /// What the server tells of a collection; nil if it is not there, or is an alias.
    func facts(of name: CollectionName) async throws -> CollectionFacts? {
        guard let found = try await collection(name) else { return nil }
        let partitions = try await partitions(of: name)
        let indexes = try await indexes(of: name).map { index in
            IndexFacts(
                name: index.indexName,
                field: index.fieldName,
                parameters: IndexParameters(
                    index.params.map { Property(key: $0.key, value: $0.value) }
                )
            )
        }
        return CollectionFacts(
            name: name,
            server: try await server(),
            schema: found.schema,
            shards: Int(found.shardsNum),
            consistency: found.consistencyLevel,
            properties: Dictionary(
                found.properties.map { ($0.key, $0.value) },
                uniquingKeysWith: { _, last in last }
            ),
            partitions: partitions,
            indexes: indexes,
            aliases: try await aliases(of: name),
            load: try await load(of: name, partitions)
        )
    }

    private func load(
        of name: CollectionName,
        _ partitions: [String]
    ) async throws -> CollectionFacts.Load {
        switch try await loadState(of: name) {
        case .loaded: break
        case .loading: return .partial
        default: return .none
        }
        if try await server().isLite { return .all }
        let loaded = try await loadedPartitions(of: name)
        return loaded == partitions ? .all : .partitions(loaded)
    }
}
