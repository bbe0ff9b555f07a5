internal import Operations

/// A frame that is ready but for what only the commit knows: its place, its sequence numbers, and with
/// which segment's seed its checksums begin.
///
/// The bytes have room for the header in front and padding behind, so that nothing is copied again.
struct EncodedFrame: Sendable {
    private(set) var bytes: [UInt8]
    private(set) var header: FrameHeader
    /// One SHA-256 for each entry; empty for other frames.
    private(set) var entryDigests: [UInt8] = []
    /// Of its entries.
    private(set) var counts = OperationCounts()

    /// Puts a body into a frame: compressed, or as it is where that is hardly larger.
    ///
    /// `raw` is `FrameHeader.size` bytes of room and the body behind them, and empty afterwards.
    init(
        kind: FrameHeader.Kind,
        raw: inout [UInt8],
        vectors: [VectorRun] = [],
        count: UInt64,
        low: HybridTimestamp,
        high: HybridTimestamp,
        compressor: inout FrameCompressor
    ) throws(ZstdFailure) {
        let rawBytes = raw.count - FrameHeader.size
        var codec = FrameHeader.Codec.stored
        if let (smaller, how) = try Self.compressed(raw, vectors, &compressor),
            smaller.count < raw.count - rawBytes / 64
        {
            raw = smaller
            codec = how
        }
        header = FrameHeader(
            kind: kind,
            storedBytes: raw.count - FrameHeader.size,
            rawBytes: rawBytes,
            firstSequence: SequenceNumber.zero.next,
            count: count,
            lowTimestamp: low,
            highTimestamp: high
        )
        header.codec = codec
        // Swapped, not copied: two owners would make the next line copy a megabyte.
        bytes = []
        swap(&bytes, &raw)
        let padding = header.frameBytes - bytes.count
        bytes.append(contentsOf: repeatElement(0, count: padding))
    }

    /// Below this zstd has nothing to find.
    private static let compressionMinBytes = 64

    private static func compressed(
        _ raw: [UInt8],
        _ vectors: [VectorRun],
        _ compressor: inout FrameCompressor
    ) throws(ZstdFailure) -> ([UInt8], FrameHeader.Codec)? {
        let room = FrameHeader.size
        guard raw.count - room >= compressionMinBytes, compressor.isOn else {
            return nil
        }
        if VectorPlanes.areWorthwhile(vectors) {
            return (try VectorPlanes.encode(raw, behind: room, vectors, &compressor), .planes)
        }
        return (try compressor.records.frame(raw[room...], behind: room), .zstd)
    }

    /// Encodes consecutive operations of one batch.
    ///
    /// - Throws: `JournalError` with code `refused` for an operation that is too large.
    init(
        entries: ArraySlice<StampedOperation>,
        compressor: inout FrameCompressor
    ) throws {
        var raw = ByteWriter()
        let expected = entries.reduce(0) { $0 + $1.operation.byteCount + EntryRecord.headerSize }
        raw.bytes.reserveCapacity(FrameHeader.size + expected + JournalFormat.alignmentBytes)
        raw.bytes.append(contentsOf: repeatElement(0, count: FrameHeader.size))
        var digests: [UInt8] = []
        digests.reserveCapacity(entries.count * Chain.size)
        var vectors: [VectorRun] = []
        for entry in entries {
            let start = raw.bytes.count
            try EntryRecord.append(entry, to: &raw)
            if let columns = entry.operation.columns {
                let end = raw.bytes.count
                VectorRuns.find(in: end - columns.count..<end, of: raw.bytes.span, to: &vectors)
            }
            BatchDigest.append(digestOf: raw.bytes[start...], to: &digests)
        }
        let timestamps = (entries.first?.timestamp ?? .zero, entries.last?.timestamp ?? .zero)
        try self.init(
            kind: .entries,
            raw: &raw.bytes,
            vectors: vectors,
            count: UInt64(entries.count),
            low: timestamps.0,
            high: timestamps.1,
            compressor: &compressor
        )
        entryDigests = digests
        for entry in entries { counts.add(entry.operation) }
        header.holdsDefinitions = entries.contains { !$0.operation.kind.carriesRows }
        let collection = entries.first?.operation.collection
        if entries.allSatisfy({ $0.operation.collection == collection }) {
            header.collection = collection
        }
    }

    /// A frame of one record, such as a commit.
    init(
        kind: FrameHeader.Kind,
        record: [UInt8],
        low: HybridTimestamp,
        high: HybridTimestamp,
        compressor: inout FrameCompressor
    ) throws(ZstdFailure) {
        var raw = Array(repeating: UInt8(0), count: FrameHeader.size) + record
        try self.init(
            kind: kind,
            raw: &raw,
            count: 0,
            low: low,
            high: high,
            compressor: &compressor
        )
    }

    /// Fills in what was open and computes the checksums; may be done again for another segment.
    mutating func place(_ place: FramePlace) {
        header.firstSequence = place.firstSequence
        if let count = place.count { header.count = count }
        header.batch = place.batch
        header.durableThrough = place.durableThrough
        header.durableBytes = place.durableBytes
        header.checksum = Checksum.extend(place.seed, over: bytes[FrameHeader.size...])
        bytes.replaceSubrange(..<FrameHeader.size, with: header.encoded(seed: place.seed))
    }
}

/// What a frame learns when it is written.
struct FramePlace {
    var seed: UInt32
    var firstSequence: SequenceNumber
    /// How many entries a commit covers; nil for a frame that knows.
    var count: UInt64?
    var batch: UInt64
    var durableThrough: SequenceNumber
    var durableBytes: Int
}

extension Operation {
    /// The columns of inserted or upserted rows.
    fileprivate var columns: ArraySlice<UInt8>? {
        switch self {
        case .insert(let rows), .upsert(let rows): rows.columns
        default: nil
        }
    }
}
