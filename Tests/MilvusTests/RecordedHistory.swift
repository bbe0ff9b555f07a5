import Capture
import Operations
import TestSupport

@testable import Milvus

/// The recorded metadata by the timestamps of its `snapshots/…_ts` records.
struct RecordedHistory {
    /// What exists at one timestamp.
    struct State {
        var databases: [DatabaseID: String] = [:]
        var collections: [CollectionID: CollectionRecord] = [:]
        var partitions: [CollectionID: [PartitionID: String]] = [:]

        func collection(_ database: String, _ name: String) -> CollectionID? {
            collections.values.first {
                $0.name == name && databases[$0.database] == database
            }?.id
        }
    }

    private var records: [DecodedRecord] = []
    private var fields: [CollectionID: [Int64: [UInt8]]] = [:]
    private var created: [CollectionID: CollectionRecord] = [:]

    init(_ recording: Recording) throws {
        let decoder = MilvusMetadataDecoder()
        for event in recording.metadataEvents {
            guard let record = try decoder.decode(MetadataRecord(event)) else { continue }
            if record.stamp != nil { records.append(record) }
            if case .field(let collection, let id) = record.key,
                case .field(let bytes)? = record.value
            {
                fields[collection, default: [:]][id] = bytes
            }
            if case .collection(let record)? = record.value { created[record.id] = record }
        }
    }

    /// The partitions whose records say that they are being dropped.
    var droppedPartitions: [StampedOperation] {
        records.compactMap { record in
            guard case .partition(let collection, let id) = record.key,
                case .partition(_, _, .dropping)? = record.value, let stamp = record.stamp
            else { return nil }
            return StampedOperation(timestamp: stamp, operation: .dropPartition(collection, id))
        }
    }

    func definition(of id: CollectionID) throws -> CollectionDefinition {
        guard let record = created[id] else {
            throw Fixtures.Failure(description: "no collection \(id)")
        }
        return try MilvusMetadataDecoder().definition(
            of: record,
            fields: fields[id] ?? [:],
            partitions: []
        )
    }

    func state(at timestamp: HybridTimestamp) -> State {
        var state = State()
        // The record of the default database is stamped when its server starts.
        for record in records {
            guard let stamp = record.stamp, stamp <= timestamp else { continue }
            switch (record.key, record.value) {
            case (.database(let id), .database(let database, _)):
                state.databases[id] = database.name
            case (.database(let id), _): state.databases[id] = nil
            case (.collection(_, let id), .collection(let record)):
                let isThere = record.state == .created || record.state == .creating
                state.collections[id] = isThere ? record : nil
            case (.partition(let collection, let id), .partition(let partition, _, let phase)):
                let isThere = phase == .created || phase == .creating
                state.partitions[collection, default: [:]][id] = isThere ? partition.name : nil
            default: break
            }
        }
        return state
    }
}

extension MetadataRecord {
    /// The record of an event, with its key below the root.
    init(_ event: Recording.MetadataEvent) {
        self.init(
            key: String(event.key.dropFirst(Recording.root.count)),
            value: event.type == .delete ? nil : event.value
        )
    }
}
