import Operations
import Replay
import Testing

@Suite(.timeLimit(.minutes(5)))
struct ReplayerTests {
    private let id = CollectionID(rawValue: 1)

    @Test func `the target comes to hold what the journal says`() async throws {
        let harness = ReplayHarness([
            Make.create(1, "a"), Make.insert(1, 1, 2, 3), Make.delete(1, 2),
            Make.upsert(1, 3, value: 30), Make.insert(1, 1),
        ])
        let status = try await harness.replayAll()
        #expect(
            harness.target.contents.collections[Make.name("a")]?.rows
                == [InMemoryRow(1, 1), InMemoryRow(1, 1), InMemoryRow(3, 30)]
        )
        #expect(status.state == .done)
        #expect(status.checkpoint == harness.journal.head())
        #expect(status.backlogEntries == 0)
        #expect(status.appliedRows == 6)
    }

    @Test func `the checkpoint that is saved at the end leaves nothing in doubt`() async throws {
        let harness = ReplayHarness([Make.create(1, "a"), Make.insert(1, 1)])
        try await harness.replayAll()
        let saved = try #require(harness.checkpoints.saved)
        #expect(saved.mark == harness.journal.head())
        #expect(saved.reach == saved.sequence)
        harness.journal.append([Make.insert(1, 1)])
        try await harness.replayAll()
        #expect(harness.keys("a") == [1, 1])
        #expect(harness.target.calls.allSatisfy { !$0.isInDoubt })
    }

    @Test func `what comes into the journal is applied at once`() async throws {
        let harness = ReplayHarness()
        try await harness.following { replayer in
            for round in 1...20 as ClosedRange<Int64> {
                harness.journal.append([Make.create(round, "c\(round)"), Make.insert(round, round)])
                try await until(replayer) { _ in harness.keys("c\(round)") == [round] }
            }
            try await until(replayer) {
                $0.checkpoint == harness.journal.head()
            }
        }
    }

    @Test func `an idle source moves the timestamp, and seldom the store`() async throws {
        let harness = ReplayHarness([Make.create(1, "a")])
        let head = harness.journal.head()
        try await harness.following { replayer in
            try await until(replayer) { $0.checkpoint == head }
            try await until(replayer) { _ in harness.checkpoints.saved?.mark == head }
            let saves = harness.checkpoints.saveCount
            for tick in 1...100 as ClosedRange<UInt64> {
                let mark = harness.journal.append(
                    [StampedOperation](),
                    resolved: Make.tso(head.tso.rawValue + tick)
                )
                try await until(replayer) { $0.checkpoint == mark }
            }
            // The clock of the test stands still, so no save is due.
            #expect(harness.checkpoints.saveCount == saves)
        }
        #expect(harness.checkpoints.saved?.mark == harness.journal.head())
    }

    @Test func `a journal that does not concern the task moves its checkpoint`() async throws {
        var harness = ReplayHarness([Make.create(1, "a"), Make.insert(1, 1)])
        harness.projection = try Projection(include: [NamePattern("other")])
        let status = try await harness.replayAll()
        #expect(status.checkpoint == harness.journal.head())
        #expect(harness.target.calls.isEmpty)
    }

    @Test func `calls under way are bounded, and lanes share them`() async throws {
        var operations: [Operation] = []
        for collection in 1...20 as ClosedRange<Int64> {
            operations.append(Make.create(collection, "c\(collection)"))
        }
        for key in 1...20 as ClosedRange<Int64> {
            for collection in 1...20 as ClosedRange<Int64> {
                operations.append(Make.insert(collection, key))
            }
        }
        var harness = ReplayHarness(operations, batchSize: 7)
        harness.options.requestsMax = 3
        try await harness.replayAll()
        #expect(harness.target.underWayMost == 3)
        for collection in 1...20 {
            #expect(harness.keys("c\(collection)") == Array(1...20))
        }
    }

    @Test func `a small window still gets through a large journal`() async throws {
        let inserts = (1...300).map { Make.insert(1, Int64($0)) }
        var harness = ReplayHarness(
            [Make.create(1, "a")] + inserts,
            batchSize: 100,
            pieceEntriesMax: 10
        )
        harness.options.windowSizeMaxBytes = 200
        try await harness.replayAll()
        #expect(harness.keys("a")?.count == 300)
    }

    @Test func `what passes is tried again until it is done`() async throws {
        let harness = ReplayHarness(
            [Make.create(1, "a"), Make.insert(1, 1)],
            faults: InMemoryFaults([
                1: .failure(.transient), 2: .failure(.transient), 3: .failure(.transient),
                5: .failure(.transient, hadNoEffect: true),
            ])
        )
        let clock = InstantClock()
        let replayer = harness.replayer(
            end: .sequence(harness.journal.head().sequence),
            clock: clock
        )
        try await replayer.run()
        #expect(harness.keys("a") == [1])
        #expect(clock.slept > .zero)
        #expect(replayer.status.lastError == nil)
        // What certainly had no effect is repeated plainly.
        #expect(harness.target.calls.allSatisfy { !$0.isInDoubt })
    }

    @Test func `while the target does not answer, the state says so`() async throws {
        let harness = ReplayHarness(
            [Make.create(1, "a")],
            faults: InMemoryFaults { _ in .failure(.transient) }
        )
        try await harness.following { replayer in
            try await until(replayer) { $0.state == .retrying }
            #expect(replayer.status.lastError?.contains("create_collection") == true)
            harness.target.set(InMemoryFaults())
            try await until(replayer) { $0.state == .running }
            try await until(replayer) { $0.checkpoint == harness.journal.head() }
        }
    }

    @Test func `an insert whose reply was lost is not doubled`() async throws {
        let harness = ReplayHarness(
            [Make.create(1, "a"), Make.insert(1, 1, 2)],
            faults: InMemoryFaults([2: .replyLost])
        )
        let status = try await harness.replayAll()
        #expect(harness.keys("a") == [1, 2])
        #expect(status.doubt.requests == 1)
        #expect(status.doubt.rowsHeld == 2)
    }

    @Test func `a stop does not wait for a target that does not answer`() async throws {
        let harness = ReplayHarness(
            [Make.create(1, "a")],
            faults: InMemoryFaults { _ in .failure(.transient) }
        )
        let replayer = harness.replayer()
        async let run: Void = replayer.run()
        try await until(replayer) { $0.state == .retrying }
        replayer.stop()
        try await run
        #expect(replayer.status.state == .stopped)
        #expect(harness.checkpoints.saved?.sequence == .zero)
        #expect(harness.checkpoints.saved?.reach.rawValue == 1)
    }

    @Test func `a target that refuses us ends the replay`() async throws {
        let harness = ReplayHarness(
            [Make.create(1, "a")],
            faults: InMemoryFaults { _ in .failure(.unauthorized) }
        )
        let replayer = harness.replayer()
        await #expect {
            try await replayer.run()
        } throws: { error in
            (error as? ReplayError)?.code == .unauthorized
        }
        #expect(replayer.status.state == .failed)
        #expect(replayer.status.lastError != nil)
    }

    @Test func `a conflict parks the collection, and the others go on`() async throws {
        let harness = ReplayHarness(
            [
                Make.create(1, "a"), Make.create(2, "b"), Make.insert(1, 1), Make.insert(2, 1),
                Make.insert(1, 2), Make.insert(2, 2),
            ],
            batchSize: 1,
            faults: InMemoryFaults {
                $0.kind == .insert && $0.subject.hasPrefix("default.a") ? .failure(.rejected) : nil
            }
        )
        let status = try await harness.replayAll()
        #expect(harness.keys("a") == [])
        #expect(harness.keys("b") == [1, 2])
        #expect(status.checkpoint == harness.journal.head())
        #expect(status.parked.map(\.lane) == [Make.lane("a")])
        #expect(status.parked.first?.sequence.rawValue == 3)
        #expect(harness.checkpoints.saved?.parked == status.parked)
    }

    @Test func `a parked lane stays parked over a restart and is caught up when asked for`()
        async throws
    {
        let harness = ReplayHarness(
            [Make.create(1, "a"), Make.create(2, "b"), Make.insert(1, 1)],
            batchSize: 1,
            faults: InMemoryFaults { $0.kind == .insert ? .failure(.rejected) : nil }
        )
        try await harness.replayAll()
        harness.target.set(InMemoryFaults())
        harness.journal.append([
            Make.insert(1, 2), Make.delete(1, 1), Make.insert(2, 1),
            .createIndex(Make.index(1, 1)),
        ])
        try await harness.replayAll()
        #expect(harness.keys("a") == [])
        #expect(harness.keys("b") == [1])
        try await harness.following { replayer in
            #expect(replayer.status.parked.isEmpty || replayer.status.parked.count == 1)
            replayer.resume(Make.lane("a"))
            try await until(replayer) { _ in harness.checkpoints.saved?.parked.isEmpty == true }
            #expect(harness.keys("a") == [2])
            harness.journal.append([Make.insert(1, 3)])
            try await until(replayer) { _ in harness.keys("a") == [2, 3] }
            #expect(replayer.status.state == .running)
        }
        #expect(harness.target.contents.collections[Make.name("a")]?.indexes.count == 1)
    }

    @Test func `a lane that is refused again stays parked at what was refused`() async throws {
        let harness = ReplayHarness(
            [Make.create(1, "a"), Make.insert(1, 1), Make.delete(1, 9), Make.insert(1, 2)],
            batchSize: 1,
            faults: InMemoryFaults { $0.kind == .insert ? .failure(.rejected) : nil }
        )
        try await harness.replayAll()
        harness.target.set(
            InMemoryFaults { $0.detail.contains(2) ? .failure(.rejected) : nil }
        )
        try await harness.following { replayer in
            replayer.resume(Make.lane("a"))
            try await until(replayer) { _ in
                harness.checkpoints.saved?.parked.first?.sequence.rawValue == 4
            }
        }
        #expect(harness.keys("a") == [1])
    }

    @Test func `resuming what a rename tied together brings both names up`() async throws {
        let harness = ReplayHarness(
            [
                Make.create(1, "a"), Make.create(2, "b"), Make.insert(1, 1),
                .dropCollection(CollectionID(rawValue: 2)),
                .renameCollection(id, database: .default, name: "b"), Make.insert(1, 2),
                Make.create(3, "a"), Make.insert(3, 7),
            ],
            batchSize: 1,
            faults: InMemoryFaults { $0.kind == .insert ? .failure(.rejected) : nil }
        )
        let status = try await harness.replayAll()
        #expect(status.parked.map(\.lane) == [Make.lane("a"), Make.lane("b")])
        harness.target.set(InMemoryFaults())
        try await harness.following { replayer in
            replayer.resume(Make.lane("a"))
            replayer.resume(Make.lane("b"))
            try await until(replayer) { _ in harness.checkpoints.saved?.parked.isEmpty == true }
        }
        #expect(harness.keys("a") == [7])
        #expect(harness.keys("b") == [1, 2])
    }

    @Test func `resuming a database catches up its collections, then itself`() async throws {
        let database = DatabaseDefinition(id: DatabaseID(rawValue: 5), name: "d")
        let harness = ReplayHarness(
            [
                .createDatabase(database),
                .createCollection(Make.definition(1, "a", database: database.id)),
                Make.insert(1, 1), .dropCollection(id), .dropDatabase(database.id),
                .createDatabase(DatabaseDefinition(id: DatabaseID(rawValue: 6), name: "d")),
                .createCollection(
                    Make.definition(2, "a", database: DatabaseID(rawValue: 6))
                ),
                Make.insert(2, 2), Make.create(3, "b"),
            ],
            batchSize: 2,
            faults: InMemoryFaults { $0.kind == .insert ? .failure(.rejected) : nil }
        )
        let status = try await harness.replayAll()
        #expect(
            status.parked.map(\.lane) == [.database("d"), .collection(Make.name("a", in: "d"))]
        )
        #expect(harness.keys("b") == [])
        harness.target.set(InMemoryFaults())
        let replayer = harness.replayer(end: .sequence(harness.journal.head().sequence))
        replayer.resume(.database("d"))
        try await replayer.run()
        #expect(replayer.status.parked.isEmpty)
        #expect(harness.keys("a", in: "d") == [2])
    }

    @Test func `what the target cannot hold is listed, and the others go on`() async throws {
        let harness = ReplayHarness(
            [
                Make.create(1, "a"), Make.create(2, "b"), Make.insert(1, 1), Make.insert(2, 1),
                Make.insert(1, 2),
            ],
            faults: InMemoryFaults {
                $0.kind == .createCollection && $0.subject == "default.a"
                    ? .failure(.unsupported) : nil
            }
        )
        let status = try await harness.replayAll()
        #expect(harness.keys("a") == nil)
        #expect(harness.keys("b") == [1])
        #expect(status.parked.isEmpty)
        #expect(status.skipped.reduce(0) { $0 + $1.count } == 3)
        #expect(Set(status.skipped.map(\.lane)) == [Make.lane("a")])
        harness.journal.append([
            Make.insert(1, 3), .dropCollection(id), Make.create(3, "a"), Make.insert(3, 1),
        ])
        harness.target.set(InMemoryFaults())
        try await harness.replayAll()
        #expect(harness.keys("a") == [1])
    }

    @Test func `an index the target cannot hold does not stop the rows`() async throws {
        let harness = ReplayHarness(
            [Make.create(1, "a"), .createIndex(Make.index(1, 1)), Make.insert(1, 1)],
            faults: InMemoryFaults { $0.kind == .createIndex ? .failure(.unsupported) : nil }
        )
        let status = try await harness.replayAll()
        #expect(harness.keys("a") == [1])
        #expect(status.skipped.map(\.kind) == ["create_index"])
    }

    @Test func `a gap is told, and what is there is applied`() async throws {
        let gap = Gap(collection: id, shard: nil, from: .zero, through: .zero, reason: "lost")
        let harness = ReplayHarness([Make.create(1, "a"), .gap(gap), Make.insert(1, 1)])
        try await harness.following { replayer in
            try await until(replayer) { $0.state == .gap }
            #expect(replayer.status.gaps.map(\.lane) == [Make.lane("a")])
            try await until(replayer) { _ in harness.keys("a") == [1] }
        }
        #expect(harness.checkpoints.saved?.gaps.count == 1)
    }

    @Test func `two replayers of one journal do not know of each other`() async throws {
        let dead = ReplayHarness(faults: InMemoryFaults { _ in .failure(.transient) })
        let alive = InMemoryTarget()
        let store = InMemoryCheckpoints()
        dead.journal.append([Make.create(1, "a"), Make.insert(1, 1)])
        try await dead.following { replayer in
            let other = Replayer(
                source: dead.journal,
                target: alive,
                store: store,
                projection: .everything,
                end: .sequence(dead.journal.head().sequence),
                logger: ReplayHarness.logger
            )
            try await other.run()
            #expect(replayer.status.checkpoint == .start)
        }
        #expect(alive.contents.collections[Make.name("a")]?.rows.count == 1)
    }

    @Test func `the reach is recorded ahead of what is sent, but not past the journal`()
        async throws
    {
        let inserts = (1...50).map { Make.insert(1, Int64($0)) }
        var harness = ReplayHarness([Make.create(1, "a")] + inserts, batchSize: 10)
        harness.options.reachStep = 20
        harness.target.set(InMemoryFaults([1: .hang]))
        let replayer = harness.replayer()
        let run = Task { try await replayer.run() }
        for await _ in harness.target.hangs { break }
        #expect(harness.checkpoints.saved?.reach.rawValue == 21)
        run.cancel()
        _ = await run.result
        #expect(harness.checkpoints.saved?.sequence == .zero)
    }
}
