internal import Operations
internal import Synchronization

/// Reads the frames of one segment, up to a limit, through a window so that small frames cost no call each.
struct FrameReader: Sendable {
    let segment: Segment
    /// Nothing behind this byte is looked at.
    private(set) var limit: Int
    private var window: [UInt8] = []
    private var windowStart = 0

    /// How much is read ahead by whoever reads on.
    private static let windowBytes = 64 << 10
    /// How much is read by whoever passes frames by their headers.
    private static let glanceBytes = 4 << 10

    /// Reads up to a limit: the end of a commit, or of the file.
    init(_ segment: Segment, limit: Int) {
        self.segment = segment
        self.limit = limit
    }

    /// Lets reading go further; the bytes before the old limit have not changed.
    mutating func extend(to newLimit: Int) { limit = max(limit, newLimit) }

    /// The header of the frame at an offset, whose whole frame lies before the limit.
    ///
    /// - Throws: `FormatFailure`, `CodingFailure` or `StorageFailure`.
    mutating func header(at offset: Int) throws -> FrameHeader {
        let header = try FrameHeader(
            decoding: try bytes(at: offset, count: FrameHeader.size),
            seed: segment.seed
        )
        guard header.frameBytes <= limit - offset else {
            throw FormatFailure(
                "a frame of \(header.frameBytes) bytes, of which \(limit - offset) are there"
            )
        }
        return header
    }

    /// The stored bytes of a frame, once they pass their checksum.
    ///
    /// - Throws: `FormatFailure` or `StorageFailure`.
    mutating func stored(_ header: FrameHeader, at offset: Int) throws -> ArraySlice<UInt8> {
        let padded = JournalFormat.aligned(header.storedBytes)
        let bytes = try bytes(at: offset + FrameHeader.size, count: padded)
        guard bytes.count == padded,
            Checksum.extend(segment.seed, over: bytes) == header.checksum
        else { throw FormatFailure("a frame that fails its checksum") }
        return bytes.prefix(header.storedBytes)
    }

    private mutating func bytes(at offset: Int, count: Int) throws -> ArraySlice<UInt8> {
        guard offset >= 0, offset <= limit else { return [] }
        let end = min(offset + count, limit)
        if offset < windowStart || end > windowStart + window.count {
            guard count <= Self.windowBytes else {
                return try segment.file.read(at: offset, count: max(0, end - offset))[...]
            }
            let readsOn = offset >= windowStart && offset <= windowStart + window.count
            let ahead = readsOn ? Self.windowBytes : max(count, Self.glanceBytes)
            window = try segment.file.read(at: offset, count: max(0, min(ahead, limit - offset)))
            windowStart = offset
        }
        let start = offset - windowStart
        return window[min(start, window.count)..<min(max(end - windowStart, start), window.count)]
    }
}

/// Turns stored bytes into raw ones; shared by the copies of a cursor.
final class FrameDecoder: Sendable {
    private let zstd = Mutex(ZstdDecompressor())

    /// - Throws: `FormatFailure` or `ZstdFailure`.
    func raw(_ stored: ArraySlice<UInt8>, _ header: FrameHeader) throws -> ArraySlice<UInt8> {
        let raw: ArraySlice<UInt8>
        switch header.codec {
        case .stored: raw = stored
        case .zstd:
            raw = try zstd.withLock { context in
                try context.content(of: stored, limit: header.rawBytes)[...]
            }
        case .planes:
            raw = try zstd.withLock { context in
                try VectorPlanes.decode(stored, rawBytes: header.rawBytes, &context)[...]
            }
        }
        guard raw.count == header.rawBytes else {
            throw FormatFailure("\(raw.count) raw bytes, where the header says \(header.rawBytes)")
        }
        return raw
    }
}
