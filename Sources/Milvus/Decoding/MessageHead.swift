/// What every message of the log begins with: `milvus.proto.common.MsgBase`.
struct MessageHead: Hashable {
    /// `milvus.proto.common.MsgType`.
    private(set) var type: UInt64 = 0
    private(set) var messageID: Int64 = 0
    /// 0 in the insert half of an upsert.
    private(set) var timestamp: UInt64 = 0

    /// Reads field 1 of a message, which stands first, and nothing beyond it.
    init(_ bytes: borrowing Span<UInt8>) throws(WireFailure) {
        var message = WireCursor(0..<bytes.count)
        while let record = try message.next(bytes) {
            guard record.field == 1 else { continue }
            var base = WireCursor(try record.body)
            while let field = try base.next(bytes) {
                switch field.field {
                case 1: type = try field.number
                case 2: messageID = Int64(bitPattern: try field.number)
                case 3: timestamp = try field.number
                default: break
                }
            }
            return
        }
        throw WireFailure("it has no header")
    }
}
