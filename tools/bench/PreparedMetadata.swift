import Capture
import Operations

/// Metadata of one collection, told without a store.
struct PreparedMetadata: MetadataDecoder {
    private static let collectionKey = "collection"

    /// A source whose only record is the collection.
    static func source() -> InMemoryMetadata {
        let metadata = InMemoryMetadata()
        metadata.write(
            MetadataChange(
                revision: MetadataRevision(rawValue: 1),
                records: [
                    MetadataRecord(key: collectionKey, value: []),
                    MetadataRecord(key: "partition", value: []),
                ]
            )
        )
        metadata.reveal(through: MetadataRevision(rawValue: 1))
        return metadata
    }

    func decode(_ record: MetadataRecord) -> DecodedRecord? {
        let createdAt = HybridTimestamp(unixMilliseconds: PreparedLog.firstTime)
        guard record.key == Self.collectionKey else {
            return DecodedRecord(
                key: .partition(PreparedLog.collection, PreparedLog.partition),
                value: .partition(
                    PartitionDefinition(id: PreparedLog.partition, name: "_default"),
                    createdAt: createdAt,
                    .created
                )
            )
        }
        let indexes = 0..<PreparedLog.channelCount
        return DecodedRecord(
            key: .collection(.default, PreparedLog.collection),
            value: .collection(
                CollectionRecord(
                    id: PreparedLog.collection,
                    database: .default,
                    name: "bench",
                    state: .created,
                    schema: [],
                    virtualChannels: indexes.map { PreparedLog.virtualChannel($0) },
                    startOffsets: Dictionary(
                        uniqueKeysWithValues: indexes.map { (PreparedLog.channel($0), 1) }
                    ),
                    consistencyLevel: 2,
                    properties: [],
                    createdAt: createdAt
                )
            )
        )
    }

    func definition(
        of record: CollectionRecord,
        fields: [Int64: [UInt8]],
        partitions: [PartitionDefinition]
    ) -> CollectionDefinition {
        CollectionDefinition(
            id: record.id,
            database: record.database,
            name: record.name,
            schema: [],
            primaryKey: PrimaryKey(field: "id", kind: .int64, isAutoID: false),
            hasPartitionKey: false,
            hasDynamicField: false,
            virtualChannels: record.virtualChannels,
            consistencyLevel: record.consistencyLevel,
            properties: [],
            partitions: partitions,
            createdAt: record.createdAt
        )
    }

    func fieldName(_ field: [UInt8]) -> String { "" }

    func admit(_ snapshot: MetadataSnapshot) {}
}
