import Operations
import Testing

@testable import Journal

struct SegmentIndexTests {
    /// Small segments and many batches, so that most segments are sealed and some hold definitions.
    private static let options = JournalOptions(
        segmentSizeMaxBytes: 20_000,
        frameSizeTargetBytes: 4000
    )
    private static let batches = Samples.workload(120)

    private func journal() async throws -> FaultyStorage {
        try await withJournal(options: Self.options) { writer, storage in
            for batch in Self.batches { try await writer.append(batch) }
            return storage
        }
    }

    private func reader(_ storage: FaultyStorage) throws -> JournalReader {
        try JournalReader.open(at: journalPath, storage: storage)
    }

    /// Entries and definitions from each place on.
    private func seeks(_ storage: FaultyStorage) throws -> [Definitions] {
        let reader = try reader(storage)
        let entries = Samples.entries(of: Self.batches)
        return try stride(from: 0, through: entries.count, by: 5).map { count in
            var cursor = try reader.cursor(after: SequenceNumber(rawValue: UInt64(count)))
            let definitions = cursor.definitions
            if count < entries.count {
                var piece = try cursor.next()
                while let empty = piece, empty.entries.isEmpty { piece = try cursor.next() }
                #expect(piece?.entries.first == entries[count])
            }
            return definitions
        }
    }

    @Test func `every full segment ends in a footer that is true`() async throws {
        let storage = try await journal()
        let report = try verify(journalAt: journalPath, storage: storage)
        #expect(report.isSound, "\(report.damages)")
        #expect(report.segments > 3)
        #expect(report.sealed == report.segments - 1)
        let segments = try reader(storage).segments()
        let directory = JournalDirectory(path: journalPath, storage: storage)
        for summary in segments.dropLast() {
            let name = try #require(SegmentName(summary.name))
            let segment = try Segment.open(name, in: directory, for: .reading)
            let footer = try SegmentFooter(
                of: segment,
                committedBytes: summary.committedBytes,
                decoder: FrameDecoder()
            )
            let index = try #require(footer.index)
            let walked = try SegmentIndex(
                walking: segment,
                committedBytes: summary.committedBytes,
                decoder: FrameDecoder()
            )
            #expect(index == walked)
            #expect(index.commits.last?.sequence == summary.lastSequence)
            #expect(try SegmentIndex(decoding: index.encoded()[...]) == index)
        }
    }

    @Test func `a seek finds the same with and without footers`() async throws {
        let storage = try await journal()
        let with = try seeks(storage)
        let summaries = try reader(storage).segments()
        for summary in summaries.dropLast() {
            let path = "\(journalPath)/\(summary.name)"
            try storage.open(path, for: .writing).truncate(to: summary.committedBytes)
        }
        #expect(try verify(journalAt: journalPath, storage: storage).sealed == 0)
        #expect(try seeks(storage) == with)
    }

    @Test func `a damaged footer is told, costs no entry, and is made again`() async throws {
        let storage = try await journal()
        let with = try seeks(storage)
        for summary in try reader(storage).segments().dropLast() {
            let file = try storage.open("\(journalPath)/\(summary.name)", for: .writing)
            let offset = summary.committedBytes + FrameHeader.size + 3
            let byte = try file.read(at: offset, count: 1)[0]
            try file.write([byte ^ 1], at: offset)
        }
        #expect(try seeks(storage) == with)
        let report = try verify(journalAt: journalPath, storage: storage)
        #expect(report.damages.count == report.segments - 1)
        #expect(report.damages.allSatisfy { $0.sequences == nil })
        try await withJournal(storage, options: Self.options) { _, _ in }
        #expect(
            try verify(journalAt: journalPath, storage: storage).sealed == report.segments - 1
        )
    }

    @Test func `a footer that belongs to other frames is damage`() async throws {
        let storage = try await journal()
        let summary = try reader(storage).segments()[0]
        let directory = JournalDirectory(path: journalPath, storage: storage)
        let name = try #require(SegmentName(summary.name))
        let segment = try Segment.open(name, in: directory, for: .writing)
        var compressor = FrameCompressor(level: 1)
        try SegmentIndex(chain: .start)
            .seal(segment, committedBytes: summary.committedBytes, compressor: &compressor)
        #expect(try verify(journalAt: journalPath, storage: storage).isSound == false)
    }

    @Test func `a segment begun by an earlier writer is sealed too`() async throws {
        let storage = try await withJournal(options: Self.options) { writer, storage in
            for batch in Self.batches.prefix(4) { try await writer.append(batch) }
            return storage
        }
        try await withJournal(storage, options: Self.options) { writer, _ in
            for batch in Self.batches.dropFirst(4) { try await writer.append(batch) }
        }
        let report = try verify(journalAt: journalPath, storage: storage)
        #expect(report.isSound)
        #expect(report.sealed == report.segments - 1)
    }
}
