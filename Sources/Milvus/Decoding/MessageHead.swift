/// What every message of the log begins with: `milvus.proto.common.MsgBase`.
struct MessageHead: Hashable {
    /// `milvus.proto.common.MsgType`.
    private(set) var type: UInt64 = 0
    private(set) var messageID: Int64 = 0
    /// 0 in the insert half of an upsert.
    private(set) var timestamp: UInt64 = 0
    /// Where the name stands of the replication by which the message came from another cluster (Milvus 2.5);
    /// nil if it did not.
    private(set) var replication: Range<Int>?

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
                case 7: replication = try Self.replication(try field.body, bytes)
                default: break
                }
            }
            return
        }
        throw WireFailure("it has no header")
    }

    /// The id in a `milvus.proto.common.ReplicateInfo`, if it has one.
    private static func replication(
        _ info: Range<Int>,
        _ bytes: borrowing Span<UInt8>
    ) throws(WireFailure) -> Range<Int>? {
        var cursor = WireCursor(info)
        while let field = try cursor.next(bytes) {
            if field.field == 3, try field.body.isEmpty == false { return try field.body }
        }
        return nil
    }
}
