internal import Operations

/// The first bytes of every segment.
///
///       0  8 bytes  magic "FLIGHTLG"
///       8  u16      format version
///      10  u16      size of this header: 512
///      12  u32      flags: 1 = the segment before was given up; a reader refuses one it does not know
///      16  16 bytes journal id
///      32  16 bytes segment id
///      48  u64      ordinal, from 1
///      56  u64      sequence number of the first entry
///      64  u64      resolved timestamp: everything up to it is in earlier segments
///      72  u64      batches committed in earlier segments
///      80  u64      epoch of the writer
///      88  i64      wall clock, milliseconds since 1970
///      96  32 bytes chain, as the last commit before left it
///     128  16 bytes id of the segment before; zeros in the first
///     144  u64      where the last commit of the segment before ends
///     152  u8       length of the source's name, then its UTF-8, then zeros
///     508  u32      CRC-32C of bytes 0 to 507
struct SegmentHeader: Hashable, Sendable {
    static let size = 512
    static let magic = Array("FLIGHTLG".utf8)
    /// What a source's name may take as UTF-8.
    static let sourceSizeMaxBytes = 255

    var journal: JournalID
    var segment: JournalID
    var ordinal: UInt64
    var firstSequence: SequenceNumber
    var resolved: HybridTimestamp
    var batches: UInt64
    var epoch: UInt64
    var createdUnixMilliseconds: Int64
    var chain: Chain
    /// The segment before and where its last commit ends; nil in the first.
    var previous: Previous?
    /// Whether the segment before was given up after a failure: what lies behind its end is no footer.
    var isBehindGivenUp = false
    var source: String

    /// The end of the segment before: what lies behind it there was never acknowledged.
    struct Previous: Hashable, Sendable {
        var segment: JournalID
        var committedBytes: Int
    }

    /// The name of the segment's file.
    var name: SegmentName { SegmentName(firstSequence: firstSequence, ordinal: ordinal) }

    /// The checksum with which those of the segment's frames begin, so that no frame of another segment or
    /// journal passes for one of this.
    var seed: UInt32 {
        var bytes = ByteWriter()
        bytes.write(journal)
        bytes.write(segment)
        return Checksum.extend(0, over: bytes.bytes[...])
    }

    func encoded() -> [UInt8] {
        var bytes = ByteWriter(Self.magic)
        bytes.write(UInt16(JournalFormat.version))
        bytes.write(UInt16(Self.size))
        bytes.write(UInt32(isBehindGivenUp ? 1 : 0))
        bytes.write(journal)
        bytes.write(segment)
        bytes.write(ordinal)
        bytes.write(firstSequence.rawValue)
        bytes.write(resolved.rawValue)
        bytes.write(batches)
        bytes.write(epoch)
        bytes.write(createdUnixMilliseconds)
        bytes.write(chain)
        bytes.write(previous?.segment ?? .zero)
        bytes.write(UInt64(previous?.committedBytes ?? 0))
        let name = Array(source.utf8)
        precondition(
            name.count <= Self.sourceSizeMaxBytes,
            "the name of a source is checked before"
        )
        bytes.write(UInt8(name.count))
        bytes.bytes += name
        bytes.bytes += Array(repeating: 0, count: Self.size - 4 - bytes.bytes.count)
        bytes.write(Checksum.extend(0, over: bytes.bytes[...]))
        return bytes.bytes
    }

}

extension SegmentHeader {
    /// - Throws: `FormatFailure` or `CodingFailure`.
    init(decoding bytes: [UInt8]) throws {
        guard bytes.count >= Self.size else {
            throw FormatFailure("\(bytes.count) bytes, where a header has \(Self.size)")
        }
        guard bytes.prefix(8) == Self.magic[...] else {
            throw FormatFailure("no segment begins like this")
        }
        var reader = ByteReader(bytes[8..<Self.size])
        let version = Int(try reader.read(UInt16.self))
        let size = try reader.read(UInt16.self)
        let flags = try reader.read(UInt32.self)
        // A newer version may lay out everything behind this differently, its checksum included.
        guard version <= JournalFormat.version else {
            throw FormatFailure(
                "format version \(version), where this program reads up to \(JournalFormat.version)",
                isNewer: true
            )
        }
        var end = ByteReader(bytes[(Self.size - 4)..<Self.size])
        guard try end.read(UInt32.self) == Checksum.extend(0, over: bytes[..<(Self.size - 4)])
        else {
            throw FormatFailure("a segment's header that fails its checksum")
        }
        guard version == JournalFormat.version, Int(size) == Self.size else {
            throw FormatFailure("format version \(version) with a header of \(size) bytes")
        }
        guard flags & ~1 == 0 else {
            throw FormatFailure("unknown flags \(flags)", isNewer: true)
        }
        try self.init(fields: &reader)
        isBehindGivenUp = flags & 1 != 0
    }

    private init(fields reader: inout ByteReader) throws(CodingFailure) {
        journal = try reader.readID()
        segment = try reader.readID()
        ordinal = try reader.read()
        firstSequence = SequenceNumber(rawValue: try reader.read())
        resolved = HybridTimestamp(rawValue: try reader.read())
        batches = try reader.read()
        epoch = try reader.read()
        createdUnixMilliseconds = try reader.read()
        chain = try reader.readChain()
        let before = try reader.readID()
        let committedBytes = try reader.read(UInt64.self)
        previous =
            before == .zero
            ? nil : Previous(segment: before, committedBytes: Int(clamping: committedBytes))
        let length = Int(try reader.read(UInt8.self))
        let name = try reader.take(length)
        do {
            source = String(copying: try UTF8Span(validating: name.span))
        } catch {
            throw CodingFailure("the source's name is not UTF-8")
        }
        guard (1..<JournalFormat.countMax).contains(ordinal),
            (1..<JournalFormat.countMax).contains(firstSequence.rawValue),
            batches < JournalFormat.countMax
        else { throw CodingFailure("numbers that cannot be") }
    }
}

extension JournalID {
    /// No journal, no segment.
    static let zero = JournalID(high: 0, low: 0)

    /// A new one.
    static func random() -> JournalID {
        JournalID(high: .random(in: .min ... .max), low: .random(in: 1 ... .max))
    }
}

extension ByteWriter {
    mutating func write(_ id: JournalID) {
        write(id.high.byteSwapped)
        write(id.low.byteSwapped)
    }
}

extension ByteReader {
    mutating func readID() throws(CodingFailure) -> JournalID {
        JournalID(
            high: try read(UInt64.self).byteSwapped,
            low: try read(UInt64.self).byteSwapped
        )
    }
}
