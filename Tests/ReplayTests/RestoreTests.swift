import Operations
import Replay
import Testing

struct RestoreTests {
    /// Entries 1 to 6 with timestamps 1 to 6, in two batches resolved at 3 and 6.
    private let harness = ReplayHarness(
        [
            Make.create(1, "a"), Make.insert(1, 1), Make.create(2, "b"), Make.insert(1, 2),
            Make.insert(2, 1), Make.insert(1, 3),
        ],
        batchSize: 3
    )

    @Test(
        arguments: [
            (1, []), (2, [1]), (3, [1]), (4, [1, 2]), (5, [1, 2]), (6, [1, 2, 3]),
        ] as [(UInt64, [Int64])]
    )
    func `a restore to a timestamp holds every entry up to it and none after`(
        tso: UInt64,
        keys: [Int64]
    ) async throws {
        let replayer = harness.replayer(end: .timestamp(Make.tso(tso)))
        try await replayer.run()
        #expect(harness.keys("a") == keys)
        #expect(replayer.status.state == .done)
        #expect(replayer.status.checkpoint.tso == Make.tso(tso))
        #expect(replayer.status.checkpoint.sequence.rawValue == tso)
        #expect(replayer.status.fractionDone == 1)
    }

    @Test(arguments: 1...6 as ClosedRange<UInt64>)
    func `a restore to an entry holds the same as one to its timestamp`(
        sequence: UInt64
    ) async throws {
        try await harness.replayer(end: .sequence(SequenceNumber(rawValue: sequence))).run()
        let other = ReplayHarness()
        for piece in [harness.journal] {
            let replayer = Replayer(
                source: piece,
                target: other.target,
                store: other.checkpoints,
                projection: .everything,
                end: .timestamp(Make.tso(sequence)),
                logger: ReplayHarness.logger
            )
            try await replayer.run()
        }
        #expect(harness.target.contents == other.target.contents)
    }

    @Test func `a cut by timestamp reaches entries behind later ones of its batch`() async throws {
        let harness = ReplayHarness()
        func at(_ tick: UInt64, _ operation: Operation) -> StampedOperation {
            StampedOperation(timestamp: Make.tso(tick), operation: operation)
        }
        // A batch that is grouped by collection.
        harness.journal.append(
            [
                at(1, Make.create(1, "a")), at(2, Make.create(2, "b")), at(3, Make.insert(1, 1)),
                at(5, Make.insert(1, 2)), at(4, Make.insert(2, 1)), at(6, Make.insert(2, 2)),
            ],
            resolved: Make.tso(6)
        )
        try await harness.replayer(end: .timestamp(Make.tso(4))).run()
        #expect(harness.keys("a") == [1])
        #expect(harness.keys("b") == [1])
        #expect(
            harness.checkpoints.saved?.mark
                == Mark(sequence: SequenceNumber(rawValue: 3), tso: Make.tso(4))
        )
        // Going on from there takes what was cut off, and doubles nothing.
        try await harness.replayer(end: .timestamp(Make.tso(6))).run()
        #expect(harness.keys("a") == [1, 2])
        #expect(harness.keys("b") == [1, 2])
    }

    @Test func `a restore that was cut short goes on where it was`() async throws {
        harness.target.set(InMemoryFaults([3: .hangAfter]))
        let first = harness.replayer(end: .timestamp(Make.tso(6)))
        let run = Task { try await first.run() }
        for await _ in harness.target.hangs { break }
        run.cancel()
        _ = await run.result
        harness.target.set(InMemoryFaults())
        try await harness.replayer(end: .timestamp(Make.tso(6))).run()
        #expect(harness.keys("a") == [1, 2, 3])
        #expect(harness.keys("b") == [1])
    }

    @Test func `a restore that is done does nothing again`() async throws {
        try await harness.replayAll()
        let calls = harness.target.calls.count
        try await harness.replayAll()
        #expect(harness.target.calls.count == calls)
    }

    @Test func `a restore onto rows is refused`() async throws {
        try await harness.replayAll()
        let again = ReplayHarness()
        var options = ReplayOptions()
        options.refusesExistingRows = true
        let replayer = Replayer(
            source: harness.journal,
            target: harness.target,
            store: again.checkpoints,
            projection: .everything,
            end: .sequence(harness.journal.head().sequence),
            options: options,
            logger: ReplayHarness.logger
        )
        await #expect {
            try await replayer.run()
        } throws: { error in
            (error as? ReplayError)?.code == .conflict
        }
        #expect(harness.keys("a") == [1, 2, 3])
    }

    @Test func `a restore that goes on does not refuse its own rows`() async throws {
        var harness = harness
        harness.options.refusesExistingRows = true
        harness.target.set(InMemoryFaults([4: .hangAfter]))
        let first = harness.replayer(end: .timestamp(Make.tso(6)))
        let run = Task { try await first.run() }
        for await _ in harness.target.hangs { break }
        run.cancel()
        _ = await run.result
        harness.target.set(InMemoryFaults())
        try await harness.replayer(end: .timestamp(Make.tso(6))).run()
        #expect(harness.keys("a") == [1, 2, 3])
    }

    @Test func `a plan counts what a restore would do`() throws {
        let plan = try RestorePlan.read(
            harness.journal,
            projection: .everything,
            end: .timestamp(Make.tso(5))
        )
        #expect(plan.lanes[Make.lane("a")]?.operations == [.createCollection: 1, .insert: 2])
        #expect(plan.lanes[Make.lane("b")]?.rows == 1)
        #expect(plan.rows == 3)
        #expect(plan.entriesRead == 5)
        #expect(plan.reached == Mark(sequence: SequenceNumber(rawValue: 5), tso: Make.tso(5)))
    }

    @Test func `a plan to an entry reads no further`() throws {
        let plan = try RestorePlan.read(
            harness.journal,
            projection: .everything,
            end: .sequence(SequenceNumber(rawValue: 2))
        )
        #expect(plan.entriesRead == 2)
        #expect(plan.rows == 1)
    }

    @Test func `what has no date is no moment that a journal begins at`() throws {
        let (undated, dated) = (
            HybridTimestamp(rawValue: 1), HybridTimestamp(unixMilliseconds: 1_000)
        )
        func stamped(_ timestamp: HybridTimestamp, _ id: Int64) -> StampedOperation {
            StampedOperation(timestamp: timestamp, operation: Make.create(id, "c\(id)"))
        }
        let journal = InMemoryJournal(pieceEntriesMax: 1)
        journal.append(
            [stamped(undated, 1), stamped(undated, 2), stamped(dated, 3)],
            resolved: dated
        )
        #expect(try JournalSpan(of: journal).first == dated)
        let old = InMemoryJournal()
        old.append([stamped(undated, 1)], resolved: dated)
        #expect(try JournalSpan(of: old).first == dated)
        let oldest = InMemoryJournal()
        oldest.append([stamped(undated, 1)], resolved: undated)
        #expect(try JournalSpan(of: oldest).first == undated)
    }

    @Test func `the span of a journal begins at its first entry`() throws {
        let span = try JournalSpan(of: harness.journal)
        #expect(span.first == Make.tso(1))
        #expect(span.head == harness.journal.head())
    }
}
