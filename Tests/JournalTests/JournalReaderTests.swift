import Operations
import Testing

@testable import Journal

struct JournalReaderTests {
    private static let rolling = JournalOptions(
        segmentSizeMaxBytes: 4000,
        frameSizeTargetBytes: 700
    )

    @Test func `a reader sees a batch when it is durable, not before`() async throws {
        let storage = FaultyStorage()
        let writer = try openJournal(storage)
        let reader = try JournalReader.open(at: journalPath, storage: storage.observer)
        var cursor = try reader.cursor(after: .zero)
        #expect(try cursor.next() == nil)
        for number in 1...5 {
            let head = try await writer.append(Samples.batch(number))
            #expect(try reader.head() == head)
            let piece = try #require(try cursor.next())
            #expect(
                piece.entries.map(\.operation) == Samples.batch(number).operations.map(\.operation)
            )
            #expect(piece.commit == head)
            #expect(cursor.passed == head)
            #expect(try cursor.next() == nil)
        }
        // Written and not synced: whole in the file, but nobody may see it.
        let sync = storage.calls.count + 2
        storage.fail([sync: .crash])
        #expect(await errorCode { try await writer.append(Samples.batch(6)) } != nil)
        #expect(try reader.head().batch == 5)
        #expect(try cursor.next() == nil)
        await writer.close()
    }

    @Test func `a cursor placed anywhere reads the rest with the definitions in force there`()
        async throws
    {
        let storage = FaultyStorage()
        let batches = Samples.workload(24)
        try await withJournal(storage, options: Self.rolling) { writer, _ in
            for batch in batches { try await writer.append(batch) }
        }
        #expect(storage.segments.count > 3)
        let entries = Samples.entries(of: batches)
        let reader = try JournalReader.open(at: journalPath, storage: storage)
        for place in 0...entries.count {
            var cursor = try reader.cursor(after: SequenceNumber(rawValue: UInt64(place)))
            #expect(cursor.definitions == definitions(of: entries.prefix(place)), "after \(place)")
            var seen: [Entry] = []
            while let piece = try cursor.next() {
                seen += piece.entries
                #expect(
                    cursor.definitions == definitions(of: entries.prefix(place + seen.count)),
                    "after \(place), at \(cursor.sequence)"
                )
            }
            #expect(seen == Array(entries.dropFirst(place)), "after \(place)")
            #expect(cursor.passed.batch == 24)
        }
    }

    @Test func `the last piece of a batch, and only it, carries the commit`() async throws {
        let storage = FaultyStorage()
        let options = JournalOptions(frameSizeTargetBytes: 300)
        let batches = [
            Samples.batch(1, operations: 7, bytes: 200),
            Batch(operations: [], position: Samples.position(2)),
            Samples.batch(3, operations: 1),
        ]
        try await withJournal(storage, options: options) { writer, _ in
            for batch in batches { try await writer.append(batch) }
        }
        var cursor = try JournalReader.open(at: journalPath, storage: storage).cursor(after: .zero)
        let pieces = try drain(&cursor)
        #expect(pieces.map(\.entries.count) == [2, 2, 2, 1, 0, 1])
        #expect(pieces.map { $0.commit?.batch } == [nil, nil, nil, 1, 2, 3])
        #expect(pieces.compactMap(\.commit?.position) == batches.map(\.position))
    }

    @Test func `a frame of rows is passed by its header`() async throws {
        let storage = FaultyStorage()
        try await withJournal(storage) { writer, _ in
            for number in 1...4 { try await writer.append(Samples.batch(number)) }
        }
        // Damage in the rows of the first batch harms nobody who begins behind it.
        let path = try #require(storage.segments.first)
        var bytes = try #require(storage[path])
        let start = try #require(bytes.firstFrame(.entries))
        bytes[start + FrameHeader.size + 20] ^= 1
        storage[path] = bytes
        #expect(try readAll(storage, after: SequenceNumber(rawValue: 2)).count == 6)
        #expect(throws: JournalError.self) { try readAll(storage) }
    }

    @Test func `a place that is not there is said so`() async throws {
        let storage = FaultyStorage()
        try await withJournal(storage, options: Self.rolling) { writer, _ in
            for batch in Samples.workload(20) { try await writer.append(batch) }
        }
        let reader = try JournalReader.open(at: journalPath, storage: storage)
        let last = try reader.head().sequence
        let beyond = await errorCode { _ = try reader.cursor(after: last.next) }
        #expect(beyond == .notFound)
        // As retention would.
        let oldest = try #require(storage.segments.first)
        storage[oldest] = nil
        let first = try #require(try reader.segments().first?.firstSequence)
        let gone = await errorCode { _ = try reader.cursor(after: .zero) }
        #expect(gone == .notFound)
        #expect(
            try readAll(storage, after: SequenceNumber(rawValue: first.rawValue - 1)).first?
                .sequence == first
        )
    }

    @Test func `a missing segment in the middle is corruption`() async throws {
        let storage = FaultyStorage()
        try await withJournal(storage, options: Self.rolling) { writer, _ in
            for batch in Samples.workload(20) { try await writer.append(batch) }
        }
        storage[storage.segments[1]] = nil
        #expect(await errorCode { _ = try readAll(storage) } == .corrupt)
        #expect(await errorCode { _ = try openJournal(storage) } == .corrupt)
    }

    @Test func `a sealed segment that was cut short is corruption`() async throws {
        let storage = FaultyStorage()
        try await withJournal(storage, options: Self.rolling) { writer, _ in
            for batch in Samples.workload(20) { try await writer.append(batch) }
        }
        let path = storage.segments[0]
        let whole = try #require(storage[path])
        let end = try JournalReader.open(at: journalPath, storage: storage).segments()[0]
            .committedBytes
        storage[path] = Array(whole.prefix(end - 8))
        #expect(await errorCode { _ = try readAll(storage) } == .corrupt)
        #expect(await errorCode { _ = try openJournal(storage) } == .corrupt)
        // What lies behind the end holds nothing that readers need.
        storage[path] = whole.prefix(end) + [1, 2, 3]
        #expect(try readAll(storage) == Samples.entries(of: Samples.workload(20)))
    }

    @Test func `segments tell where they begin and end`() async throws {
        let storage = FaultyStorage()
        let batches = Samples.workload(20)
        try await withJournal(storage, options: Self.rolling) { writer, _ in
            for batch in batches { try await writer.append(batch) }
        }
        let reader = try JournalReader.open(at: journalPath, storage: storage)
        let segments = try reader.segments()
        #expect(segments.map { "\(journalPath)/\($0.name)" } == storage.segments)
        #expect(segments.map(\.ordinal) == Array(1...UInt64(segments.count)))
        #expect(segments.first?.firstSequence.rawValue == 1)
        #expect(segments.last?.lastSequence == Samples.entries(of: batches).last?.sequence)
        #expect(segments.last?.resolved == Samples.timestamp(20))
        for (one, next) in zip(segments, segments.dropFirst()) {
            #expect(one.lastSequence.next == next.firstSequence)
            #expect(one.resolved == next.resolvedBefore)
            #expect(one.committedBytes >= Self.rolling.segmentSizeMaxBytes)
        }
        #expect(segments.reduce(0) { $0 + $1.committedBytes } < (try storage.size()))
    }

    @Test func `there is no journal in an empty or a missing directory`() async throws {
        let storage = FaultyStorage()
        #expect(
            await errorCode { _ = try JournalReader.open(at: "/no", storage: storage) } == .notFound
        )
        try storage.create(directory: "/empty")
        let code = await errorCode { _ = try JournalReader.open(at: "/empty", storage: storage) }
        #expect(code == .notFound)
        let report = await errorCode { _ = try verify(journalAt: "/empty", storage: storage) }
        #expect(report == .notFound)
    }

    @Test func `a journal of a newer format is refused, not called corrupt`() async throws {
        let storage = FaultyStorage()
        try await withJournal(storage) { writer, _ in _ = try await writer.append(Samples.batch(1))
        }
        let path = try #require(storage.segments.first)
        storage[path]?[8] = 2
        #expect(await errorCode { _ = try readAll(storage) } == .refused)
        #expect(await errorCode { _ = try openJournal(storage) } == .refused)
    }

    @Test func `segments without entries follow one another`() async throws {
        let storage = FaultyStorage()
        let options = JournalOptions(segmentSizeMaxBytes: 2000)
        try await withJournal(storage, options: options) { writer, _ in
            try await writer.append(Samples.batch(1))
            for number in 2...60 {
                try await writer.append(Batch(operations: [], position: Samples.position(number)))
            }
            try await writer.append(Samples.batch(61))
        }
        #expect(storage.segments.count > 5)
        #expect(try readAll(storage).count == 4)
        for place in 0...4 {
            let rest = try readAll(storage, after: SequenceNumber(rawValue: UInt64(place)))
            #expect(rest.count == 4 - place)
        }
        #expect(try verify(journalAt: journalPath, storage: storage).isSound)
    }
}

extension [UInt8] {
    /// Where the first frame of a kind begins.
    func firstFrame(_ kind: FrameHeader.Kind) -> Int? {
        stride(from: SegmentHeader.size, to: count - FrameHeader.size, by: 8).first { offset in
            Array(self[offset..<(offset + 4)]) == Array("FLFR".utf8)
                && self[offset + 5] == kind.rawValue
        }
    }
}
