import Operations
import Replay
import Testing

@Suite(.timeLimit(.minutes(5)))
struct TruncationTests {
    private let id = CollectionID(rawValue: 1)

    @Test func `a truncation removes the rows before it and keeps everything else`() async throws {
        let harness = ReplayHarness([
            Make.create(1, "a"),
            .createPartition(id, PartitionDefinition(id: PartitionID(rawValue: 7), name: "p")),
            .createIndex(Make.index(1, 3)),
            .load(LoadDefinition(collection: id, partitions: nil, replicas: 1)),
            .createAlias(AliasDefinition(database: .default, name: "b", collection: id)),
            Make.insert(1, 1, 2, 3), .truncateCollection(id), Make.insert(1, 2),
        ])
        try await harness.replayAll()
        let collection = try #require(harness.target.contents.collections[Make.name("a")])
        #expect(collection.rows.map(\.key) == [2])
        #expect(collection.partitions.contains("p"))
        #expect(Array(collection.indexes.keys) == ["i"])
        #expect(collection.loaded == [])
        #expect(harness.target.contents.aliases[Make.name("b")] == Make.name("a"))
    }

    @Test func `a truncation of what is not taken, or is gone, asks for nothing`() {
        var translation = Translation(
            projection: .everything,
            unsupported: [],
            definitions: Definitions()
        )
        let result = translation.take(
            Entry(
                sequence: SequenceNumber(rawValue: 1),
                timestamp: Make.tso(1),
                operation: .truncateCollection(id)
            )
        )
        #expect(result.drafts.isEmpty && result.skipped.isEmpty)
    }
}
