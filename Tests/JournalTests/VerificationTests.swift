import Operations
import Testing

@testable import Journal

struct VerificationTests {
    private static let options = JournalOptions(
        segmentSizeMaxBytes: 4000,
        frameSizeTargetBytes: 700
    )
    private static let batches = Samples.workload(20)

    private func journal() async throws -> FaultyStorage {
        let storage = FaultyStorage()
        try await withJournal(storage, options: Self.options) { writer, _ in
            for batch in Self.batches { try await writer.append(batch) }
        }
        return storage
    }

    @Test func `a sound journal is counted`() async throws {
        let storage = try await journal()
        let report = try verify(journalAt: journalPath, storage: storage)
        let entries = Samples.entries(of: Self.batches)
        #expect(report.isSound)
        #expect(report.identity?.source == "main")
        #expect(report.segments == storage.segments.count)
        #expect(report.batches == 20)
        #expect(report.entries == UInt64(entries.count))
        #expect(report.rows == UInt64(entries.reduce(0) { $0 + $1.operation.rowCount }))
        #expect(report.firstSequence == entries.first?.sequence)
        #expect(report.lastSequence == entries.last?.sequence)
        #expect(report.firstTimestamp == entries.first?.timestamp)
        #expect(report.lastTimestamp == entries.last?.timestamp)
        #expect(report.resolved == Samples.timestamp(20))
        #expect(report.storedBytes == (try storage.size()))
        #expect(report.uncommittedBytes == 0)
    }

    @Test func `verification goes on behind damage and says what is lost`() async throws {
        let storage = try await journal()
        let whole = try verify(journalAt: journalPath, storage: storage)
        let path = storage.segments[1]
        let bytes = try #require(storage[path])
        let frame = try #require(bytes.firstFrame(.entries))

        // The body: the header says which entries are gone.
        var damaged = bytes
        damaged[frame + FrameHeader.size + 3] ^= 1
        storage[path] = damaged
        let body = try verify(journalAt: journalPath, storage: storage)
        let lost = try #require(body.damages.first?.sequences)
        #expect(body.damages.count == 1)
        #expect(body.damages.first?.segment == path.split(separator: "/").last.map(String.init))
        #expect(
            body.entries == whole.entries
                - (lost.upperBound.rawValue - lost.lowerBound.rawValue + 1)
        )
        #expect(body.lastSequence == whole.lastSequence)

        // The header: the next frame is searched for, and the same entries are found to be gone.
        damaged = bytes
        damaged[frame + 20] ^= 1
        storage[path] = damaged
        let header = try verify(journalAt: journalPath, storage: storage)
        #expect(header.damages.map(\.sequences) == [lost])
        #expect(header.damages.map(\.bytes) == body.damages.map(\.bytes))
        #expect(header.entries == body.entries)
        #expect(header.batches == whole.batches - 1)
    }

    @Test func `every flipped byte is found and costs no more than its frame`() async throws {
        let storage = try await journal()
        let whole = try verify(journalAt: journalPath, storage: storage)
        let path = storage.segments[1]
        let bytes = try #require(storage[path])
        let inSegment = try #require(
            try JournalReader.open(at: journalPath, storage: storage).segments()
                .first { path.hasSuffix($0.name) }
        )
        let count = inSegment.lastSequence.rawValue - inSegment.firstSequence.rawValue + 1
        for byte in stride(from: 0, to: bytes.count, by: 9) {
            var damaged = bytes
            damaged[byte] ^= 0x40
            storage[path] = damaged
            let report = try verify(journalAt: journalPath, storage: storage)
            #expect(!report.isSound, "byte \(byte)")
            #expect(whole.entries - report.entries <= count, "byte \(byte)")
        }
    }

    @Test func `missing and shortened segments are found`() async throws {
        for change in 0...3 {
            let storage = try await journal()
            let segments = storage.segments
            switch change {
            case 0: storage[segments[1]] = nil
            case 1: storage[segments[1]] = Array(try #require(storage[segments[1]]).dropLast(100))
            case 2: storage[segments[1]] = []
            default: storage[segments[segments.count - 1]] = nil
            }
            let report = try verify(journalAt: journalPath, storage: storage)
            #expect(!report.isSound, "change \(change)")
            #expect(report.entries > 0)
        }
    }

    @Test func `a chain that does not follow from the entries is found`() async throws {
        let storage = FaultyStorage()
        try await withJournal(storage, options: JournalOptions(compressionLevel: nil)) {
            writer,
            _ in
            for batch in Self.batches { try await writer.append(batch) }
        }
        let path = storage.segments[0]
        var bytes = try #require(storage[path])
        let commit = try #require(bytes.firstFrame(.commit))
        // Somebody rewrites a commit's chain with good checksums.
        let seed = try SegmentHeader(decoding: bytes).seed
        var header = try FrameHeader(
            decoding: bytes[commit..<(commit + FrameHeader.size)],
            seed: seed
        )
        bytes[commit + FrameHeader.size + 50] ^= 1
        let body = bytes[(commit + FrameHeader.size)..<(commit + header.frameBytes)]
        header.checksum = Checksum.extend(seed, over: body)
        bytes.replaceSubrange(
            commit..<(commit + FrameHeader.size),
            with: header.encoded(seed: seed)
        )
        storage[path] = bytes
        #expect(!(try verify(journalAt: journalPath, storage: storage).isSound))
    }

    @Test func `a write in progress is no damage`() async throws {
        let storage = FaultyStorage()
        let writer = try openJournal(storage)
        try await writer.append(Samples.batch(1))
        storage.fail([storage.calls.count + 2: .crash])
        #expect(await errorCode { try await writer.append(Samples.batch(2)) } != nil)
        let report = try verify(journalAt: journalPath, storage: storage.observer)
        #expect(report.isSound)
        #expect(report.batches == 1)
        #expect(report.uncommittedBytes > 0)
        await writer.close()
    }
}
