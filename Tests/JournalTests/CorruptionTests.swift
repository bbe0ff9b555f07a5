import Operations
import Testing

@testable import Journal

struct CorruptionTests {
    private let directories: Set = ["/journal", journalPath]

    private func journal(level: Int32?) async throws -> [String: [UInt8]] {
        let storage = FaultyStorage()
        try await withJournal(storage, options: JournalOptions(compressionLevel: level)) {
            writer,
            _ in
            for batch in Samples.workload(3) { try await writer.append(batch) }
        }
        return storage.files
    }

    @Test func `every flipped bit of a segment is noticed`() async throws {
        let files = try await journal(level: nil)
        let expected = Samples.entries(of: Samples.workload(3))
        let path = try #require(files.keys.first { $0.hasSuffix(".flog") })
        let whole = try #require(files[path])
        let storage = FaultyStorage.holding(files, directories: directories)
        #expect(try readAll(storage) == expected)
        for bit in 0..<(whole.count * 8) {
            var bytes = whole
            bytes[bit / 8] ^= UInt8(1 << (bit % 8))
            storage[path] = bytes
            #expect(throws: JournalError.self, "read, bit \(bit)") { try readAll(storage) }
        }
    }

    @Test func `a writer does not open over a flipped byte, and verification finds it`()
        async throws
    {
        let files = try await journal(level: 1)
        let path = try #require(files.keys.first { $0.hasSuffix(".flog") })
        let whole = try #require(files[path])
        for byte in whole.indices {
            var bytes = whole
            bytes[byte] ^= 0x10
            let storage = FaultyStorage.holding(files, directories: directories)
            storage[path] = bytes
            let code = await errorCode { _ = try openJournal(storage) }
            #expect(code == .corrupt || code == .refused, "byte \(byte)")
            let report = try verify(journalAt: journalPath, storage: storage)
            #expect(!report.isSound, "byte \(byte)")
        }
    }

    @Test func `a flipped bit of HEAD changes nothing`() async throws {
        var files = try await journal(level: 1)
        let expected = Samples.entries(of: Samples.workload(3))
        let path = journalPath + "/HEAD"
        let whole = try #require(files[path])
        for bit in stride(from: 0, to: whole.count * 8, by: 3) {
            var bytes = whole
            bytes[bit / 8] ^= UInt8(1 << (bit % 8))
            files[path] = bytes
            let storage = FaultyStorage.holding(files, directories: directories)
            #expect(try readAll(storage) == expected, "bit \(bit)")
            try await withJournal(storage) { writer, _ in #expect(writer.head.batch == 3) }
        }
    }

    @Test func `bytes that are swapped, doubled or wiped are noticed`() async throws {
        let files = try await journal(level: 1)
        let path = try #require(files.keys.first { $0.hasSuffix(".flog") })
        let whole = try #require(files[path])
        let seed = SeededRandom.runSeed
        var random = SeededRandom(seed: seed)
        for round in 0..<500 {
            var bytes = whole
            let length = Int.random(in: 1...200, using: &random)
            let from = Int.random(in: 0..<(whole.count - length), using: &random)
            let to = Int.random(in: 0..<(whole.count - length), using: &random)
            switch round % 3 {
            case 0: bytes.replaceSubrange(to..<(to + length), with: whole[from..<(from + length)])
            case 1: bytes.replaceSubrange(to..<(to + length), with: repeatElement(0, count: length))
            default: bytes.removeSubrange(to..<(to + length))
            }
            guard bytes != whole else { continue }
            let storage = FaultyStorage.holding(files, directories: directories)
            storage[path] = bytes
            #expect(throws: JournalError.self, "FLIGHTLOG_SEED=\(seed), round \(round)") {
                try readAll(storage)
            }
        }
    }

    @Test func `bytes with good checksums and bad content never crash anybody`() async throws {
        let files = try await journal(level: nil)
        let path = try #require(files.keys.first { $0.hasSuffix(".flog") })
        let whole = try #require(files[path])
        let seed = try SegmentHeader(decoding: whole).seed
        let frames = stride(from: SegmentHeader.size, to: whole.count - FrameHeader.size, by: 8)
            .filter { Array(whole[$0..<($0 + 4)]) == Array("FLFR".utf8) }
        let runSeed = SeededRandom.runSeed
        var random = SeededRandom(seed: runSeed)
        func number() -> [UInt8] {
            let values: [UInt64] = [0, 1, .max, .max - 1, 1 << 62, 1 << 31, UInt64(whole.count)]
            return ByteWriter.number(
                Bool.random(using: &random)
                    ? values[Int.random(in: 0..<values.count, using: &random)]
                    : UInt64.random(in: 0...UInt64.max, using: &random)
            )
        }
        for round in 0..<600 {
            var bytes = whole
            let frame = frames[Int.random(in: 0..<frames.count, using: &random)]
            let header = try FrameHeader(decoding: whole[frame...], seed: seed)
            switch round % 3 {
            case 0:
                let field = Int.random(in: 1..<10, using: &random) * 8
                bytes.replaceSubrange((frame + field)..<(frame + field + 8), with: number())
            case 1:
                let body = frame + FrameHeader.size
                let place = Int.random(in: body..<(body + header.storedBytes - 8), using: &random)
                bytes.replaceSubrange(place..<(place + 8), with: number())
            default:
                let field = Int.random(in: 6..<20, using: &random) * 8
                bytes.replaceSubrange(field..<(field + 8), with: number())
            }
            bytes.sealFrame(at: frame, header.frameBytes, seed: seed)
            bytes.sealSegmentHeader()
            let storage = FaultyStorage.holding(files, directories: directories)
            storage[path] = bytes
            if round % 2 == 0 { storage[journalPath + "/HEAD"] = nil }
            _ = try? readAll(storage)
            _ = try? readAll(storage, after: SequenceNumber(rawValue: 1))
            _ = try? verify(journalAt: journalPath, storage: storage)
            let writer = try? openJournal(storage)
            _ = try? await writer?.append(Samples.batch(9))
            await writer?.close()
        }
    }

    @Test func `frames of another segment or journal do not pass for one's own`() async throws {
        let first = try await journal(level: nil)
        let path = try #require(first.keys.first { $0.hasSuffix(".flog") })
        let storage = FaultyStorage()
        let writer = try JournalWriter.open(
            at: journalPath,
            source: "main",
            options: JournalOptions(compressionLevel: nil),
            storage: storage
        )
        for batch in Samples.workload(3) { try await writer.append(batch) }
        await writer.close()
        let own = try #require(storage[path])
        let foreign = try #require(first[path])
        storage[path] = Array(own[..<SegmentHeader.size] + foreign[SegmentHeader.size...])
        #expect(throws: JournalError.self) { try readAll(storage) }
    }
}

extension [UInt8] {
    /// Gives a frame good checksums again.
    fileprivate mutating func sealFrame(at frame: Int, _ frameBytes: Int, seed: UInt32) {
        let body = self[(frame + FrameHeader.size)..<(frame + frameBytes)]
        let sum = ByteWriter.number(Checksum.extend(seed, over: body))
        replaceSubrange((frame + 88)..<(frame + 92), with: sum)
        let head = ByteWriter.number(Checksum.extend(seed, over: self[frame..<(frame + 92)]))
        replaceSubrange((frame + 92)..<(frame + 96), with: head)
    }

    /// Gives the segment's header a good checksum again.
    fileprivate mutating func sealSegmentHeader() {
        let sum = ByteWriter.number(Checksum.extend(0, over: self[..<(SegmentHeader.size - 4)]))
        replaceSubrange((SegmentHeader.size - 4)..<SegmentHeader.size, with: sum)
    }
}
