import Operations
import Replay
import Synchronization
import Testing

/// What a target comes to hold is what the source holds, whatever lies between them.
@Suite(.timeLimit(.minutes(5)))
struct FaithfulTests {
    private let id = CollectionID(rawValue: 1)

    @Test func `an insert stays an insert: a key that the source holds twice is there twice`()
        async throws
    {
        let harness = ReplayHarness([
            Make.create(1, "a"), Make.insert(1, 1), Make.insert(1, 1), Make.insert(1, 1),
        ])
        try await harness.replayAll()
        #expect(harness.keys("a") == [1, 1, 1])
        #expect(harness.target.calls.allSatisfy { $0.kind != .upsert && !$0.isInDoubt })
    }

    @Test func `a collection that is dropped and made again while the replay lags is the new one`()
        async throws
    {
        // All of it stands in the journal before the replay begins; the first has another id.
        let harness = ReplayHarness(
            [
                Make.create(1, "a"), Make.insert(1, 1, 2), .createIndex(Make.index(1, 1)),
                .dropCollection(id), Make.create(2, "a"), Make.insert(2, 3),
                .dropCollection(CollectionID(rawValue: 2)), Make.create(3, "a"), Make.insert(3, 4),
            ],
            batchSize: 2
        )
        try await harness.replayAll()
        #expect(harness.keys("a") == [4])
        let held = harness.target.contents.collections[Make.name("a")]
        #expect(held?.id.rawValue == 3)
        #expect(held?.indexes.isEmpty == true)
    }

    @Test func `keys that the source makes are the keys on the target, and are made only once`()
        async throws
    {
        let made = (470_742_913_088_225_807...470_742_913_088_225_816).map(Int64.init)
        let harness = ReplayHarness([
            .createCollection(Make.definition(1, "a", autoID: true)),
            .insert(Make.rows(1, made)), Make.delete(1, made[0], made[9]),
        ])
        harness.target.set(
            InMemoryFaults { call in call.kind == .insert && !call.isInDoubt ? .replyLost : nil }
        )
        try await harness.replayAll()
        #expect(harness.keys("a") == Array(made[1...8]))
        // The collection came with keys that are the source's, and its rows with them, sent twice.
        #expect(harness.target.calls.map(\.kind) == [.createCollection, .insert, .insert, .delete])
        #expect(harness.target.calls[1].detail == made && harness.target.calls[2].detail == made)
    }

    @Test func `rows of a collection with a partition key are placed by the target`() async throws {
        let partitions = (0..<4).map {
            PartitionDefinition(id: PartitionID(rawValue: 10 + $0), name: "_default_\($0)")
        }
        var operations: [Operation] = [
            .createCollection(Make.definition(1, "a", partitionKey: true, partitions: partitions))
        ]
        for key in 1...8 as ClosedRange<Int64> {
            let partition = partitions[Int(key % 4)].id
            operations.append(Make.insert(1, key, partition: partition))
        }
        // Another value of the partition key puts a row elsewhere.
        operations.append(.upsert(Make.rows(1, [3], partition: partitions[0].id, value: 7)))
        operations.append(Make.delete(1, 4))
        let harness = ReplayHarness(operations)
        let status = try await harness.replayAll()
        #expect(status.parked.isEmpty)
        #expect(harness.keys("a") == [1, 2, 3, 5, 6, 7, 8])
        let held = harness.target.contents.collections[Make.name("a")]
        #expect(held?.rows.first { $0.key == 3 }?.value == 7)
        #expect(held?.partitions.isSuperset(of: partitions.map(\.name)) == true)
        let changes = harness.target.calls.filter { [.insert, .upsert].contains($0.kind) }
        #expect(!changes.isEmpty && changes.allSatisfy { $0.subject == "default.a" })
    }

    @Test func `an alias whose collection was dropped serves another one`() async throws {
        let alias = AliasDefinition(database: .default, name: "c", collection: id)
        let other = AliasDefinition(
            database: .default,
            name: "c",
            collection: CollectionID(rawValue: 2)
        )
        let harness = ReplayHarness([
            Make.create(1, "a"), Make.create(2, "b"), .createAlias(alias), .dropCollection(id),
            .createAlias(other), Make.insert(2, 1),
        ])
        let status = try await harness.replayAll()
        #expect(status.parked.isEmpty)
        #expect(harness.target.contents.aliases == [Make.name("c"): Make.name("b")])
        #expect(harness.keys("b") == [1])
    }

    @Test func `an alias that comes to mean a collection that is not taken is none on the target`()
        async throws
    {
        let other = CollectionID(rawValue: 2)
        var harness = ReplayHarness([
            Make.create(1, "a"), Make.create(2, "b"),
            .createAlias(AliasDefinition(database: .default, name: "c", collection: id)),
            .alterAlias(AliasDefinition(database: .default, name: "c", collection: other)),
        ])
        harness.projection = try Projection(exclude: [NamePattern("b")])
        try await harness.replayAll()
        #expect(harness.target.contents.aliases.isEmpty)
        harness.journal.append([
            .alterAlias(AliasDefinition(database: .default, name: "c", collection: id))
        ])
        try await harness.replayAll()
        #expect(harness.target.contents.aliases == [Make.name("c"): Make.name("a")])
    }

    @Test func `a transaction larger than the window is applied whole`() async throws {
        let inserts = (1...5_000).map { Make.insert(1, Int64($0)) }
        var harness = ReplayHarness([Make.create(1, "a")] + inserts, pieceEntriesMax: 100)
        harness.options.windowSizeMaxBytes = 4_000
        let status = try await harness.replayAll()
        #expect(harness.keys("a") == Array(1...5_000))
        #expect(status.checkpoint == harness.journal.head())
    }

    @Test func `rows for a collection that somebody dropped are told before they are sent`()
        async throws
    {
        let harness = ReplayHarness([Make.create(1, "a"), Make.create(2, "b")])
        try await harness.replayAll()
        harness.target.forget(Make.name("a"))
        harness.journal.append([Make.insert(1, 1), Make.insert(2, 1)])
        let calls = harness.target.callCount
        let status = try await harness.replayAll()
        #expect(status.parked.map(\.lane) == [Make.lane("a")])
        #expect(status.parked.first?.sequence.rawValue == 3)
        #expect(status.parked.first?.reason.contains("There is no collection") == true)
        #expect(harness.keys("b") == [1])
        // The only call was for the other collection.
        #expect(harness.target.callCount == calls + 1)
    }

    @Test func `a replay that begins later finds a collection of another shape before its rows`()
        async throws
    {
        let harness = ReplayHarness([Make.create(1, "a")])
        let other = ReplayHarness([Make.create(9, "a")])
        try await other.replayAll()
        let mark = harness.journal.head()
        harness.journal.append([Make.insert(1, 1)])
        let replayer = Replayer(
            source: harness.journal,
            target: other.target,
            store: InMemoryCheckpoints(Checkpoint(at: mark)),
            projection: .everything,
            end: .sequence(harness.journal.head().sequence),
            logger: ReplayHarness.logger
        )
        try await replayer.run()
        #expect(replayer.status.parked.map(\.lane) == [Make.lane("a")])
        #expect(replayer.status.parked.first?.needs?.contains("drop or rename") == true)
        #expect(other.keys("a") == [])
    }

    @Test func `two collections that would meet are kept apart, wherever the replay begins`()
        async throws
    {
        var harness = ReplayHarness([Make.create(1, "a"), Make.create(2, "b")])
        harness.projection = try Projection(rename: [RenameRule("a=b")])
        let target = ReplayHarness([Make.create(2, "b")])
        try await target.replayAll()
        let mark = harness.journal.head()
        harness.journal.append([Make.insert(1, 1)])
        let replayer = Replayer(
            source: harness.journal,
            target: target.target,
            store: InMemoryCheckpoints(Checkpoint(at: mark)),
            projection: harness.projection,
            end: .sequence(harness.journal.head().sequence),
            logger: ReplayHarness.logger
        )
        try await replayer.run()
        #expect(replayer.status.parked.first?.reason.contains("would both be default.b") == true)
        #expect(target.keys("b") == [])
    }

    @Test func `a rename into a database that is not there makes it`() async throws {
        var harness = ReplayHarness([Make.create(1, "a"), Make.insert(1, 1)])
        harness.projection = try Projection(rename: [RenameRule("default.*=eu.*")])
        try await harness.replayAll()
        #expect(harness.target.contents.databases.contains("eu"))
        #expect(harness.keys("a", in: "eu") == [1])
        #expect(harness.keys("a") == nil)
    }

    @Test func `what is left out is not applied, and the rest is`() async throws {
        let load = LoadDefinition(collection: id, partitions: nil, replicas: 1)
        var harness = ReplayHarness([
            Make.create(1, "a"), .load(load), Make.insert(1, 1),
            .flush(FlushDefinition(collections: [id])), .release(id), .load(load),
        ])
        harness.projection = try Projection(leftOut: LeftOut.kinds(named: ["load", "flush"]))
        try await harness.replayAll()
        #expect(harness.target.calls.map(\.kind) == [.createCollection, .insert, .release])
    }

    @Test func `a slow lane does not stop the others`() async throws {
        var operations = [Make.create(1, "slow"), Make.create(2, "fast")]
        for key in 1...2_000 as ClosedRange<Int64> {
            operations += [Make.insert(1, key), Make.insert(2, key)]
        }
        let harness = ReplayHarness(operations, batchSize: 50)
        harness.target.set(
            InMemoryFaults { call in
                call.kind == .insert && call.subject.hasPrefix("default.slow") ? .hang : nil
            }
        )
        let replayer = harness.replayer()
        let run = Task { try await replayer.run() }
        for await _ in harness.target.hangs { break }
        // While the one call does not return, everything of the other collection arrives, what comes later too.
        try await until(replayer) { _ in harness.keys("fast")?.count == 2_000 }
        harness.journal.append([Make.insert(2, 5_000)])
        try await until(replayer) { _ in harness.keys("fast")?.count == 2_001 }
        #expect(harness.keys("slow") == [])
        #expect(replayer.status.checkpoint.sequence.rawValue < 10)
        run.cancel()
        _ = await run.result
        harness.target.set(InMemoryFaults())
        try await harness.replayAll()
        #expect(harness.keys("slow") == Array(1...2_000))
        #expect(harness.keys("fast")?.count == 2_001)
    }

    @Test func `a lane whose calls are repeated leaves room for the others`() async throws {
        var operations = [Make.create(1, "slow"), Make.create(2, "fast")]
        for key in 1...6 as ClosedRange<Int64> {
            operations.append(Make.insert(1, key, shard: Int(key)))
        }
        operations.append(Make.insert(2, 1))
        var harness = ReplayHarness(operations)
        harness.options.requestsMax = 2
        harness.target.set(
            InMemoryFaults { call in
                call.kind == .insert && call.subject.hasPrefix("default.slow")
                    ? .failure(.transient, hadNoEffect: true) : nil
            }
        )
        try await harness.following { replayer in
            try await until(replayer) { _ in harness.keys("fast") == [1] }
            #expect(harness.keys("slow") == [])
            harness.target.set(InMemoryFaults())
            try await until(replayer) { _ in harness.keys("slow") == Array(1...6) }
        }
    }

    @Test func `a target that is away for an hour costs nothing but lag`() async throws {
        let inserts = (1...500).map { Make.insert(1, Int64($0)) }
        var harness = ReplayHarness([Make.create(1, "a")] + inserts, batchSize: 20)
        harness.options.windowSizeMaxBytes = 4_000
        let clock = InstantClock()
        let away = Duration.seconds(3_600)
        harness.target.set(
            InMemoryFaults { _ in clock.slept < away ? .failure(.transient) : nil }
        )
        let other = ReplayHarness()
        let replayer = harness.replayer(
            end: .sequence(harness.journal.head().sequence),
            clock: clock
        )
        try await replayer.run()
        // It was tried all the time, and never more often than the pauses allow.
        #expect(clock.slept >= away)
        #expect(harness.target.callCount < 2_500)
        let status = replayer.status
        #expect(status.parked.isEmpty)
        #expect(status.lastError == nil)
        #expect(status.checkpoint == harness.journal.head())
        #expect(harness.checkpoints.letters.isEmpty)
        #expect(harness.keys("a") == Array(1...500))
        #expect(other.target.callCount == 0)
    }
}
