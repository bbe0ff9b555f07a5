import Capture
import FoundationEssentials
import Journal
import Logging
import Operations
import TestSupport
import Testing

@testable import Milvus

/// The recording, played through Capture into a journal on disk.
struct RecordedJournalTests {
    /// The phases at whose end it is certain what is loaded.
    ///
    /// Loads and releases carry no timestamp, and the recording does not say when they were written.
    private static let phasesThatTellOfLoads: Set<String> = ["load", "mutate", "drop", "last"]

    @Test func `a journal of the recording is the source at the end of every phase`() async throws {
        let recording = try Recording.milvus235.get()
        let entries = try await MadeJournal.withDirectory { directory in
            try await journal(recording, at: directory, killAfter: nil).entries
        }
        var compared = 0
        var fold = JournalFold()
        var rest = entries[...]
        for phase in recording.manifest.phases {
            let end = HybridTimestamp(rawValue: phase.tso)
            while let entry = rest.first, entry.timestamp <= end {
                try fold.apply(entry.operation)
                rest = rest.dropFirst()
            }
            #expect(
                fold.collectionNames == phase.state.mapValues { Set($0.keys) },
                "\(phase.phase)"
            )
            for (database, collections) in phase.state {
                for (name, state) in collections {
                    let place = Comment(rawValue: "\(phase.phase): \(database).\(name)")
                    let found = try #require(fold.collection(name, in: database), place)
                    #expect(found.rows.digest == state.digest, place)
                    #expect(found.rows.keyCount == state.rows, place)
                    #expect(
                        Set(found.definition.partitions.values.map(\.name))
                            == Set(state.partitions),
                        place
                    )
                    #expect(
                        Set(found.definition.indexes.values.map(\.name))
                            == Set(state.indexes.keys),
                        place
                    )
                    #expect(fold.aliases(of: found.definition) == Set(state.aliases), place)
                    if Self.phasesThatTellOfLoads.contains(phase.phase) {
                        #expect(
                            (found.definition.load != nil) == (state.loaded != nil),
                            place
                        )
                    }
                    compared += 1
                }
            }
        }
        #expect(compared == 137)
        #expect(zip(entries, entries.dropFirst()).allSatisfy { $0.timestamp <= $1.timestamp })
        #expect(entries.map(\.sequence.rawValue) == Array(1...UInt64(entries.count)))
    }

    @Test func `a reader killed at every 50th message journals the same operations`() async throws {
        let recording = try Recording.milvus235.get()
        let whole = try await MadeJournal.withDirectory { directory in
            try await journal(recording, at: directory, killAfter: nil)
        }
        let killed = try await MadeJournal.withDirectory { directory in
            try await journal(recording, at: directory, killAfter: 50)
        }
        #expect(killed.deaths >= 100)
        #expect(killed.entries.count == whole.entries.count)
        let difference = zip(killed.entries, whole.entries).first { $0 != $1 }
        #expect(difference == nil)
    }

    @Test func `a reader that begins late journals the source as it was at the end`() async throws {
        let recording = try Recording.milvus235.get()
        let late = try PlayedRecording(recording)
        late.metadata.reveal(
            through: MetadataRevision(rawValue: try Recording.keyspace(.last).revision)
        )
        let entries = try await MadeJournal.withDirectory { directory in
            try await read(late, at: directory)
            return try MadeJournal.entries(at: directory)
        }
        var fold = JournalFold()
        for entry in entries { try fold.apply(entry.operation) }
        let last = try #require(recording.manifest.phases.last)
        #expect(fold.collectionNames == last.state.mapValues { Set($0.keys) })
        for (database, collections) in last.state {
            for (name, state) in collections {
                let found = try #require(fold.collection(name, in: database))
                #expect(found.rows.digest == state.digest, "\(database).\(name)")
            }
        }
    }

    // MARK: - Playing

    /// Plays the whole recording; after each death the reader is started again on the same journal.
    private func journal(
        _ recording: Recording,
        at directory: String,
        killAfter: Int?
    ) async throws -> (entries: [Entry], deaths: Int) {
        var furthest = 0
        var deaths = 0
        while true {
            let source = try PlayedRecording(
                recording,
                furthest: furthest,
                killAfter: killAfter
            )
            if try await read(source, at: directory) { break }
            deaths += 1
            furthest = source.furthest
        }
        return (try MadeJournal.entries(at: directory), deaths)
    }

    /// - Returns: Whether the recording was played to its end.
    @discardableResult
    private func read(_ source: PlayedRecording, at directory: String) async throws -> Bool {
        let journal = try JournalWriter.open(at: directory, source: "recorded")
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
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        )
        do {
            try await reader.run()
        } catch is PlayedRecording.Killed {
            await journal.close()
            return false
        } catch is PlayedRecording.Ended {}
        await journal.close()
        return true
    }
}

/// What the entries of a journal come to.
private struct JournalFold {
    private(set) var definitions = Definitions()
    private var rows: [CollectionID: RowTable] = [:]

    mutating func apply(_ operation: Operation) throws {
        if case .createCollection(let definition) = operation {
            rows[definition.id] = RowTable(definition)
        }
        if let id = operation.collection { try rows[id]?.apply(operation) }
        definitions.apply(operation)
    }

    /// The collections of each database, for databases that exist.
    var collectionNames: [String: Set<String>] {
        var names = Dictionary(
            uniqueKeysWithValues: definitions.databases.values.map { ($0.name, Set<String>()) }
        )
        for id in definitions.collections.keys {
            guard let name = definitions.name(of: id) else { continue }
            names[name.database, default: []].insert(name.collection)
        }
        return names
    }

    func collection(
        _ name: String,
        in database: String
    ) -> (definition: Definitions.Collection, rows: RowTable)? {
        guard let id = definitions.collection(named: name, in: database),
            let definition = definitions.collections[id], let table = rows[id]
        else { return nil }
        return (definition, table)
    }

    func aliases(of collection: Definitions.Collection) -> Set<String> {
        Set(
            definitions.aliases.filter { $0.collection == collection.definition.id }
                .map(\.name)
        )
    }
}
