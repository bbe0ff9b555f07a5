/// The sparse vectors of several entries, becoming one `milvus.proto.schema.SparseFloatArray`.
enum SparseVectors {
    /// The message with all rows, and the largest dimension of all, the given one included.
    static func joined(
        _ parts: [ArraySlice<UInt8>],
        dimension: UInt64
    ) throws(WireFailure) -> (ByteRope, UInt64) {
        var rows = ByteRope()
        var largest = dimension
        for part in parts {
            var cursor = WireCursor(0..<part.count)
            while let record = try cursor.next(part.span) {
                switch record.field {
                case 1: rows.append(part.part(record.start..<cursor.position))
                case 2: largest = max(largest, try record.number)
                default: throw WireFailure("sparse vectors have the unknown field \(record.field)")
                }
            }
        }
        var tail: [UInt8] = [0x10]
        tail.appendVarint(largest)
        rows.append(tail[...])
        return (rows, largest)
    }
}
