internal import Operations

/// Codec 2 of a frame: vectors apart from the rest, and their bytes by significance.
///
/// The exponents of a vector's numbers resemble each other and the low bits of the mantissas do not. So the
/// sign is rotated to the low end and byte k of all numbers goes to plane k; what compresses is compressed, what
/// does not is stored as it is. Nothing is rounded.
///
///     u32  runs
///     then for each run, ascending:
///       u32  offset in the raw bytes     u32  numbers     u32  bytes of a number: 4 or 2
///     then parts: the raw bytes without the runs; if there are runs of 4 bytes, planes 0 to 3 of all of them;
///     if there are runs of 2 bytes, planes 0 and 1 of all of them
///       u8   codec: 0 stored, 1 zstd     u32  stored bytes     the bytes
enum VectorPlanes {
    /// Fewer bytes of vectors in a frame are not taken apart.
    static let sizeMinBytes = 4096

    /// Numbers of this many bytes have planes, in this order.
    private static let widths = [4, 2]
    private static let runRecordBytes = 12
    /// A part is judged by this many of its bytes.
    private static let sampleBytes = 4096

    /// Whether runs are worth it.
    static func areWorthwhile(_ runs: [VectorRun]) -> Bool {
        runs.reduce(0) { $0 + $1.byteCount } >= sizeMinBytes
    }

    /// Encodes what stands behind `room` bytes of `raw`; the result has as much room in front.
    ///
    /// The offsets of the runs count from the start of `raw`.
    static func encode(
        _ raw: [UInt8],
        behind room: Int,
        _ runs: [VectorRun],
        _ compressor: inout FrameCompressor
    ) throws(ZstdFailure) -> [UInt8] {
        var output = ByteWriter()
        output.bytes.reserveCapacity(raw.count + (runs.count + 16) * runRecordBytes)
        output.bytes.append(contentsOf: repeatElement(0, count: room))
        output.write(UInt32(runs.count))
        var rest: [UInt8] = []
        var end = room
        for run in runs {
            output.write(UInt32(run.offset - room))
            output.write(UInt32(run.count))
            output.write(UInt32(run.width))
            rest.append(contentsOf: raw[end..<run.offset])
            end = run.offset + run.byteCount
        }
        rest.append(contentsOf: raw[end...])
        try append(rest[...], to: &output, &compressor)
        for width in widths {
            let own = runs.filter { $0.width == width }
            let count = own.reduce(0) { $0 + $1.count }
            guard count > 0 else { continue }
            let planes = BytePlanes.split(raw, own, width, count)
            for plane in 0..<width {
                try append(planes[plane * count..<(plane + 1) * count], to: &output, &compressor)
            }
        }
        return output.bytes
    }

    private static func append(
        _ part: ArraySlice<UInt8>,
        to output: inout ByteWriter,
        _ compressor: inout FrameCompressor
    ) throws(ZstdFailure) {
        if let frame = try compressed(part, &compressor), frame.count < part.count {
            output.write(FrameHeader.Codec.zstd.rawValue)
            output.write(UInt32(frame.count))
            output.bytes.append(contentsOf: frame)
            return
        }
        output.write(FrameHeader.Codec.stored.rawValue)
        output.write(UInt32(part.count))
        output.bytes.append(contentsOf: part)
    }

    /// The part as zstd makes it, if a sample from its middle says that it is worth it.
    ///
    /// Planes hold numbers of few different values in no order. Looking for repetitions in them takes most of
    /// the time and finds nothing; where a sample says otherwise, such as for vectors that come twice or
    /// are mostly zero, it is done all the same.
    private static func compressed(
        _ part: ArraySlice<UInt8>,
        _ compressor: inout FrameCompressor
    ) throws(ZstdFailure) -> [UInt8]? {
        guard part.count > 4 * sampleBytes else {
            return try compressor.records.frame(part, behind: 0)
        }
        let start = part.startIndex + part.count / 2
        let sample = part[start..<start + sampleBytes]
        let plain = try compressor.planes.frame(sample, behind: 0).count
        guard plain < sampleBytes - sampleBytes / 20 else { return nil }
        let matched = try compressor.records.frame(sample, behind: 0).count
        // A tenth smaller is worth the time.
        return matched < plain - plain / 10
            ? try compressor.records.frame(part, behind: 0)
            : try compressor.planes.frame(part, behind: 0)
    }

    // MARK: Decoding

    /// The raw bytes that a frame's stored bytes stand for.
    ///
    /// - Throws: `FormatFailure`, `CodingFailure` or `ZstdFailure`.
    static func decode(
        _ stored: ArraySlice<UInt8>,
        rawBytes: Int,
        _ decompressor: inout ZstdDecompressor
    ) throws -> [UInt8] {
        var reader = ByteReader(stored)
        let runs = try readRuns(&reader, rawBytes: rawBytes)
        let restBytes = rawBytes - runs.reduce(0) { $0 + $1.byteCount }
        let rest = try part(&reader, restBytes, &decompressor)
        var planes: [Int: [ArraySlice<UInt8>]] = [:]
        for width in widths {
            let count = runs.filter { $0.width == width }.reduce(0) { $0 + $1.count }
            guard count > 0 else { continue }
            for _ in 0..<width {
                planes[width, default: []].append(try part(&reader, count, &decompressor))
            }
        }
        guard reader.remaining == 0 else {
            throw FormatFailure("\(reader.remaining) bytes behind the last plane")
        }
        return BytePlanes.join(rest, runs, planes, rawBytes)
    }

    private static func readRuns(
        _ reader: inout ByteReader,
        rawBytes: Int
    ) throws -> [VectorRun] {
        let count = Int(try reader.read(UInt32.self))
        guard count <= reader.remaining / runRecordBytes else {
            throw FormatFailure("\(count) runs in \(reader.remaining) bytes")
        }
        var runs: [VectorRun] = []
        runs.reserveCapacity(count)
        var end = 0
        for _ in 0..<count {
            let run = VectorRun(
                offset: Int(try reader.read(UInt32.self)),
                count: Int(try reader.read(UInt32.self)),
                width: Int(try reader.read(UInt32.self))
            )
            guard widths.contains(run.width), run.offset >= end,
                run.byteCount <= rawBytes - run.offset
            else { throw FormatFailure("a run of vectors that cannot be") }
            end = run.offset + run.byteCount
            runs.append(run)
        }
        return runs
    }

    private static func part(
        _ reader: inout ByteReader,
        _ expected: Int,
        _ decompressor: inout ZstdDecompressor
    ) throws -> ArraySlice<UInt8> {
        let codec = try reader.read(UInt8.self)
        let stored = try reader.readBlob()
        let bytes: ArraySlice<UInt8>
        switch codec {
        case FrameHeader.Codec.stored.rawValue: bytes = stored
        case FrameHeader.Codec.zstd.rawValue:
            bytes = try decompressor.content(of: stored, limit: expected)[...]
        default: throw FormatFailure("a part with codec \(codec)")
        }
        guard bytes.count == expected else {
            throw FormatFailure("a part of \(bytes.count) bytes, where \(expected) belong")
        }
        return bytes
    }
}
