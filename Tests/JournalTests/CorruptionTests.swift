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
