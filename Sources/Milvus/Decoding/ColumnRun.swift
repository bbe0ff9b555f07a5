/// The columns of an Insert: its records of field 13, each a `milvus.proto.schema.FieldData`.
///
/// Milvus writes them one after another, so they are one run of the message's own bytes. A message where
/// they are not is put together anew.
struct ColumnRun {
    /// Field 13 with a length behind it.
    static let tag: UInt8 = 0x6a

    private(set) var range: Range<Int>?
    private var isContiguous = true

    @inline(__always)
    mutating func add(_ record: WireRecord, _ bytes: borrowing Span<UInt8>) throws(WireFailure) {
        let end = try record.body.upperBound
        isContiguous = isContiguous && bytes[record.start] == Self.tag
        guard let known = range else { return range = record.start..<end }
        isContiguous = isContiguous && known.upperBound == record.start
        range = known.lowerBound..<end
    }

    /// The columns; empty if there are none.
    func slice(of message: [UInt8]) throws(WireFailure) -> ArraySlice<UInt8> {
        guard let range else { return [] }
        return isContiguous ? message[range] : try rebuilt(message)[...]
    }

    private func rebuilt(_ message: [UInt8]) throws(WireFailure) -> [UInt8] {
        var columns: [UInt8] = []
        var cursor = WireCursor(0..<message.count)
        while let record = try cursor.next(message.span) {
            guard record.field == 13 else { continue }
            columns.appendRecord(tag: Self.tag, message[try record.body])
        }
        return columns
    }
}

extension [UInt8] {
    /// Appends a record of bytes: tag, length, content.
    mutating func appendRecord(tag: UInt8, _ content: some Collection<UInt8>) {
        append(tag)
        appendVarint(UInt64(content.count))
        append(contentsOf: content)
    }

    /// Appends a base-128 number.
    mutating func appendVarint(_ number: UInt64) {
        var rest = number
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(rest))
    }
}
