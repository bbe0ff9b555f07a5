/// The arrays of vectors of several entries, becoming one `milvus.proto.schema.VectorArray`.
enum VectorArrays {
    /// The message with all rows; dimension and type of elements must be the same wherever they are told.
    static func joined(_ parts: [ArraySlice<UInt8>]) throws(WireFailure) -> ByteRope {
        var rows = ByteRope()
        var told: [UInt64: UInt64] = [:]
        for part in parts {
            var cursor = WireCursor(0..<part.count)
            while let record = try cursor.next(part.span) {
                switch record.field {
                case 2: rows.append(part.part(record.start..<cursor.position))
                case 1, 3:
                    let value = try record.number
                    guard told[record.field, default: value] == value else {
                        throw WireFailure("arrays of vectors differ in what their vectors are")
                    }
                    told[record.field] = value
                default:
                    throw WireFailure("arrays of vectors have the unknown field \(record.field)")
                }
            }
        }
        var message = ByteRope()
        message.append(number(1, told))
        message.append(rows)
        message.append(number(3, told))
        return message
    }

    private static func number(_ field: UInt64, _ told: [UInt64: UInt64]) -> ArraySlice<UInt8> {
        guard let value = told[field] else { return [] }
        var record = [UInt8(field << 3)]
        record.appendVarint(value)
        return record[...]
    }
}
