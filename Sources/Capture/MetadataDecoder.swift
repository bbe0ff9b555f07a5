package import Operations

/// What a key of the metadata store is about.
package enum MetadataKey: Hashable, Sendable {
    case database(DatabaseID)
    case collection(DatabaseID, CollectionID)
    case field(CollectionID, Int64)
    /// Fields that are kept as records of one field (Milvus 2.6).
    case structField(CollectionID, Int64)
    /// What computes fields from others (Milvus 2.5).
    case function(CollectionID, Int64)
    case partition(CollectionID, PartitionID)
    case alias(DatabaseID, String)
    case index(CollectionID, IndexID)
    case collectionLoad(CollectionID)
    case partitionLoad(CollectionID, PartitionID)
    case access(AccessKey)
    /// A stored piece of a collection; of interest only while rows are imported into it.
    case segment(CollectionID, Int64)
    /// Where the source itself would read on: a virtual channel's checkpoint.
    case checkpoint(channel: String)
    /// How far the source itself has read a channel that orders itself (Milvus 2.6).
    case log(PhysicalChannel)
    /// The source's clock.
    case clock
}

/// The state of something that is made and unmade in steps.
package enum DefinitionState: Hashable, Sendable { case creating, created, dropping, dropped }

/// What a value of the metadata store says.
package enum MetadataValue: Hashable, Sendable {
    case database(DatabaseDefinition, DefinitionState)
    case collection(CollectionRecord)
    /// A `milvus.proto.schema.FieldSchema`, `StructArrayFieldSchema` or `FunctionSchema`, as the key says.
    case field([UInt8])
    case partition(PartitionDefinition, createdAt: HybridTimestamp, DefinitionState)
    case alias(AliasDefinition, DefinitionState)
    /// An index; `isDropped` once it is on its way out. `field` is the field's id.
    case index(
        IndexRecord,
        createdAt: HybridTimestamp,
        isDropped: Bool
    )
    case collectionLoad(CollectionLoadRecord)
    case partitionLoad(PartitionID)
    case access(AccessValue)
    /// A piece that rows are imported into, beside the log.
    case importedSegment
    case checkpoint(offset: Int64?, HybridTimestamp)
    /// Everything up to the timestamp stands in the channel's log.
    case log(HybridTimestamp)
    /// No timestamp at or below this will be handed out any more.
    case clock(HybridTimestamp)
}

/// A collection's own record; its fields and partitions have records of their own.
package struct CollectionRecord: Hashable, Sendable {
    package let id: CollectionID
    package let database: DatabaseID
    package let name: String
    package let state: DefinitionState
    /// A `milvus.proto.schema.CollectionSchema` without fields.
    package let schema: [UInt8]
    package let virtualChannels: [VirtualChannel]
    /// For each physical channel the offset of the collection's first message.
    package let startOffsets: [PhysicalChannel: Int64]
    package let consistencyLevel: Int32
    package let properties: [Property]
    package let createdAt: HybridTimestamp

    package init(
        id: CollectionID,
        database: DatabaseID,
        name: String,
        state: DefinitionState,
        schema: [UInt8],
        virtualChannels: [VirtualChannel],
        startOffsets: [PhysicalChannel: Int64],
        consistencyLevel: Int32,
        properties: [Property],
        createdAt: HybridTimestamp
    ) {
        self.id = id
        self.database = database
        self.name = name
        self.state = state
        self.schema = schema
        self.virtualChannels = virtualChannels
        self.startOffsets = startOffsets
        self.consistencyLevel = consistencyLevel
        self.properties = properties
        self.createdAt = createdAt
    }
}

/// An index's own record; it names its field by id.
package struct IndexRecord: Hashable, Sendable {
    package let id: IndexID
    package let collection: CollectionID
    package let fieldID: Int64
    package let name: String
    package let parameters: [Property]

    package init(
        id: IndexID,
        collection: CollectionID,
        fieldID: Int64,
        name: String,
        parameters: [Property]
    ) {
        self.id = id
        self.collection = collection
        self.fieldID = fieldID
        self.name = name
        self.parameters = parameters
    }
}

/// What of a collection is loaded, as its load record says.
package struct CollectionLoadRecord: Hashable, Sendable {
    package let collection: CollectionID
    /// Whether single partitions were loaded rather than the collection.
    package let isByPartition: Bool
    package let replicas: Int32

    package init(collection: CollectionID, isByPartition: Bool, replicas: Int32) {
        self.collection = collection
        self.isByPartition = isByPartition
        self.replicas = replicas
    }
}

/// One record, decoded.
package struct DecodedRecord: Sendable {
    package let key: MetadataKey
    /// Nil where the thing is gone: a deleted key, or the source's tombstone.
    package let value: MetadataValue?
    /// Where the record is the timestamped copy of another (`snapshots/…_ts<TSO>`): the timestamp at
    /// which that key took this value.
    package let stamp: HybridTimestamp?

    package init(key: MetadataKey, value: MetadataValue?, stamp: HybridTimestamp? = nil) {
        self.key = key
        self.value = value
        self.stamp = stamp
    }
}

/// Reads the source's metadata.
package protocol MetadataDecoder: Sendable {
    /// What a record says; nil if it is not about definitions.
    ///
    /// - Throws: `MetadataFailure` with code `corrupt` and a sentence that names the key.
    func decode(_ record: MetadataRecord) throws -> DecodedRecord?

    /// Puts a collection together.
    ///
    /// - Parameters:
    ///   - record: The collection's own record.
    ///   - fields: `milvus.proto.schema.FieldSchema` messages by field id, system fields included.
    ///   - partitions: Those that came with the collection.
    /// - Returns: The collection as the journal keeps it.
    /// - Throws: `MetadataFailure` with code `corrupt`.
    func definition(
        of record: CollectionRecord,
        fields: [Int64: [UInt8]],
        partitions: [PartitionDefinition]
    ) throws -> CollectionDefinition

    /// Puts a collection together that may have more than plain fields.
    ///
    /// - Parameters:
    ///   - record: The collection's own record.
    ///   - parts: Its other records.
    /// - Returns: The collection as the journal keeps it.
    /// - Throws: `MetadataFailure` with code `corrupt`.
    func definition(
        of record: CollectionRecord,
        parts: CollectionParts
    ) throws -> CollectionDefinition

    /// The name of a field.
    func fieldName(_ field: [UInt8]) throws -> String

    /// The name of a field of records; nil if the records have no such field.
    func fieldName(_ id: Int64, inRecords structField: [UInt8]) throws -> String?

    /// Checks that the source is one that can be read; the whole metadata is given.
    ///
    /// - Throws: `MetadataFailure` with code `refused` where it is not: no Milvus here, or one whose log is
    ///   not on Kafka.
    func admit(_ snapshot: MetadataSnapshot) throws
}

extension MetadataDecoder {
    /// For sources whose collections have plain fields only.
    package func definition(
        of record: CollectionRecord,
        parts: CollectionParts
    ) throws -> CollectionDefinition {
        try definition(of: record, fields: parts.fields, partitions: parts.partitions)
    }

    /// For sources without fields of records.
    package func fieldName(_ id: Int64, inRecords structField: [UInt8]) throws -> String? { nil }
}

/// The records that belong to a collection's own.
package struct CollectionParts: Sendable {
    /// `milvus.proto.schema.FieldSchema` messages by field id, system fields included.
    package var fields: [Int64: [UInt8]] = [:]
    /// `milvus.proto.schema.StructArrayFieldSchema` messages by field id.
    package var structFields: [Int64: [UInt8]] = [:]
    /// `milvus.proto.schema.FunctionSchema` messages by function id.
    package var functions: [Int64: [UInt8]] = [:]
    /// Those that came with the collection.
    package var partitions: [PartitionDefinition] = []

    package init() {}
}
