/// Counts the keys of a `milvus.proto.schema.IDs` without decoding them.
enum KeyCount {
    /// How many keys a message holds.
    ///
    /// - Throws: if the bytes are not whole keys, so that who decodes them later will not fail.
    static func count(_ keys: Range<Int>, _ bytes: borrowing Span<UInt8>) throws(WireFailure) -> Int
    {
        var count = 0
        var kind: UInt64 = 0
        var message = WireCursor(keys)
        while let list = try message.next(bytes) {
            guard list.field == 1 || list.field == 2 else { continue }
            guard kind == 0 || kind == list.field else {
                throw WireFailure("its keys are numbers and texts at once")
            }
            kind = list.field
            var cursor = WireCursor(try list.body)
            while let record = try cursor.next(bytes) {
                guard record.field == 1 else { continue }
                switch (kind, record.kind) {
                case (1, .varint), (2, .bytes): count += 1
                case (1, .bytes): count += try numbers(record.content, bytes)
                default: throw WireFailure("its keys are neither numbers nor texts")
                }
            }
        }
        return count
    }

    /// How many base-128 numbers stand in a range.
    static func numbers(
        _ range: Range<Int>,
        _ bytes: borrowing Span<UInt8>
    ) throws(WireFailure) -> Int {
        var count = 0
        var width = 0
        for index in range {
            width &+= 1
            if bytes[index] < 0x80 {
                count &+= 1
                width = 0
            } else if width == 10 {
                break
            }
        }
        guard width == 0 else { throw WireFailure("a key is cut off or longer than 64 bits") }
        return count
    }
}
