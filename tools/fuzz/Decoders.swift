import FoundationEssentials
import Operations

/// The decoders of a journal's files, each for bytes from anywhere: they may throw, nothing else.
///
/// An input is decoded as it is, and once more with good checksums, behind which a fuzzer would never get.
enum FuzzedDecoder: String {
    case segmentHeader = "segment-header"
    case frameHeader = "frame-header"
    case frameBody = "frame-body"
    case entries
    case commit
    case opening
    case footer
    case head

    /// The one of this run: `FLIGHTLOG_FUZZ`.
    static let chosen: FuzzedDecoder = {
        let name = ProcessInfo.processInfo.environment["FLIGHTLOG_FUZZ"] ?? ""
        guard let decoder = FuzzedDecoder(rawValue: name) else {
            fatalError("FLIGHTLOG_FUZZ is “\(name)”, which is no decoder")
        }
        return decoder
    }()

    private static let decoder = FrameDecoder()
    /// What a header may ask for here, so that no run is spent on filling memory.
    private static let rawMaxBytes = 1 << 20

    func decode(_ bytes: [UInt8]) throws {
        switch self {
        case .segmentHeader: try Self.segmentHeader(bytes)
        case .frameHeader: try Self.frameHeader(bytes)
        case .frameBody: try Self.frameBody(bytes)
        case .entries: try Self.entries(bytes)
        case .commit:
            let record = try CommitRecord(decoding: bytes[...])
            try Self.expect(try CommitRecord(decoding: record.encoded()[...]) == record)
        case .opening:
            let record = try OpeningRecord(decoding: bytes[...])
            try Self.expect(try OpeningRecord(decoding: try record.encoded()[...]) == record)
        case .footer:
            let index = try SegmentIndex(decoding: bytes[...])
            try Self.expect(try SegmentIndex(decoding: index.encoded()[...]) == index)
        case .head: Self.head(bytes)
        }
    }

    private static func segmentHeader(_ bytes: [UInt8]) throws {
        _ = try? SegmentHeader(decoding: bytes)
        var sealed = bytes
        sealed.seal(0..<SegmentHeader.size, seed: 0)
        let header = try SegmentHeader(decoding: sealed)
        try expect(try SegmentHeader(decoding: header.encoded()) == header)
    }

    private static func frameHeader(_ bytes: [UInt8]) throws {
        _ = try? FrameHeader(decoding: bytes[...], seed: 1)
        var sealed = bytes
        sealed.seal(0..<FrameHeader.size, seed: 1)
        let header = try FrameHeader(decoding: sealed[...], seed: 1)
        _ = (header.frameBytes, header.sequences, header.lastSequence)
        try expect(try FrameHeader(decoding: header.encoded(seed: 1)[...], seed: 1) == header)
    }

    /// A whole frame: a header, and the stored bytes by whatever codec it names.
    private static func frameBody(_ bytes: [UInt8]) throws {
        var sealed = bytes
        sealed.seal(0..<FrameHeader.size, seed: 1)
        var header = try FrameHeader(decoding: sealed[...], seed: 1)
        header.rawBytes = min(header.rawBytes, rawMaxBytes)
        let raw = try decoder.raw(sealed[FrameHeader.size...], header)
        try expect(raw.count == header.rawBytes)
        switch header.kind {
        case .entries: _ = try EntryRecord.entries(in: raw, of: header)
        case .commit: _ = try CommitRecord(decoding: raw)
        case .opening: _ = try OpeningRecord(decoding: raw)
        case .footer: _ = try SegmentIndex(decoding: raw)
        }
    }

    /// One byte says how many entries the header claims; the records follow.
    private static func entries(_ bytes: [UInt8]) throws {
        guard let count = bytes.first else { return }
        let header = FrameHeader(
            kind: .entries,
            storedBytes: bytes.count - 1,
            rawBytes: bytes.count - 1,
            firstSequence: SequenceNumber(rawValue: 1),
            count: UInt64(count),
            lowTimestamp: .zero,
            highTimestamp: HybridTimestamp(rawValue: .max)
        )
        let raw = bytes[1...]
        _ = try? EntryRecord.digests(of: raw)
        let entries = try EntryRecord.entries(in: raw, of: header)
        try expect(try EntryRecord.digests(of: raw).count == entries.count * Chain.size)
        var again = ByteWriter()
        for entry in entries {
            let stamped = StampedOperation(
                timestamp: entry.timestamp,
                operation: entry.operation
            )
            try EntryRecord.append(stamped, to: &again)
        }
        try expect(try EntryRecord.entries(in: again.bytes[...], of: header) == entries)
    }

    private static func head(_ bytes: [UInt8]) {
        _ = HeadRecord.newest(in: bytes)
        var sealed = bytes
        for offset in HeadRecord.slotOffsets {
            sealed.seal(offset..<(offset + HeadRecord.size), seed: 0)
        }
        guard let newest = HeadRecord.newest(in: sealed) else { return }
        precondition(HeadRecord.newest(in: newest.encoded()) == newest)
    }

    /// What a decoder takes must come back from its own encoding.
    private static func expect(_ isSo: @autoclosure () throws -> Bool) throws {
        do {
            guard try isSo() else { fatalError("what was decoded does not come back") }
        } catch {
            fatalError("what was decoded cannot be encoded or read again: \(error)")
        }
    }
}

extension [UInt8] {
    /// Gives a range a good checksum in its last four bytes, if it is there.
    fileprivate mutating func seal(_ range: Range<Int>, seed: UInt32) {
        guard range.upperBound <= count else { return }
        var sum = ByteWriter()
        sum.write(Checksum.extend(seed, over: self[range].dropLast(4)))
        replaceSubrange((range.upperBound - 4)..<range.upperBound, with: sum.bytes)
    }
}

/// What libFuzzer calls for every input.
@_cdecl("LLVMFuzzerTestOneInput")
public func decodeInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    do {
        try FuzzedDecoder.chosen.decode(bytes)
    } catch {
        // What callers make of it must not fail either: only certain errors are expected of a decoder.
        _ = FormatFailure(error)
    }
    return 0
}
