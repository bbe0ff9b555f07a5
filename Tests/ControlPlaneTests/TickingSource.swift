import Capture
import Catalog
import Logging
import Operations
import Replay
import Synchronization

@testable import ControlPlane

/// A source in memory with one collection on one channel, whose time is the test's.
final class TickingSource: Sendable {
    /// Milliseconds since 1970: the source's clock and the server's.
    let clock = Mutex<Int64>(1_764_000_000_000)
    let log = InMemoryMessageLog()
    let metadata = InMemoryMetadata()
    let target = InMemoryTarget()
    private let channel = PhysicalChannel("c0")

    init() {
        metadata.write(
            MetadataChange(
                revision: MetadataRevision(rawValue: 1),
                records: [MetadataRecord(key: "collection/7", value: Array("x".utf8))]
            )
        )
        metadata.reveal(through: MetadataRevision(rawValue: 1))
    }

    var now: Int64 { clock.withLock { $0 } }

    /// Lets time pass.
    func pass(milliseconds: Int64) { clock.withLock { $0 += milliseconds } }

    /// The source promises that nothing older than now will come.
    func tick() async { await log.append(Array("tick \(now << 18)".utf8), to: channel) }

    /// Writes a row with the time of now.
    func insert(_ key: Int64) async {
        await log.append(Array("insert \(now << 18) \(key)".utf8), to: channel)
    }

    /// Runs a server over a directory, without HTTP.
    func withSupervisor(
        in directory: String,
        _ body: @escaping @Sendable (Supervisor) async throws -> Void
    ) async throws {
        await log.create(channel)
        let catalog = try Catalog.open(at: directory + "/catalog.sqlite")
        var options = ReaderOptions()
        options.idleCommitInterval = .zero
        let plan = SourcePlan(name: "main", address: nil, options: options) { [self] _ in
            SourcePeers(
                log: log,
                metadata: metadata,
                messageDecoder: TickMessages(),
                metadataDecoder: TickMetadata()
            ) {
                try await Task.sleep(for: .seconds(3600))
            }
        }
        let supervisor = Supervisor(
            sources: [plan],
            journals: directory + "/journal",
            catalog: catalog,
            findTarget: { [target] name in
                TargetPlan(address: name) {
                    TargetPeer(target: target) { try await Task.sleep(for: .seconds(3600)) }
                }
            },
            now: { [self] in now },
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        try await supervisor.prepare()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await supervisor.run() }
            group.addTask { try await body(supervisor) }
            // The body ends first, by itself or by what it throws.
            defer { group.cancelAll() }
            try await group.next()
        }
        try catalog.close()
    }
}

private struct TickMessages: MessageDecoder {
    func decode(_ message: LogMessage) throws -> DecodedMessage {
        let words = String(decoding: message.value, as: UTF8.self).split(separator: " ")
        let timestamp = HybridTimestamp(rawValue: UInt64(words[1]) ?? 0)
        guard words[0] == "insert", let key = Int64(words[2]) else { return .timeTick(timestamp) }
        return .insert(
            Rows(
                collection: CollectionID(rawValue: 7),
                partition: PartitionID(rawValue: 8),
                shard: 0,
                count: 1,
                columns: InMemoryRow.columns([InMemoryRow(key, 1)])
            ),
            MessageStamp(timestamp: timestamp, messageID: 0)
        )
    }
}

private struct TickMetadata: MetadataDecoder {
    func decode(_ record: MetadataRecord) -> DecodedRecord? {
        DecodedRecord(
            key: .collection(.default, CollectionID(rawValue: 7)),
            value: .collection(
                CollectionRecord(
                    id: CollectionID(rawValue: 7),
                    database: .default,
                    name: "a",
                    state: .created,
                    schema: [],
                    virtualChannels: [
                        VirtualChannel(name: "c0_7v0", physical: PhysicalChannel("c0"))
                    ],
                    startOffsets: [PhysicalChannel("c0"): 0],
                    consistencyLevel: 2,
                    properties: [],
                    createdAt: HybridTimestamp(rawValue: 1)
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
            partitions: [
                PartitionDefinition(id: PartitionID(rawValue: 8), name: "_default")
            ],
            createdAt: record.createdAt
        )
    }

    func fieldName(_ field: [UInt8]) -> String { "" }

    func admit(_ snapshot: MetadataSnapshot) {}
}
