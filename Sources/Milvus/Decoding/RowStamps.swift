/// The timestamps of a row message: field 10, one for each row, all the same.
struct RowStamps {
    /// The timestamp of every row; meaningless while `count` is 0.
    private(set) var timestamp: UInt64 = 0
    private(set) var count = 0

    /// Takes one record in, packed (as Milvus writes it) or single.
    ///
    /// The rows of one message are one operation at one timestamp. Were they not, the order of the journal
    /// could not be kept, so a message with two timestamps is refused.
    @inline(__always)
    mutating func add(
        _ record: WireRecord,
        _ bytes: borrowing Span<UInt8>
    ) throws(WireFailure) {
        guard record.kind == .bytes else { return try add(record.number) }
        var cursor = WireCursor(record.content)
        guard record.content.isEmpty == false else { return }
        try add(try cursor.varint(bytes))
        // Equal numbers are equal bytes, so the rest repeats the first. Comparing is much faster than
        // decoding for the thousands of rows that one message may hold.
        let width = cursor.position &- record.content.lowerBound
        let rest = record.content.count &- width
        guard rest.isMultiple(of: width), repeats(cursor.position..<cursor.end, width, bytes) else {
            while cursor.position < cursor.end { try add(try cursor.varint(bytes)) }
            return
        }
        count &+= rest / width
    }

    @inline(__always)
    private mutating func add(_ stamp: UInt64) throws(WireFailure) {
        guard count == 0 || stamp == timestamp else {
            throw WireFailure("its rows have different timestamps (\(timestamp) and \(stamp))")
        }
        timestamp = stamp
        count &+= 1
    }

    /// Whether every byte of a range equals the one `width` before it.
    @inline(__always)
    private func repeats(
        _ range: Range<Int>,
        _ width: Int,
        _ bytes: borrowing Span<UInt8>
    ) -> Bool {
        for index in range where bytes[index] != bytes[index &- width] { return false }
        return true
    }
}
