internal import Operations

/// What precedes every frame's stored bytes.
///
///      0  u32  magic "FLFR"
///      4  u8   version: 1
///      5  u8   kind
///      6  u8   codec
///      7  u8   flags: 1 = holds entries that are not rows
///      8  u32  stored bytes
///     12  u32  raw bytes: what they hold once decoded
///     16  u64  sequence number of the first entry
///     24  u64  sequence number of the last entry; first - 1 if there is none. Of a commit: the batch's
///     32  u64  lowest timestamp
///     40  u64  highest timestamp; of a commit: the resolved timestamp
///     48  u64  durable through: the last entry that was durable when this was written
///     56  u64  durable bytes of this segment when this was written: where the last durable commit ended
///     64  u64  batch, counted from 1 over the journal's life
///     72  i64  the collection that every entry concerns; 0 if there is no such
///     80  u64  0
///     88  u32  CRC-32C of the stored bytes and the padding behind them
///     92  u32  CRC-32C of bytes 0 to 91
///
/// Both checksums begin with the segment's seed. Zeros pad a frame to a multiple of 8 bytes.
struct FrameHeader: Hashable, Sendable {
    static let size = 96
    static let magic: UInt32 = 0x5246_4C46

    /// What a frame is for.
    enum Kind: UInt8, Hashable, Sendable {
        /// What a segment begins with: the source position and the definitions as of its start.
        case opening = 1
        /// Entries of one batch.
        case entries = 2
        /// The end of a batch.
        case commit = 3
        /// The end of a sealed segment: see `SegmentIndex`.
        case footer = 4
    }

    /// How the stored bytes come from the raw ones.
    ///
    enum Codec: UInt8, Hashable, Sendable {
        case stored = 0
        /// One zstd frame with a content checksum.
        case zstd = 1
        /// Vectors apart from the rest, byte by byte: see `VectorPlanes`.
        case planes = 2
    }

    var kind: Kind
    var codec: Codec = .stored
    var holdsDefinitions = false
    var storedBytes: Int
    var rawBytes: Int
    var firstSequence: SequenceNumber
    var count: UInt64
    var lowTimestamp: HybridTimestamp
    var highTimestamp: HybridTimestamp
    var durableThrough: SequenceNumber
    var durableBytes: Int
    var batch: UInt64
    var collection: CollectionID?
    /// Of the stored bytes and their padding.
    var checksum: UInt32

    /// The sequence number of the last entry; the one before the first if there is none.
    var lastSequence: SequenceNumber {
        SequenceNumber(rawValue: firstSequence.rawValue &+ count &- 1)
    }

    /// The entries in it; nil if it holds none itself.
    var sequences: ClosedRange<SequenceNumber>? {
        kind == .entries && count > 0 ? firstSequence...lastSequence : nil
    }

    /// The whole frame, padding included.
    var frameBytes: Int { Self.size + JournalFormat.aligned(storedBytes) }

    func encoded(seed: UInt32) -> [UInt8] {
        var bytes = ByteWriter()
        bytes.bytes.reserveCapacity(Self.size)
        bytes.write(Self.magic)
        bytes.write(UInt8(1))
        bytes.write(kind.rawValue)
        bytes.write(codec.rawValue)
        bytes.write(UInt8(holdsDefinitions ? 1 : 0))
        bytes.write(UInt32(storedBytes))
        bytes.write(UInt32(rawBytes))
        bytes.write(firstSequence.rawValue)
        bytes.write(lastSequence.rawValue)
        bytes.write(lowTimestamp.rawValue)
        bytes.write(highTimestamp.rawValue)
        bytes.write(durableThrough.rawValue)
        bytes.write(UInt64(durableBytes))
        bytes.write(batch)
        bytes.write(collection?.rawValue ?? 0)
        bytes.write(UInt64(0))
        bytes.write(checksum)
        bytes.write(Checksum.extend(seed, over: bytes.bytes[...]))
        return bytes.bytes
    }

    /// Reads a header; the stored bytes are not looked at.
    ///
    /// - Throws: `FormatFailure` or `CodingFailure`.
    init(decoding bytes: ArraySlice<UInt8>, seed: UInt32) throws {
        guard bytes.count >= Self.size else {
            throw FormatFailure("\(bytes.count) bytes, where a frame's header has \(Self.size)")
        }
        let bytes = bytes.prefix(Self.size)
        var reader = ByteReader(bytes)
        guard try reader.read(UInt32.self) == Self.magic else {
            throw FormatFailure("no frame begins like this")
        }
        var end = ByteReader(bytes.suffix(4))
        guard try end.read(UInt32.self) == Checksum.extend(seed, over: bytes.dropLast(4)) else {
            throw FormatFailure("a frame's header that fails its checksum")
        }
        try self.init(fields: &reader)
        guard storedBytes <= JournalFormat.frameSizeMaxBytes,
            rawBytes <= JournalFormat.frameSizeMaxBytes,
            codec != .stored || storedBytes == rawBytes,
            firstSequence > .zero, lastSequence.rawValue >= firstSequence.rawValue - 1,
            lastSequence.rawValue < JournalFormat.countMax, batch < JournalFormat.countMax
        else { throw FormatFailure("a frame's header with sizes that cannot be") }
    }

    private init(fields reader: inout ByteReader) throws {
        let version = try reader.read(UInt8.self)
        let (rawKind, rawCodec) = (try reader.read(UInt8.self), try reader.read(UInt8.self))
        let flags = try reader.read(UInt8.self)
        guard version == 1, let kind = Kind(rawValue: rawKind),
            let codec = Codec(rawValue: rawCodec),
            flags & ~1 == 0
        else {
            throw FormatFailure(
                "a frame of version \(version), kind \(rawKind), codec \(rawCodec), flags \(flags)",
                isNewer: true
            )
        }
        self.kind = kind
        self.codec = codec
        holdsDefinitions = flags & 1 != 0
        storedBytes = Int(try reader.read(UInt32.self))
        rawBytes = Int(try reader.read(UInt32.self))
        firstSequence = SequenceNumber(rawValue: try reader.read())
        count = try reader.read(UInt64.self) &+ 1 &- firstSequence.rawValue
        lowTimestamp = HybridTimestamp(rawValue: try reader.read())
        highTimestamp = HybridTimestamp(rawValue: try reader.read())
        durableThrough = SequenceNumber(rawValue: try reader.read())
        durableBytes = Int(clamping: try reader.read(UInt64.self))
        batch = try reader.read()
        let id = try reader.read(Int64.self)
        collection = id == 0 ? nil : CollectionID(rawValue: id)
        _ = try reader.read(UInt64.self)
        checksum = try reader.read()
    }
}

extension FrameHeader {
    init(
        kind: Kind,
        storedBytes: Int,
        rawBytes: Int,
        firstSequence: SequenceNumber,
        count: UInt64,
        lowTimestamp: HybridTimestamp,
        highTimestamp: HybridTimestamp
    ) {
        self.kind = kind
        self.storedBytes = storedBytes
        self.rawBytes = rawBytes
        self.firstSequence = firstSequence
        self.count = count
        self.lowTimestamp = lowTimestamp
        self.highTimestamp = highTimestamp
        durableThrough = .zero
        durableBytes = 0
        batch = 0
        checksum = 0
    }
}
