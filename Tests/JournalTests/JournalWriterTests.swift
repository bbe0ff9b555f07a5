import Operations
import Testing

@testable import Journal

struct JournalWriterTests {
    @Test func `every kind of operation comes back as it was written`() async throws {
        let batch = Batch(
            operations: Samples.everyKind.map {
                StampedOperation(timestamp: Samples.timestamp(5), operation: $0)
            },
            position: Samples.position(5)
        )
        #expect(Set(Samples.everyKind.map(\.kind)) == Set(OperationKind.allCases))
        for level: Int32? in [nil, 1] {
            let storage = FaultyStorage()
            try await withJournal(storage, options: JournalOptions(compressionLevel: level)) {
                writer,
                _ in
                let head = try await writer.append(batch)
                #expect(head.sequence.rawValue == UInt64(Samples.everyKind.count))
                #expect(head.position == Samples.position(5))
            }
            #expect(try readAll(storage) == Samples.entries(of: [batch]))
        }
    }

    @Test func `a journal goes on where it was closed`() async throws {
        let storage = FaultyStorage()
        let batches = Samples.workload(12)
        for batch in batches {
            try await withJournal(storage) { writer, _ in
                try await writer.append(batch)
                #expect(writer.position == batch.position)
                #expect(writer.recovery.tornTail == nil)
            }
        }
        let expected = Samples.entries(of: batches)
        #expect(try readAll(storage) == expected)
        #expect(expected.map(\.sequence.rawValue) == Array(1...UInt64(expected.count)))
        try await withJournal(storage) { writer, _ in
            #expect(writer.head.batch == 12)
            #expect(writer.recovery.epoch == 13)
            #expect(writer.definitions() == definitions(of: expected))
        }
    }

    @Test func `a batch without operations moves only the resolved timestamp`() async throws {
        try await withJournal { writer, storage in
            try await writer.append(Samples.batch(1))
            let before = try storage.size()
            let head = try await writer.append(Batch(operations: [], position: Samples.position(9)))
            #expect(head.sequence.rawValue == 2)
            #expect(head.resolved == Samples.timestamp(9))
            #expect(try storage.size() - before < 400)
        }
    }

    @Test func `a batch that goes back in time is refused and leaves the journal as it was`()
        async throws
    {
        try await withJournal { writer, _ in
            try await writer.append(Samples.batch(5))
            let backwards = Batch(
                operations: [
                    StampedOperation(
                        timestamp: Samples.timestamp(7),
                        operation: .insert(Samples.rows(1))
                    ),
                    StampedOperation(
                        timestamp: Samples.timestamp(6),
                        operation: .insert(Samples.rows(2))
                    ),
                ],
                position: Samples.position(8)
            )
            let unresolved = Batch(
                operations: Samples.batch(9).operations,
                position: Samples.position(8)
            )
            for batch in [Samples.batch(4), backwards, unresolved] {
                #expect(await errorCode { try await writer.append(batch) } == .refused)
            }
            #expect(try await writer.append(Samples.batch(6)).batch == 2)
        }
    }

    @Test func `batches commit in the order they were submitted and share syncs`() async throws {
        try await withJournal(options: JournalOptions(frameSizeTargetBytes: 4096)) {
            writer,
            storage in
            let batches = (1...200).map { Samples.batch($0, operations: 3, bytes: $0 * 97 % 9000) }
            var pending: [PendingAppend] = []
            for batch in batches { pending.append(try await writer.submit(batch)) }
            var last = UInt64(0)
            for append in pending {
                let head = try await append.durable()
                #expect(head.batch == last + 1)
                last = head.batch
            }
            #expect(try readAll(storage) == Samples.entries(of: batches))
        }
    }

    @Test func `appends from many tasks are all there, each batch whole`() async throws {
        try await withJournal { writer, storage in
            let batch = Batch(
                operations: Samples.batch(1).operations,
                position: Samples.position(1)
            )
            try await withThrowingTaskGroup(of: JournalHead.self) { group in
                for _ in 0..<64 { group.addTask { try await writer.append(batch) } }
                var seen: Set<UInt64> = []
                for try await head in group { seen.insert(head.batch) }
                #expect(seen == Set(1...64))
            }
            #expect(try readAll(storage).count == 128)
            #expect(try verify(journalAt: journalPath, storage: storage).isSound)
        }
    }

    @Test func `submitting waits for room`() async throws {
        let options = JournalOptions(queueSizeMaxBytes: 10_000, encoderCount: 1)
        try await withJournal(options: options) { writer, storage in
            let batches = (1...50).map { Samples.batch($0, operations: 1, bytes: 8_000) }
            var pending: [PendingAppend] = []
            for batch in batches { pending.append(try await writer.submit(batch)) }
            for append in pending { _ = try await append.durable() }
            #expect(try readAll(storage) == Samples.entries(of: batches))
        }
    }

    @Test func `followers see the present head and then the newest`() async throws {
        let writer = try openJournal(FaultyStorage())
        var first = writer.heads().makeAsyncIterator()
        #expect(await first.next()?.batch == 0)
        for number in 1...5 { try await writer.append(Samples.batch(number)) }
        #expect(await first.next()?.batch == 5)
        var second = writer.heads().makeAsyncIterator()
        #expect(await second.next()?.batch == 5)
        await writer.close()
        #expect(await first.next() == nil)
        #expect(await second.next() == nil)
    }

    @Test func `a closed writer takes nothing and may be closed again`() async throws {
        let writer = try openJournal(FaultyStorage())
        await writer.close()
        await writer.close()
        #expect(await errorCode { try await writer.append(Samples.batch(1)) } == .stopped)
    }

    @Test func `closing waits for what was submitted`() async throws {
        let storage = FaultyStorage()
        let writer = try openJournal(storage)
        let batches = (1...20).map { Samples.batch($0, bytes: 30_000) }
        for batch in batches { _ = try await writer.submit(batch) }
        await writer.close()
        #expect(try readAll(storage) == Samples.entries(of: batches))
    }

    @Test func `options that cannot be are refused`() async {
        for options in [
            JournalOptions(compressionLevel: 20), JournalOptions(frameSizeTargetBytes: 0),
            JournalOptions(encoderCount: 0),
        ] {
            #expect(
                await errorCode { _ = try openJournal(FaultyStorage(), options: options) }
                    == .refused
            )
        }
    }

    @Test func `a journal of another source is refused`() async throws {
        let storage = FaultyStorage()
        try await withJournal(storage) { writer, _ in _ = try await writer.append(Samples.batch(1))
        }
        let code = await errorCode {
            _ = try JournalWriter.open(at: journalPath, source: "other", storage: storage)
        }
        #expect(code == .refused)
    }
}

/// The fold of some entries.
func definitions(of entries: some Sequence<Entry>) -> Definitions {
    var definitions = Definitions()
    for entry in entries { definitions.apply(entry.operation) }
    return definitions
}

extension FaultyStorage {
    /// The bytes of all segments.
    func size() throws -> Int {
        files.filter { $0.key.hasSuffix(".flog") }.reduce(0) { $0 + $1.value.count }
    }

    /// The segments' paths, oldest first.
    var segments: [String] { files.keys.filter { $0.hasSuffix(".flog") }.sorted() }
}
