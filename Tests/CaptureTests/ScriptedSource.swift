import Capture
import Operations

/// Messages and metadata of a made-up source, in a form that tests can write by hand.
///
/// A message is a line of words: `tick 20`, `insert 15 1` (timestamp, collection), `delete 15 1`,
/// `drop 1`, `noise`, `garbage`. A metadata key is `collection/ID` with the value
/// `STATE CREATED_AT CHANNEL OFFSET`, or `partition/ID`, or `compact`; or one of those that `ScriptMetadata+Access` reads.
enum Script {
    static func message(_ text: String, on channel: String, offset: Int64) -> LogMessage {
        LogMessage(channel: PhysicalChannel(channel), offset: offset, value: Array(text.utf8))
    }

    static func change(_ revision: Int64, _ records: (String, String?)...) -> MetadataChange {
        MetadataChange(
            revision: MetadataRevision(rawValue: revision),
            records: records.map {
                MetadataRecord(key: $0.0, value: $0.1.map { Array($0.utf8) })
            }
        )
    }

    /// Everything a new collection writes.
    static func creation(
        _ revision: Int64,
        of id: Int64,
        at timestamp: UInt64,
        on channels: String...,
        offset: Int64 = 0
    ) -> MetadataChange {
        change(
            revision,
            ("partition/\(id)", "\(timestamp)"),
            (
                "collection/\(id)",
                "created \(timestamp) \(channels.joined(separator: ",")) \(offset)"
            )
        )
    }
}

struct ScriptMessages: MessageDecoder {
    func decode(_ message: LogMessage) throws -> DecodedMessage {
        let words = String(decoding: message.value, as: UTF8.self).split(separator: " ")
        func number(_ index: Int) -> UInt64 { UInt64(words[index]) ?? 0 }
        switch words.first {
        case "tick": return .timeTick(HybridTimestamp(rawValue: number(1)))
        case "insert":
            let id = Int64(number(2))
            return .insert(
                Rows(
                    collection: CollectionID(rawValue: id),
                    partition: PartitionID(rawValue: id),
                    shard: 0,
                    count: 1,
                    columns: message.value[...]
                ),
                MessageStamp(timestamp: HybridTimestamp(rawValue: number(1)), messageID: 0)
            )
        case "delete":
            return .delete(
                DeletedKeys(
                    collection: CollectionID(rawValue: Int64(number(2))),
                    partition: nil,
                    shard: 0,
                    count: 1,
                    keys: message.value[...]
                ),
                MessageStamp(timestamp: HybridTimestamp(rawValue: number(1)), messageID: 0)
            )
        case "drop":
            return .collectionDropped(CollectionID(rawValue: Int64(number(1))), .zero)
        case "noise": return .ignored("noise")
        default: throw LogFailure(code: .corrupt, message: "garbage at offset \(message.offset)")
        }
    }
}

struct ScriptMetadata: MetadataDecoder {
    func decode(_ record: MetadataRecord) -> DecodedRecord? {
        if let record = special(record) { return record }
        let parts = record.key.split(separator: "/")
        guard parts.count == 2, let id = Int64(parts[1]) else { return nil }
        let words = record.value.map { String(decoding: $0, as: UTF8.self) }?.split(separator: " ")
        if parts[0] == "partition" {
            let key = MetadataKey.partition(
                CollectionID(rawValue: id),
                PartitionID(rawValue: id)
            )
            return DecodedRecord(
                key: key,
                value: words.map { words in
                    .partition(
                        PartitionDefinition(id: PartitionID(rawValue: id), name: "_default"),
                        createdAt: HybridTimestamp(rawValue: UInt64(words[0]) ?? 0),
                        .created
                    )
                }
            )
        }
        return DecodedRecord(
            key: .collection(.default, CollectionID(rawValue: id)),
            value: words.map { .collection(collection(id, $0)) }
        )
    }

    func collection(
        _ id: Int64,
        _ words: [Substring],
        in database: DatabaseID = .default
    ) -> CollectionRecord {
        let channels = words[2].split(separator: ",").map { PhysicalChannel(String($0)) }
        let offset = Int64(words[3]) ?? 0
        let states: [Substring: DefinitionState] = [
            "creating": .creating, "created": .created, "dropping": .dropping,
        ]
        return CollectionRecord(
            id: CollectionID(rawValue: id),
            database: database,
            name: "c\(id)",
            state: states[words[0]] ?? .created,
            schema: [],
            virtualChannels: channels.map {
                VirtualChannel(name: "\($0)_\(id)v0", physical: $0)
            },
            startOffsets: Dictionary(uniqueKeysWithValues: channels.map { ($0, offset) }),
            consistencyLevel: 2,
            properties: [],
            createdAt: HybridTimestamp(rawValue: UInt64(words[1]) ?? 0)
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
