/// A database as the source defines it.
package struct DatabaseDefinition: Hashable, Sendable, Codable {
    package let id: DatabaseID
    package var name: String
    package var properties: [Property]

    package init(id: DatabaseID, name: String, properties: [Property] = []) {
        self.id = id
        self.name = name
        self.properties = properties
    }
}

/// A partition of a collection.
package struct PartitionDefinition: Hashable, Sendable, Codable {
    /// The name of the partition that every collection has.
    package static let defaultName = "_default"

    package let id: PartitionID
    package let name: String

    package init(id: PartitionID, name: String) {
        self.id = id
        self.name = name
    }
}

/// An index on a field of a collection.
package struct IndexDefinition: Hashable, Sendable, Codable {
    package let id: IndexID
    package let collection: CollectionID
    package let field: String
    package let name: String
    /// The parameters as the user gave them (`index_type`, `metric_type`, `params`, …).
    package let parameters: [Property]

    package init(
        id: IndexID,
        collection: CollectionID,
        field: String,
        name: String,
        parameters: [Property]
    ) {
        self.id = id
        self.collection = collection
        self.field = field
        self.name = name
        self.parameters = parameters
    }
}

/// Another name of a collection, within its database.
package struct AliasDefinition: Hashable, Sendable, Codable {
    package let database: DatabaseID
    package let name: String
    package let collection: CollectionID

    package init(database: DatabaseID, name: String, collection: CollectionID) {
        self.database = database
        self.name = name
        self.collection = collection
    }
}

/// What of a collection is held in memory for search.
package struct LoadDefinition: Hashable, Sendable, Codable {
    package let collection: CollectionID
    /// The loaded partitions, ascending; nil means the whole collection, partitions to come included.
    package let partitions: [PartitionID]?
    package let replicas: Int32

    package init(collection: CollectionID, partitions: [PartitionID]?, replicas: Int32) {
        self.collection = collection
        self.partitions = partitions
        self.replicas = replicas
    }
}

/// A wish that what was written be sealed and stored.
package struct FlushDefinition: Hashable, Sendable, Codable {
    package let collections: [CollectionID]

    package init(collections: [CollectionID]) { self.collections = collections }
}

/// Source history that was lost before it could be read.
package struct Gap: Hashable, Sendable, Codable {
    /// The collection it affects; nil if that cannot be told.
    package let collection: CollectionID?
    /// The shard it affects; nil means all.
    package let shard: Int?
    /// The first timestamp whose rows are missing.
    package let from: HybridTimestamp
    /// The last timestamp whose rows are missing.
    package let through: HybridTimestamp
    /// One sentence for the operator.
    package let reason: String
    /// Left out of what is stored unless it is true.
    private let besideLog: Bool?

    package init(
        collection: CollectionID?,
        shard: Int?,
        from: HybridTimestamp,
        through: HybridTimestamp,
        reason: String,
        isBesideLog: Bool = false
    ) {
        self.collection = collection
        self.shard = shard
        self.from = from
        self.through = through
        self.reason = reason
        besideLog = isBesideLog ? true : nil
    }

    /// Whether what is missing never went through the log, such as imported rows: what the log holds of that time is
    /// in the journal.
    package var isBesideLog: Bool { besideLog == true }

    /// The same gap, noted at a timestamp.
    package func noted(at timestamp: HybridTimestamp) -> Gap {
        Gap(
            collection: collection,
            shard: shard,
            from: timestamp,
            through: timestamp,
            reason: reason,
            isBesideLog: isBesideLog
        )
    }
}
