/// Why bytes are not the protobuf message they should be: the end of a sentence.
struct WireFailure: Error, Hashable {
    let reason: String

    init(_ reason: String) { self.reason = reason }
}

/// One record of a protobuf message: a field number and what stands behind it.
struct WireRecord {
    /// The wire types; groups (3 and 4) are not used by Milvus.
    enum Kind: UInt8 {
        case varint = 0
        case fixed64 = 1
        case bytes = 2
        case fixed32 = 5
    }

    let field: UInt64
    let kind: Kind
    /// Where the tag begins.
    let start: Int
    /// The content of a record of bytes; empty for the others.
    let content: Range<Int>
    /// The number of a varint record; 0 for the others.
    let value: UInt64
}

/// Walks over the records of a protobuf message without copying, and never beyond its end.
///
/// Offsets are those of the span that every call is given again: a cursor holds numbers only.
struct WireCursor {
    private(set) var position: Int
    let end: Int

    init(_ range: Range<Int>) {
        position = range.lowerBound
        end = range.upperBound
    }

    /// The next record; nil at the end.
    @inline(__always)
    mutating func next(_ bytes: borrowing Span<UInt8>) throws(WireFailure) -> WireRecord? {
        guard position < end else { return nil }
        let start = position
        let tag = try varint(bytes)
        guard tag >= 8, let kind = WireRecord.Kind(rawValue: UInt8(tag & 7)) else {
            throw .tag(tag)
        }
        var value: UInt64 = 0
        var content = end..<end
        switch kind {
        case .varint: value = try varint(bytes)
        case .bytes: content = try skip(try varint(bytes))
        case .fixed64: _ = try skip(8)
        case .fixed32: _ = try skip(4)
        }
        return WireRecord(
            field: tag &>> 3,
            kind: kind,
            start: start,
            content: content,
            value: value
        )
    }

    /// The next base-128 number.
    @inline(__always)
    mutating func varint(_ bytes: borrowing Span<UInt8>) throws(WireFailure) -> UInt64 {
        guard position < end else { throw .number }
        let first = bytes[position]
        position &+= 1
        return first < 0x80 ? UInt64(first) : try long(UInt64(first & 0x7f), bytes)
    }

    /// The rest of a number of two bytes or more.
    private mutating func long(
        _ low: UInt64,
        _ bytes: borrowing Span<UInt8>
    ) throws(WireFailure) -> UInt64 {
        var value = low
        var shift: UInt64 = 7
        var index = position
        // The tenth byte holds bit 63 alone.
        let last = min(end, position &+ 9)
        while index < last {
            let byte = bytes[index]
            index &+= 1
            value |= UInt64(byte & 0x7f) &<< shift
            if byte < 0x80 {
                guard shift < 63 || byte <= 1 else { break }
                position = index
                return value
            }
            shift &+= 7
        }
        throw .number
    }

    @inline(__always)
    private mutating func skip(_ count: UInt64) throws(WireFailure) -> Range<Int> {
        guard count <= UInt64(end &- position) else { throw .length }
        let content = position..<(position &+ Int(count))
        position = content.upperBound
        return content
    }
}

extension WireRecord {
    /// The number, where a number is expected.
    @inline(__always)
    var number: UInt64 {
        get throws(WireFailure) {
            guard kind == .varint else { throw .kind(self) }
            return value
        }
    }

    /// The content, where bytes are expected.
    @inline(__always)
    var body: Range<Int> {
        get throws(WireFailure) {
            guard kind == .bytes else { throw .kind(self) }
            return content
        }
    }
}

// Out of line, so that what is never thrown does not weigh on the code that is always run.
extension WireFailure {
    @inline(never)
    fileprivate static func tag(_ tag: UInt64) -> WireFailure {
        WireFailure("a record has the tag \(tag)")
    }

    @inline(never)
    fileprivate static func kind(_ record: WireRecord) -> WireFailure {
        WireFailure("field \(record.field) has the wire type \(record.kind.rawValue)")
    }

    @inline(never)
    fileprivate static var number: WireFailure {
        WireFailure("a number is cut off or longer than 64 bits")
    }

    @inline(never)
    fileprivate static var length: WireFailure {
        WireFailure("a length points beyond the end")
    }
}
