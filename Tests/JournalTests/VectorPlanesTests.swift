import Operations
import Testing

@testable import Journal

struct VectorPlanesTests {
    /// Columns as Milvus writes them: a key column, then vectors of some kind.
    private func columns(_ rows: Int, dimension: Int, kind: UInt8, _ byte: () -> UInt8) -> [UInt8] {
        func record(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
            var bytes = [tag]
            var rest = content.count
            while rest >= 0x80 {
                bytes.append(UInt8(rest & 0x7f) | 0x80)
                rest >>= 7
            }
            return bytes + [UInt8(rest)] + content
        }
        let width = kind == 2 ? 4 : 2
        let numbers = (0..<rows * dimension * width).map { _ in byte() }
        let vectors =
            kind == 2 ? record(0x12, record(0x0a, numbers)) : record(kind << 3 | 2, numbers)
        let keys = record(0x1a, record(0x1a, record(0x0a, (0..<rows).map { UInt8($0 & 0x7f) })))
        return record(0x6a, [0x08, 5] + keys) + record(0x6a, [0x08, 101] + record(0x22, vectors))
    }

    private func rows(_ columns: [UInt8], count: Int) -> StampedOperation {
        StampedOperation(
            timestamp: HybridTimestamp(rawValue: 7),
            operation: .insert(
                Rows(
                    collection: CollectionID(rawValue: 1),
                    partition: PartitionID(rawValue: 2),
                    shard: 0,
                    count: count,
                    columns: columns[...]
                )
            )
        )
    }

    private func frame(_ entries: [StampedOperation]) throws -> EncodedFrame {
        var compressor = FrameCompressor(level: 1)
        return try EncodedFrame(entries: entries[...], compressor: &compressor)
    }

    @Test(arguments: [UInt8(2), 4, 5], [1, 15, 16, 17, 301])
    func `vectors come back bit by bit`(kind: UInt8, rows count: Int) throws {
        var random = SeededRandom(seed: UInt64(kind) << 32 | UInt64(count))
        // Numbers of one magnitude, so that their exponents compress; every bit pattern of the rest.
        var index = 0
        let entry = rows(
            columns(count, dimension: 37, kind: kind) {
                index += 1
                let isHigh = index % (kind == 2 ? 4 : 2) == 0
                return isHigh ? 0x3f : UInt8.random(in: 0...255, using: &random)
            },
            count: count
        )
        let frame = try frame([entry, entry, entry])
        let isLarge = count * 37 * (kind == 2 ? 4 : 2) * 3 >= VectorPlanes.sizeMinBytes
        if isLarge { #expect(frame.header.codec == .planes) }
        let stored = frame.bytes[FrameHeader.size..<FrameHeader.size + frame.header.storedBytes]
        let raw = try FrameDecoder().raw(stored, frame.header)
        let entries = try EntryRecord.entries(in: raw, of: frame.header)
        #expect(entries.map(\.operation) == [entry.operation, entry.operation, entry.operation])
    }

    @Test func `planes are smaller than plain zstd`() throws {
        var random = SeededRandom(seed: 3)
        let count = 1000
        let values = (0..<count * 128).flatMap { _ -> [UInt8] in
            let value = Float.random(in: -1...1, using: &random)
            return withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) }
        }
        var place = 0
        let entry = rows(
            columns(count, dimension: 128, kind: 2) {
                place += 1
                return values[place - 1]
            },
            count: count
        )
        let frame = try frame([entry])
        var plain = ZstdCompressor(level: 3)
        let zstd = try plain.frame(values[...], behind: 0).count
        #expect(frame.header.codec == .planes)
        #expect(frame.header.storedBytes * 100 < zstd * 98)
    }

    @Test func `damaged planes are refused, never read past their end`() throws {
        var random = SeededRandom(seed: 11)
        let entry = rows(
            columns(40, dimension: 64, kind: 2) {
                UInt8.random(in: 0...255, using: &random) & 0x3f
            },
            count: 40
        )
        let frame = try frame([entry])
        #expect(frame.header.codec == .planes)
        let sound = Array(
            frame.bytes[FrameHeader.size..<FrameHeader.size + frame.header.storedBytes]
        )
        let decoder = FrameDecoder()
        for round in 0..<4000 {
            var bytes = sound
            if round % 2 == 0 {
                bytes.removeLast(Int.random(in: 1...bytes.count, using: &random))
            } else {
                // The table and the lengths are what a decoder walks by.
                let index = Int.random(in: 0..<min(bytes.count, 80), using: &random)
                bytes[index] ^= UInt8.random(in: 1...255, using: &random)
            }
            _ = try? decoder.raw(bytes[...], frame.header)
        }
    }
}
