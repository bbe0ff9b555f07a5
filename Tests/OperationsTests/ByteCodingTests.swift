import Operations
import Testing

struct ByteCodingTests {
    @Test func `numbers come back, little-endian, whatever their width and sign`() throws {
        var writer = ByteWriter()
        writer.write(UInt8(0xAB))
        writer.write(UInt16(0x1234))
        writer.write(Int32(-2))
        writer.write(UInt64.max)
        writer.write(Int64.min)
        #expect(writer.bytes.prefix(7) == [0xAB, 0x34, 0x12, 0xFE, 0xFF, 0xFF, 0xFF])
        var reader = ByteReader(writer.bytes)
        #expect(try reader.read(UInt8.self) == 0xAB)
        #expect(try reader.read(UInt16.self) == 0x1234)
        #expect(try reader.read(Int32.self) == -2)
        #expect(try reader.read(UInt64.self) == .max)
        #expect(try reader.read(Int64.self) == .min)
        #expect(reader.remaining == 0)
    }

    @Test func `a number put over another leaves the rest alone`() {
        var writer = ByteWriter([1, 2, 3, 4, 5, 6])
        writer.overwrite(UInt32(0xAABB_CCDD), at: 1)
        #expect(writer.bytes == [1, 0xDD, 0xCC, 0xBB, 0xAA, 6])
    }

    @Test func `texts and blobs come back and share the input's storage`() throws {
        var writer = ByteWriter()
        writer.write(text: "Grüße")
        writer.write(blob: [7, 8, 9])
        writer.write(blob: [])
        var reader = ByteReader(writer.bytes)
        #expect(try reader.readText() == "Grüße")
        let blob = try reader.readBlob()
        #expect(blob == [7, 8, 9])
        #expect(writer.bytes[blob.startIndex] == 7)
        #expect(try reader.readBlob().isEmpty)
    }

    @Test func `nothing is read beyond the end, and a failed read takes nothing`() throws {
        for count in 0..<8 {
            var reader = ByteReader([UInt8](repeating: 1, count: count))
            #expect(throws: CodingFailure("8 bytes expected, \(count) left")) {
                try reader.read(UInt64.self)
            }
            #expect(reader.remaining == count)
        }
        var reader = ByteReader([1, 2, 3])
        #expect(throws: CodingFailure.self) { try reader.take(4) }
        #expect(throws: CodingFailure.self) { try reader.take(-1) }
        #expect(throws: CodingFailure.self) { try reader.take(.max) }
        #expect(try reader.take(3) == [1, 2, 3])
        #expect(try reader.take(0).isEmpty)
    }

    @Test func `a slice is read from where it begins`() throws {
        let bytes: [UInt8] = [9, 9, 1, 0, 2, 0, 9]
        var reader = ByteReader(bytes[2..<6])
        #expect(reader.remaining == 4)
        #expect(try reader.read(UInt16.self) == 1)
        #expect(try reader.read(UInt16.self) == 2)
        #expect(throws: CodingFailure.self) { try reader.read(UInt8.self) }
    }

    @Test func `a length beyond what is left is an error, not an allocation`() {
        var reader = ByteReader([0xFF, 0xFF, 0xFF, 0xFF, 1, 2])
        #expect(throws: CodingFailure.self) { try reader.readBlob() }
    }

    @Test func `text that is not UTF-8 is an error`() {
        var reader = ByteReader([2, 0, 0, 0, 0xC3, 0x28])
        #expect(throws: CodingFailure("text that is not UTF-8")) { try reader.readText() }
    }
}
