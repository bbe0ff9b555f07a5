import Operations
import Testing

@testable import Journal

struct ChecksumTests {
    @Test func `the published values come out`() {
        // RFC 3720, appendix B.4.
        let vectors: [([UInt8], UInt32)] = [
            (Array(repeating: 0, count: 32), 0x8A91_36AA),
            (Array(repeating: 0xFF, count: 32), 0x62A8_AB43),
            (Array(0..<32), 0x46DD_794E),
            (Array((0..<32).reversed()), 0x113F_DB5C),
            (Array("123456789".utf8), 0xE306_9283),
        ]
        for (bytes, sum) in vectors {
            #expect(Checksum.extend(0, over: bytes[...]) == sum)
            #expect(Checksum.extendPortably(0, over: bytes[...]) == sum)
        }
    }

    @Test func `pieces, places and both ways of computing agree`() {
        var random = SeededRandom(seed: 7)
        let bytes = (0..<300).map { _ in UInt8.random(in: 0...255, using: &random) }
        let whole = Checksum.extend(0, over: bytes[...])
        for cut in bytes.indices {
            let first = Checksum.extend(0, over: bytes[..<cut])
            #expect(Checksum.extend(first, over: bytes[cut...]) == whole)
            #expect(Checksum.extendPortably(first, over: bytes[cut...]) == whole)
        }
        #expect(Checksum.extend(5, over: []) == 5)
    }
}

struct ZstdTests {
    @Test func `what is compressed comes back, behind the room that was asked for`() throws {
        var compressor = ZstdCompressor(level: 1)
        var decompressor = ZstdDecompressor()
        for count in [1, 100, 100_000] {
            let input = (0..<count).map { UInt8(truncatingIfNeeded: $0 / 7) }
            let frame = try compressor.frame(([9, 9] + input)[2...], behind: 96)
            #expect(frame.prefix(96).allSatisfy { $0 == 0 })
            #expect(try decompressor.content(of: frame[96...], limit: count) == input)
        }
    }

    @Test func `content beyond the limit, and damage, are errors`() throws {
        var compressor = ZstdCompressor(level: 1)
        var decompressor = ZstdDecompressor()
        let input = [UInt8](repeating: 3, count: 100_000)
        let frame = try compressor.frame(input[...], behind: 0)
        #expect(throws: ZstdFailure(code: 70)) {
            try decompressor.content(of: frame[...], limit: 99_999)
        }
        for byte in frame.indices {
            var damaged = frame
            damaged[byte] ^= 0x20
            let content = try? decompressor.content(of: damaged[...], limit: 100_000)
            #expect(content == nil || content == input, "byte \(byte)")
        }
        #expect(throws: ZstdFailure.self) {
            try decompressor.content(of: frame.dropLast(), limit: 100_000)
        }
    }
}

struct SegmentNameTests {
    @Test func `names sort as segments follow and read back`() throws {
        let names = [(1, 1), (1, 2), (5, 3), (1_000_000, 40)].map {
            SegmentName(
                firstSequence: SequenceNumber(rawValue: UInt64($0.0)),
                ordinal: UInt64($0.1)
            )
        }
        #expect(names.map(\.description).sorted() == names.map(\.description))
        #expect(names.first?.description == "00000000000000000001-0000000001.flog")
        for name in names { #expect(SegmentName(name.description) == name) }
        // Wider than names are as a rule.
        let widest = SegmentName(firstSequence: SequenceNumber(rawValue: .max), ordinal: .max)
        #expect(widest.description == "18446744073709551615-18446744073709551615.flog")
        #expect(SegmentName(widest.description) == widest)
        for text in [
            "00000000000000000001-00000000001.flog", "18446744073709551616-0000000001.flog",
            "0000000000000000000é-0000000001.flog", "00000000000000000001-.flog", ".flog",
            "1-1.flog", "HEAD", "00000000000000000001-0000000001.flog.tmp", "a-b.flog", "-.flog",
        ] {
            #expect(SegmentName(text) == nil)
        }
    }
}

struct FrameHeaderTests {
    private let header: FrameHeader = {
        var header = FrameHeader(
            kind: .entries,
            storedBytes: 100,
            rawBytes: 300,
            firstSequence: SequenceNumber(rawValue: 9),
            count: 3,
            lowTimestamp: Samples.timestamp(1),
            highTimestamp: Samples.timestamp(2)
        )
        header.codec = .zstd
        header.holdsDefinitions = true
        header.batch = 4
        header.collection = Samples.collection
        return header
    }()

    @Test func `a header comes back only with its own seed`() throws {
        let bytes = header.encoded(seed: 5)
        #expect(bytes.count == FrameHeader.size)
        #expect(try FrameHeader(decoding: bytes[...], seed: 5) == header)
        #expect(throws: FormatFailure.self) { try FrameHeader(decoding: bytes[...], seed: 6) }
        #expect(header.lastSequence.rawValue == 11)
        #expect(header.frameBytes == 96 + 104)
    }

    @Test func `lengths beyond the limits are refused before anything is allocated`() throws {
        var large = header
        large.rawBytes = JournalFormat.frameSizeMaxBytes + 1
        let bytes = large.encoded(seed: 1)
        #expect(throws: FormatFailure.self) { try FrameHeader(decoding: bytes[...], seed: 1) }
    }

    @Test func `unknown kinds, codecs, flags and versions are of a newer format`() throws {
        for (offset, value) in [(4, 2), (5, 77), (6, 3), (7, 2)] {
            var bytes = header.encoded(seed: 1)
            bytes[offset] = UInt8(value)
            let sum = ByteWriter.number(Checksum.extend(1, over: bytes.dropLast(4)))
            bytes.replaceSubrange(92..., with: sum)
            let failure = #expect(throws: FormatFailure.self) {
                try FrameHeader(decoding: bytes[...], seed: 1)
            }
            #expect(failure?.isNewer == true)
        }
    }
}

extension ByteWriter {
    static func number(_ number: some FixedWidthInteger) -> [UInt8] {
        var writer = ByteWriter()
        writer.write(number)
        return writer.bytes
    }
}

struct HeadRecordTests {
    private func record(_ batch: UInt64) -> HeadRecord {
        HeadRecord(
            journal: JournalID(high: 1, low: 2),
            segment: JournalID(high: 3, low: 4),
            ordinal: 1,
            committedBytes: 5000,
            batch: batch,
            sequence: SequenceNumber(rawValue: 7),
            resolved: Samples.timestamp(3),
            epoch: 2,
            chain: .start,
            commitStart: 4000
        )
    }

    @Test func `the newest whole slot counts, whatever the other holds`() throws {
        let storage = FaultyStorage()
        let file = try storage.open("/HEAD", for: .writing)
        var head = try HeadFile(file)
        for batch in UInt64(1)...5 {
            try head.write(record(batch))
            let bytes = try file.read(at: 0, count: HeadRecord.fileSize)
            #expect(HeadRecord.newest(in: bytes) == record(batch))
            // The next write, torn anywhere, leaves this one.
            let next = record(batch + 1).encoded()
            let slot = HeadRecord.slotOffsets[Int(batch % 2)]
            for size in 0..<next.count {
                var torn = bytes
                torn.replaceSubrange(slot..<(slot + size), with: next[..<size])
                #expect(HeadRecord.newest(in: torn) == record(batch))
            }
        }
        #expect(HeadRecord.newest(in: []) == nil)
    }
}

struct FrameCutsTests {
    @Test func `a batch is cut behind the entry that reaches the target`() {
        let operations = Samples.batch(1, operations: 10, bytes: 400).operations
        #expect(FrameCuts.ranges(of: operations, targetBytes: 1) == (0..<10).map { $0..<($0 + 1) })
        #expect(FrameCuts.ranges(of: operations, targetBytes: 1 << 20) == [0..<10])
        #expect(
            FrameCuts.ranges(of: operations, targetBytes: 1000) == [0..<3, 3..<6, 6..<9, 9..<10]
        )
        #expect(FrameCuts.ranges(of: [], targetBytes: 1000) == [])
    }
}
