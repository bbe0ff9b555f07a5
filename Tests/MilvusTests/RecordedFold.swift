import Capture
import Operations
import TestSupport

@testable import Milvus

/// The recorded log and metadata, folded by timestamp without a journal: the plainest thing that can be
/// right, to hold everything else against.
struct RecordedFold {
    /// A collection as it stood at a timestamp.
    struct Found {
        let table: RowTable
        let partitionNames: [PartitionID: String]

        var keyCountByPartition: [String: Int] {
            var counts = Dictionary(uniqueKeysWithValues: partitionNames.values.map { ($0, 0) })
            for (id, count) in table.keyCountByPartition {
                counts[partitionNames[id] ?? "\(id)", default: 0] += count
            }
            return counts
        }
    }

    /// Row operations, and the partitions that were dropped, in journal order.
    private var operations: [StampedOperation] = []
    private var next = 0
    private var tables: [CollectionID: RowTable] = [:]
    private let history: RecordedHistory

    init(_ recording: Recording) throws {
        history = try RecordedHistory(recording)
        for message in recording.messages {
            switch try MilvusMessageDecoder().decode(LogMessage(message)) {
            case .insert(let rows, let stamp):
                operations.append(
                    StampedOperation(timestamp: stamp.timestamp, operation: .insert(rows))
                )
            case .delete(let keys, let stamp):
                operations.append(
                    StampedOperation(timestamp: stamp.timestamp, operation: .delete(keys))
                )
            default: break
            }
        }
        operations += history.droppedPartitions
        operations.sort { left, right in
            (left.timestamp, left.operation.kind.rank) < (
                right.timestamp, right.operation.kind.rank
            )
        }
    }

    /// Takes everything up to a timestamp in.
    mutating func advance(through tso: UInt64) throws {
        while next < operations.count, operations[next].timestamp.rawValue <= tso {
            let operation = operations[next].operation
            guard let id = operation.collection else { continue }
            if tables[id] == nil { tables[id] = RowTable(try history.definition(of: id)) }
            try tables[id]?.apply(operation)
            next += 1
        }
    }

    /// The collection that bore a name at a timestamp.
    func collection(_ database: String, _ name: String, at tso: UInt64) throws -> Found {
        let state = history.state(at: HybridTimestamp(rawValue: tso))
        guard let id = state.collection(database, name) else {
            throw Fixtures.Failure(description: "no collection \(database).\(name) at \(tso)")
        }
        return Found(
            table: try tables[id] ?? RowTable(history.definition(of: id)),
            partitionNames: state.partitions[id] ?? [:]
        )
    }
}
