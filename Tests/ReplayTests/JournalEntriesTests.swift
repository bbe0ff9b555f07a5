import FoundationEssentials
import Journal
import Operations
import Replay
import Testing

/// A replay of a journal on disk.
@Suite(.timeLimit(.minutes(5)))
struct JournalEntriesTests {
    private func withJournal(_ body: (JournalWriter, String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("replay-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let writer = try JournalWriter.open(at: folder, source: "main")
        try await body(writer, folder)
        await writer.close()
    }

    private func batch(_ operations: [Operation], after tick: UInt64) -> Batch {
        let stamped = operations.enumerated().map { index, operation in
            StampedOperation(
                timestamp: Make.tso(tick + 1 + UInt64(index)),
                operation: operation
            )
        }
        let resolved = Make.tso(tick + UInt64(max(operations.count, 1)))
        return Batch(
            operations: stamped,
            position: SourcePosition(resolved: resolved, metadata: .zero, offsets: [:])
        )
    }

    @Test(arguments: [true, false])
    func `what is appended is applied, told by the writer or looked up`(
        isInProcess: Bool
    ) async throws {
        try await withJournal { writer, folder in
            let source = JournalEntries(
                reader: try JournalReader.open(at: folder),
                writer: isInProcess ? writer : nil
            )
            let target = InMemoryTarget()
            let replayer = Replayer(
                source: source,
                target: target,
                store: InMemoryCheckpoints(),
                projection: .everything,
                logger: ReplayHarness.logger
            )
            async let run: Void = replayer.run()
            var tick: UInt64 = 0
            for id in 1...10 as ClosedRange<Int64> {
                try await writer.append(
                    batch([Make.create(id, "c\(id)"), Make.insert(id, id)], after: tick)
                )
                tick += 2
                try await until(replayer) { $0.checkpoint.tso >= Make.tso(tick) }
                #expect(
                    target.contents.collections[Make.name("c\(id)")]?.rows.map(\.key) == [id]
                )
            }
            try await writer.append(batch([], after: tick))
            try await until(replayer) { $0.checkpoint.tso > Make.tso(tick) }
            replayer.stop()
            try await run
        }
    }

    @Test func `a lane is caught up while the head is looked up`() async throws {
        try await withJournal { writer, folder in
            try await writer.append(batch([Make.create(1, "a"), Make.insert(1, 1)], after: 0))
            let target = InMemoryTarget(
                faults: InMemoryFaults { $0.kind == .insert ? .failure(.rejected) : nil }
            )
            let replayer = Replayer(
                source: JournalEntries(reader: try JournalReader.open(at: folder)),
                target: target,
                store: InMemoryCheckpoints(),
                projection: .everything,
                logger: ReplayHarness.logger
            )
            async let run: Void = replayer.run()
            try await until(replayer) { $0.state == .parked }
            target.set(InMemoryFaults())
            replayer.resume(Make.lane("a"))
            try await until(replayer) { $0.state == .running }
            try await writer.append(batch([Make.insert(1, 2)], after: 2))
            try await until(replayer) { $0.checkpoint.tso == Make.tso(3) }
            #expect(target.contents.collections[Make.name("a")]?.rows.map(\.key) == [1, 2])
            replayer.stop()
            try await run
        }
    }

    @Test func `a writer that was closed leaves its place to the next`() async throws {
        try await withJournal { first, folder in
            try await first.append(batch([Make.create(1, "a")], after: 0))
            let target = InMemoryTarget()
            let replayer = Replayer(
                source: JournalEntries(
                    reader: try JournalReader.open(at: folder),
                    writer: first
                ),
                target: target,
                store: InMemoryCheckpoints(),
                projection: .everything,
                logger: ReplayHarness.logger
            )
            async let run: Void = replayer.run()
            try await until(replayer) { $0.checkpoint.tso == Make.tso(1) }
            await first.close()
            let second = try JournalWriter.open(at: folder, source: "main")
            try await second.append(batch([Make.insert(1, 1)], after: 1))
            try await until(replayer) { $0.checkpoint.tso == Make.tso(2) }
            #expect(target.contents.collections[Make.name("a")]?.rows.map(\.key) == [1])
            replayer.stop()
            try await run
            await second.close()
        }
    }

    @Test func `a replay goes on within a batch, with the definitions of that place`()
        async throws
    {
        try await withJournal { writer, folder in
            let operations: [Operation] = [
                Make.create(1, "a"), Make.insert(1, 1),
                .renameCollection(CollectionID(rawValue: 1), database: .default, name: "b"),
                Make.insert(1, 2),
            ]
            try await writer.append(batch(operations, after: 0))
            let source = JournalEntries(reader: try JournalReader.open(at: folder))
            let target = InMemoryTarget()
            let store = InMemoryCheckpoints()
            for end in 1...4 as ClosedRange<UInt64> {
                let replayer = Replayer(
                    source: source,
                    target: target,
                    store: store,
                    projection: .everything,
                    end: .sequence(SequenceNumber(rawValue: end)),
                    logger: ReplayHarness.logger
                )
                try await replayer.run()
            }
            #expect(target.contents.collections[Make.name("b")]?.rows.map(\.key) == [1, 2])
        }
    }

    @Test func `the span of a journal is what a restore can go to`() async throws {
        try await withJournal { writer, folder in
            try await writer.append(batch([Make.create(1, "a")], after: 20))
            let source = JournalEntries(reader: try JournalReader.open(at: folder))
            let span = try JournalSpan(of: source)
            #expect(span.start.sequence == .zero)
            #expect(span.first == Make.tso(21))
            #expect(span.head == Mark(sequence: SequenceNumber(rawValue: 1), tso: Make.tso(21)))
        }
    }

    @Test func `a replayer whose journal is not there fails with the reason`() async throws {
        try await withJournal { writer, folder in
            try await writer.append(batch([Make.create(1, "a")], after: 0))
            let source = JournalEntries(reader: try JournalReader.open(at: folder))
            let checkpoint = Checkpoint(
                at: Mark(sequence: SequenceNumber(rawValue: 99), tso: Make.tso(99))
            )
            let replayer = Replayer(
                source: source,
                target: InMemoryTarget(),
                store: InMemoryCheckpoints(checkpoint),
                projection: .everything,
                logger: ReplayHarness.logger
            )
            await #expect {
                try await replayer.run()
            } throws: { error in
                (error as? JournalError)?.code == .notFound
            }
            #expect(replayer.status.state == .failed)
        }
    }
}
