internal import Operations

/// How far a journal is durable: what readers in other processes go by, and what tells a torn tail from lost
/// data after a crash.
///
/// `HEAD` has two slots, at 0 and 512; the writer overwrites the older one after every sync, so that one
/// of them is always whole. It is not synced itself: after a crash of the machine it may be behind, never
/// ahead.
///
///       0  8 bytes  magic "FLOGHEAD"
///       8  u32      version: 1
///      12  u32      0
///      16  16 bytes journal id
///      32  16 bytes segment id
///      48  u64      ordinal of the segment
///      56  u64      where its last durable commit ends
///      64  u64      batches committed
///      72  u64      sequence number of the last durable entry
///      80  u64      resolved timestamp
///      88  u64      epoch of the writer
///      96  32 bytes chain
///     128  u64      where the last durable commit frame begins; the opening frame if there is none
///     136  20 bytes zeros
///     156  u32      CRC-32C of bytes 0 to 155
struct HeadRecord: Hashable, Sendable {
    static let size = 160
    static let slotOffsets = [0, 512]
    static let fileSize = 1024
    private static let magic = Array("FLOGHEAD".utf8)

    var journal: JournalID
    var segment: JournalID
    var ordinal: UInt64
    var committedBytes: Int
    var batch: UInt64
    var sequence: SequenceNumber
    var resolved: HybridTimestamp
    var epoch: UInt64
    var chain: Chain
    var commitStart: Int

    func encoded() -> [UInt8] {
        var bytes = ByteWriter(Self.magic)
        bytes.write(UInt32(1))
        bytes.write(UInt32(0))
        bytes.write(journal)
        bytes.write(segment)
        bytes.write(ordinal)
        bytes.write(UInt64(committedBytes))
        bytes.write(batch)
        bytes.write(sequence.rawValue)
        bytes.write(resolved.rawValue)
        bytes.write(epoch)
        bytes.write(chain)
        bytes.write(UInt64(commitStart))
        bytes.bytes += Array(repeating: 0, count: Self.size - 4 - bytes.bytes.count)
        bytes.write(Checksum.extend(0, over: bytes.bytes[...]))
        return bytes.bytes
    }
}

extension HeadRecord {
    init(_ point: CommitPoint, in segment: Segment) {
        journal = segment.header.journal
        self.segment = segment.header.segment
        ordinal = segment.header.ordinal
        committedBytes = point.end
        batch = point.head.batch
        sequence = point.head.sequence
        resolved = point.head.resolved
        epoch = point.epoch
        chain = point.chain
        commitStart = point.start
    }

    /// The newest whole slot of a head file; nil if there is none.
    ///
    /// A slot that is not whole is no error: it may be half written.
    static func newest(in file: [UInt8]) -> HeadRecord? {
        slotOffsets.compactMap { slot(at: $0, of: file) }
            .max { ($0.ordinal, $0.batch) < ($1.ordinal, $1.batch) }
    }

    /// The slot at an offset; nil if it is not whole.
    static func slot(at offset: Int, of file: [UInt8]) -> HeadRecord? {
        guard offset + size <= file.count else { return nil }
        do {
            return try HeadRecord(decoding: file[offset..<(offset + size)])
        } catch {
            return nil
        }
    }

    private init(decoding bytes: ArraySlice<UInt8>) throws {
        var end = ByteReader(bytes.suffix(4))
        guard try end.read(UInt32.self) == Checksum.extend(0, over: bytes.dropLast(4)) else {
            throw FormatFailure("a slot that fails its checksum")
        }
        var reader = ByteReader(bytes)
        guard try reader.take(8) == Self.magic[...], try reader.read(UInt64.self) == 1 else {
            throw FormatFailure("a slot of another version")
        }
        journal = try reader.readID()
        segment = try reader.readID()
        ordinal = try reader.read()
        committedBytes = Int(clamping: try reader.read(UInt64.self))
        batch = try reader.read()
        sequence = SequenceNumber(rawValue: try reader.read())
        resolved = HybridTimestamp(rawValue: try reader.read())
        epoch = try reader.read()
        chain = try reader.readChain()
        commitStart = Int(clamping: try reader.read(UInt64.self))
    }
}
