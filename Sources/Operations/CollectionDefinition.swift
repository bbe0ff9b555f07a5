/// A collection as the source defines it.
package struct CollectionDefinition: Hashable, Sendable, Codable {
    package let id: CollectionID
    package var database: DatabaseID
    package var name: String
    /// A `milvus.proto.schema.CollectionSchema` with the user's fields and the dynamic field, in field-id order and
    /// with the source's ids; without a name and the system fields RowID and Timestamp.
    package var schema: [UInt8]
    package var primaryKey: PrimaryKey
    package var hasPartitionKey: Bool
    package var hasDynamicField: Bool
    /// One for each shard, in shard order.
    package var virtualChannels: [VirtualChannel]
    /// `milvus.proto.common.ConsistencyLevel`.
    package var consistencyLevel: Int32
    package var properties: [Property]
    /// The partitions that came with the collection: the default one, or those of its partition key.
    package var partitions: [PartitionDefinition]
    package var createdAt: HybridTimestamp

    package init(
        id: CollectionID,
        database: DatabaseID,
        name: String,
        schema: [UInt8],
        primaryKey: PrimaryKey,
        hasPartitionKey: Bool,
        hasDynamicField: Bool,
        virtualChannels: [VirtualChannel],
        consistencyLevel: Int32,
        properties: [Property],
        partitions: [PartitionDefinition],
        createdAt: HybridTimestamp
    ) {
        self.id = id
        self.database = database
        self.name = name
        self.schema = schema
        self.primaryKey = primaryKey
        self.hasPartitionKey = hasPartitionKey
        self.hasDynamicField = hasDynamicField
        self.virtualChannels = virtualChannels
        self.consistencyLevel = consistencyLevel
        self.properties = properties
        self.partitions = partitions
        self.createdAt = createdAt
    }
}

/// The primary key of a collection.
package struct PrimaryKey: Hashable, Sendable, Codable {
    /// What a key is.
    package enum Kind: String, Hashable, Sendable, Codable { case int64, varchar }

    /// The field's name.
    package let field: String
    package let kind: Kind
    /// Whether the source makes the keys.
    package let isAutoID: Bool

    package init(field: String, kind: Kind, isAutoID: Bool) {
        self.field = field
        self.kind = kind
        self.isAutoID = isAutoID
    }
}

/// A key and a value, as Milvus keeps properties and parameters.
package struct Property: Hashable, Comparable, Sendable, Codable {
    package let key: String
    package let value: String

    package init(key: String, value: String) {
        self.key = key
        self.value = value
    }

    package static func < (left: Self, right: Self) -> Bool {
        (left.key, left.value) < (right.key, right.value)
    }
}
