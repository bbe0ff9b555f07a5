/// A stored piece of a collection: what matters of `milvus.proto.data.SegmentInfo`.
///
/// There are many, and they change often, so they are only looked through. Source: `proto/data_coord.proto` of Milvus
/// 2.3 to 2.6.
struct SegmentRecord {
    /// `milvus.proto.common.SegmentState.Importing`.
    private static let importing: UInt64 = 7

    /// Whether rows come into it that no log holds.
    private(set) var isImporting = false

    init(_ bytes: [UInt8]) throws(WireFailure) {
        var cursor = WireCursor(0..<bytes.count)
        while let record = try cursor.next(bytes.span) {
            switch record.field {
            case 6: if try record.number == Self.importing { isImporting = true }
            case 17: if try record.number != 0 { isImporting = true }
            default: break
            }
        }
    }
}
