internal import Operations

/// The form of an entry within a frame's raw bytes.
///
/// Records lie behind one another without padding; the sequence number follows from the place.
///
///      0  u32  payload bytes
///      4  u8   kind: OperationKind's raw value
///      5  3    zeros
///      8  u64  timestamp
///     16       payload: Operation's stored form
///
/// This is the canonical form that the chain is over.
enum EntryRecord {
    static let headerSize = 16

    /// Appends an operation's record.
    ///
    /// - Throws: `JournalError` with code `refused` if the operation is larger than any entry may be.
    static func append(_ stamped: StampedOperation, to bytes: inout ByteWriter) throws {
        let start = bytes.bytes.count
        bytes.write(UInt32(0))
        bytes.write(UInt32(stamped.operation.kind.rawValue))
        bytes.write(stamped.timestamp.rawValue)
        try stamped.operation.encode(into: &bytes)
        let payload = bytes.bytes.count - start - headerSize
        guard payload <= JournalFormat.entrySizeMaxBytes else {
            throw JournalError(
                .refused,
                "An \(stamped.operation.kind.name) of \(payload) bytes; an entry takes at most "
                    + "\(JournalFormat.entrySizeMaxBytes)."
            )
        }
        bytes.overwrite(UInt32(payload), at: start)
    }

    /// Reads the records of a whole frame.
    ///
    /// - Throws: `FormatFailure` or `CodingFailure`.
    static func entries(in raw: ArraySlice<UInt8>, of header: FrameHeader) throws -> [Entry] {
        guard header.count <= raw.count / headerSize else {
            throw FormatFailure("\(header.count) entries in \(raw.count) bytes")
        }
        var entries: [Entry] = []
        entries.reserveCapacity(Int(header.count))
        var reader = ByteReader(raw)
        var sequence = header.firstSequence
        var last = header.lowTimestamp
        while reader.remaining > 0 {
            let size = Int(try reader.read(UInt32.self))
            let kindNumber = try reader.read(UInt32.self)
            let timestamp = HybridTimestamp(rawValue: try reader.read())
            guard kindNumber <= UInt8.max, let kind = OperationKind(rawValue: UInt8(kindNumber))
            else { throw FormatFailure("an entry of kind \(kindNumber)", isNewer: true) }
            guard timestamp >= last, timestamp <= header.highTimestamp else {
                throw FormatFailure("entry \(sequence) with timestamp \(timestamp), out of order")
            }
            let operation = try Operation(kind: kind, payload: try reader.take(size))
            entries.append(Entry(sequence: sequence, timestamp: timestamp, operation: operation))
            sequence = sequence.next
            last = timestamp
        }
        guard entries.count == Int(header.count) else {
            throw FormatFailure("\(entries.count) entries, where the header says \(header.count)")
        }
        return entries
    }

    /// The digests of the records of a whole frame, one behind another.
    static func digests(of raw: ArraySlice<UInt8>) throws(CodingFailure) -> [UInt8] {
        var digests: [UInt8] = []
        var start = raw.startIndex
        while start < raw.endIndex {
            var reader = ByteReader(raw[start...])
            let end = start + headerSize + Int(try reader.read(UInt32.self))
            guard end <= raw.endIndex else { throw CodingFailure("a record that is cut short") }
            BatchDigest.append(digestOf: raw[start..<end], to: &digests)
            start = end
        }
        return digests
    }
}
