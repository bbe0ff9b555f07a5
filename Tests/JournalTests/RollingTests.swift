import Operations
import Synchronization
import Testing

@testable import Journal

struct RollingTests {
    /// A clock that a test sets.
    private final class Hand: Sendable {
        let milliseconds = Atomic<Int64>(1_700_000_000_000)
    }

    @Test func `a segment that is old enough takes no further batch, an empty one stays`()
        async throws
    {
        let storage = FaultyStorage()
        let hand = Hand()
        let writer = try JournalWriter.open(
            at: journalPath,
            source: "main",
            options: JournalOptions(segmentAgeMax: .seconds(60)),
            witness: nil,
            storage: storage,
            surroundings: .fixed { hand.milliseconds.load(ordering: .relaxed) }
        )
        // The first segment grows old while it is empty.
        hand.milliseconds.add(600_000, ordering: .relaxed)
        try await writer.append(Samples.batch(1))
        #expect(storage.segments.count == 1)
        try await writer.append(Samples.batch(2))
        #expect(storage.segments.count == 2)
        hand.milliseconds.add(59_999, ordering: .relaxed)
        try await writer.append(Samples.batch(3))
        #expect(storage.segments.count == 2)
        hand.milliseconds.add(1, ordering: .relaxed)
        try await writer.append(Samples.batch(4))
        #expect(storage.segments.count == 3)
        // A clock that is set back makes no segment old.
        hand.milliseconds.subtract(10_000_000, ordering: .relaxed)
        try await writer.append(Samples.batch(5))
        #expect(storage.segments.count == 3)
        await writer.close()
        #expect(try readAll(storage) == Samples.entries(of: (1...5).map { Samples.batch($0) }))
    }

    @Test func `of very many segments each is checked when the journal is opened`() async throws {
        let storage = FaultyStorage()
        let options = JournalOptions(segmentSizeMaxBytes: 1)
        let writer = try JournalWriter.open(
            at: journalPath,
            source: "main",
            options: options,
            storage: storage
        )
        for number in 1...1200 { try await writer.append(Samples.batch(number)) }
        await writer.close()
        let segments = try JournalReader.open(at: journalPath, storage: storage).segments()
        #expect(segments.map(\.ordinal) == Array(1...1201))
        try await withJournal(storage) { writer, _ in #expect(writer.head.batch == 1200) }
        let paths = storage.segments
        for index in [0, 511, 512, 1023, 1024, 1199] {
            var files = storage.files
            files[paths[index]]?[SegmentHeader.size - 1] ^= 1
            let error = await #expect(throws: JournalError.self) {
                try await withJournal(
                    FaultyStorage.holding(files, directories: ["/journal", journalPath])
                ) { _, _ in }
            }
            #expect(error?.code == .corrupt)
            #expect(
                error?.description.contains(paths[index].dropFirst(journalPath.count + 1)) == true
            )
        }
    }

    @Test func `rows are held until they are encoded, and not longer`() throws {
        var compressor = FrameCompressor(level: 1)
        let pending = PendingBatch(Samples.batch(3), frameTargetBytes: 1)
        let count = pending.cuts.count
        #expect(count > 1)
        for frame in 0..<count {
            let entries = try #require(pending.operations(of: frame))
            #expect(!pending.isEncoded)
            let encoded = try EncodedFrame(entries: entries, compressor: &compressor)
            pending.encoded(frame, .success(encoded))
        }
        #expect(pending.isEncoded)
        #expect(pending.operations.isEmpty)
        #expect(pending.operations(of: 0) == nil)
        #expect(try pending.takeEncoded().count == UInt64(Samples.batch(3).operations.count))
    }

    @Test func `while much waits for the encoders the level is one`() async throws {
        func size(level: Int32, queue: Int) async throws -> Int {
            let storage = FaultyStorage()
            let options = JournalOptions(compressionLevel: level, queueSizeMaxBytes: queue)
            try await withJournal(storage, options: options) { writer, _ in
                try await writer.append(Self.large)
            }
            return try JournalReader.open(at: journalPath, storage: storage).segments()
                .reduce(0) { $0 + $1.committedBytes }
        }
        let fast = try await size(level: 1, queue: 64 << 20)
        let small = try await size(level: 19, queue: 64 << 20)
        #expect(small < fast)
        // One batch alone fills more than half of this queue.
        #expect(try await size(level: 19, queue: 100_000) == fast)
    }

    @Test func `cursors side by side read a frame from the disk once`() async throws {
        let storage = FaultyStorage()
        try await withJournal(storage) { writer, _ in
            for number in 1...3 { try await writer.append(Samples.batch(number)) }
            try await writer.append(Self.large)
        }
        let reader = try JournalReader.open(at: journalPath, storage: storage)
        var first = try reader.cursor(after: .zero)
        var second = first
        var third = try reader.cursor(after: .zero)
        while let piece = try first.next() {
            let (other, another) = (try second.next(), try third.next())
            #expect(other?.entries == piece.entries)
            #expect(another?.entries == piece.entries)
            // The very same bytes, not equal ones.
            #expect(Self.columns(piece) == Self.columns(other))
            #expect(Self.columns(piece) == Self.columns(another))
        }
        #expect(try second.next() == nil)
    }

    /// Where the first row operation's columns lie in memory.
    private static func columns(_ piece: JournalPiece?) -> UInt? {
        for entry in piece?.entries ?? [] {
            guard case .insert(let rows) = entry.operation else { continue }
            return rows.columns.withUnsafeBytes { UInt(bitPattern: $0.baseAddress) }
        }
        return nil
    }

    /// Rows of 200 kB that a higher level makes smaller.
    private static let large: Batch = {
        var random = SeededRandom(seed: 3)
        let words = (0..<300).map { _ in "\(random.next() % 100_000)" }
        var text = ""
        while text.utf8.count < 200_000 { text += words[Int(random.next() % 300)] + " " }
        let rows = Rows(
            collection: CollectionID(rawValue: 7),
            partition: PartitionID(rawValue: 8),
            shard: 0,
            count: 10,
            columns: Array(text.utf8)[...]
        )
        return Batch(
            operations: [
                StampedOperation(timestamp: Samples.timestamp(900), operation: .insert(rows))
            ],
            position: Samples.position(900)
        )
    }()
}
