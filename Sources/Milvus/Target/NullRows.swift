/// Takes the values of null rows out of a column.
///
/// The log of Milvus 2.5 and later holds a value for every row, zero where it is null, and tells which are
/// valid; a request tells the same but holds the valid ones only. Sending the log's form is accepted and
/// stores other values, hence the counting.
/// Source: `internal/proxy/validate_util.go` of Milvus 2.5.27.
enum NullRows {
    static func removed(
        from content: ColumnParts.Content,
        validity: ArraySlice<UInt8>
    ) throws(WireFailure) -> ColumnParts.Content {
        // Nullable vectors are compact in the log already.
        guard case .scalars(let member, let bytes) = content, validity.contains(0) else {
            return content
        }
        let values = try ranges(of: bytes, member)
        let valid = validity.reduce(0) { $0 + ($1 == 0 ? 0 : 1) }
        if values.elements.count == valid { return content }
        guard values.elements.count == validity.count else {
            throw WireFailure(
                "a column has \(values.elements.count) values for \(validity.count) rows of which"
                    + " \(valid) are not null"
            )
        }
        var kept: [UInt8] = []
        kept.reserveCapacity(bytes.count)
        for (range, flag) in zip(values.elements, validity) where flag != 0 {
            kept += bytes.part(range)
        }
        for range in values.others { kept += bytes.part(range) }
        guard values.isPacked else { return .scalars(member: member, kept[...]) }
        var packed: [UInt8] = []
        packed.appendRecord(tag: 0x0a, kept)
        return .scalars(member: member, packed[...])
    }

    /// Where each value stands: numbers within a packed record, anything else as a record of its own; and what
    /// else there is, such as the type of an array's elements.
    private static func ranges(
        of bytes: ArraySlice<UInt8>,
        _ member: UInt64
    ) throws(WireFailure) -> (elements: [Range<Int>], others: [Range<Int>], isPacked: Bool) {
        var elements: [Range<Int>] = []
        var others: [Range<Int>] = []
        let isNumeric = ColumnParts.Content.numbers.contains(member)
        var cursor = WireCursor(0..<bytes.count)
        while let record = try cursor.next(bytes.span) {
            guard record.field == 1 else {
                if isNumeric == false { others.append(record.start..<cursor.position) }
                continue
            }
            guard isNumeric else {
                elements.append(record.start..<cursor.position)
                continue
            }
            guard record.kind == .bytes else { throw WireFailure("numbers are not packed") }
            try numbers(
                record.content,
                bytes,
                width: member == 4 ? 4 : member == 5 ? 8 : nil,
                &elements
            )
        }
        return (elements, others, isNumeric)
    }

    private static func numbers(
        _ range: Range<Int>,
        _ bytes: ArraySlice<UInt8>,
        width: Int?,
        _ elements: inout [Range<Int>]
    ) throws(WireFailure) {
        var cursor = WireCursor(range)
        var start = range.lowerBound
        while start < range.upperBound {
            if let width {
                guard start + width <= range.upperBound else {
                    throw WireFailure("a number is cut off")
                }
                elements.append(start..<(start + width))
            } else {
                _ = try cursor.varint(bytes.span)
                elements.append(start..<cursor.position)
            }
            start = elements[elements.count - 1].upperBound
        }
    }
}
