import Capture
import FoundationEssentials
import Journal
import Logging
import MilvusAPI
import Operations
import Replay
import TestSupport
import Testing

@testable import Milvus

/// The recorded source, journalled and replayed onto a real server.
@Suite(.enabled(if: TargetLiveServers.areNamed), .serialized)
struct TargetLiveReplayTests {
    private let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

    @Test(arguments: TargetLiveServers.uris)
    func `the recording replayed holds every row of the source`(uri: String) async throws {
        let manifest = try Recording.milvus235.get().manifest
        let last = try #require(manifest.phases.last)
        let prefix = "flightlog_\(UInt64.random(in: 0..<(1 << 48)))_"
        try await withJournal { entries in
            try await MilvusConnection(uri: uri).carried { connection in
                let target = MilvusTarget(connection)
                let databases = manifest.phases.flatMap(\.state.keys)
                let renames = try Set(databases).sorted().map {
                    try RenameRule("\($0).*=\(prefix)\($0).*")
                }
                let isLite = try await connection.server().isLite
                // It holds no binary vectors.
                let exclude = isLite ? ["bench_db.binary_vec"] : []
                let replayer = Replayer(
                    source: entries,
                    target: target,
                    store: InMemoryCheckpoints(),
                    projection: try Projection(
                        exclude: exclude.map { try NamePattern($0) },
                        rename: renames
                    ),
                    end: .sequence(try entries.head().sequence),
                    logger: logger
                )
                for database in Set(databases) {
                    try await target.createDatabase(prefix + database, properties: [])
                }
                do {
                    try await replayer.run()
                    #expect(replayer.status.parked.map { "\($0)" } == [])
                    // It knows neither users nor Trie and STL_SORT.
                    let skipped = Set(replayer.status.skipped.map(\.kind))
                    #expect(skipped == (isLite ? ["rbac", "create_index"] : []))
                    for (database, collections) in last.state {
                        for (name, state) in collections
                        where exclude.contains("\(database).\(name)") == false {
                            let place = CollectionName(
                                database: prefix + database,
                                collection: name
                            )
                            try await check(place, state, on: target)
                        }
                    }
                } catch {
                    try await clean(prefix, on: target)
                    throw error
                }
                try await clean(prefix, on: target)
            }
        }
    }

    /// Reads all rows and compares their digest with the recorded one.
    private func check(
        _ name: CollectionName,
        _ state: CollectionState,
        on target: MilvusTarget
    ) async throws {
        let comment = Comment(rawValue: "\(name)")
        let facts = try #require(try await target.connection.facts(of: name), comment)
        let isLite = facts.server.isLite
        if facts.load != .all {
            // What the source has no index for cannot be read.
            guard isLite || facts.indexes.isEmpty == false else { return }
            try await target.load(name, partitions: nil, replicas: 1)
            try await target.waitUntilLoaded(name)
        }
        let key = try #require(facts.primaryKey)
        let fields = facts.schema.fields.map(\.name) + (facts.hasDynamicField ? ["$meta"] : [])
        var pages = RowPages(
            target.connection,
            of: name,
            key: key,
            fields: fields,
            partitions: [],
            at: .now
        )
        var table = RowTable(
            CollectionDefinition(
                id: CollectionID(rawValue: 1),
                database: .default,
                name: name.collection,
                schema: [],
                primaryKey: key,
                hasPartitionKey: facts.hasPartitionKey,
                hasDynamicField: facts.hasDynamicField,
                virtualChannels: [],
                consistencyLevel: 0,
                properties: [],
                partitions: [],
                createdAt: .zero
            )
        )
        while let page = try await pages.next() { table.add(page.keys, page.columns) }
        #expect(table.keyCount == state.rows, comment)
        #expect(table.digest == state.digest, comment)
        #expect(facts.aliases == state.aliases.sorted(), comment)
        if facts.hasPartitionKey == false {
            #expect(facts.partitions == state.partitions.sorted(), comment)
        }
        if isLite == false {
            #expect(facts.indexes.map(\.name) == state.indexes.keys.sorted(), comment)
        }
    }

    private func clean(_ prefix: String, on target: MilvusTarget) async throws {
        for database in try await target.connection.databases() where database.hasPrefix(prefix) {
            for collection in try await target.connection.collections(in: database) {
                let name = CollectionName(database: database, collection: collection)
                for alias in try await target.connection.aliases(of: name) {
                    try await target.dropAlias(alias, in: database)
                }
                try await target.dropCollection(name)
            }
            try await target.dropDatabase(database)
        }
    }

    /// A journal of the whole recording.
    private func withJournal(_ body: (JournalEntries) async throws -> Void) async throws {
        let directory = FileManager.default.temporaryDirectory
            .appendingPathComponent("flightlog-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: directory) }
        let source = try PlayedRecording(Recording.milvus235.get())
        let journal = try JournalWriter.open(at: directory.path, source: "recorded")
        var options = ReaderOptions(sideChannel: PhysicalChannel("by-dev-replicate-msg"))
        options.idleCommitInterval = .zero
        options.messageWait = .zero
        let reader = Reader(
            log: source,
            metadata: source.metadata,
            messageDecoder: MilvusMessageDecoder(),
            metadataDecoder: MilvusMetadataDecoder(),
            journal: journal,
            options: options,
            logger: logger
        )
        do { try await reader.run() } catch is PlayedRecording.Ended {}
        await journal.close()
        try await body(JournalEntries(reader: try JournalReader.open(at: directory.path)))
    }
}
