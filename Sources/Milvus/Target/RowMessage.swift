internal import Operations
internal import Replay

/// A serialized `milvus.proto.milvus.InsertRequest`, which has the fields of an `UpsertRequest`.
enum RowMessage {
    /// The request, without a partition where the server assigns it; throws as `ColumnSplicer.columns(of:)`.
    static func rope(
        name: CollectionName,
        partition: String?,
        rows: [Rows],
        form: RowForm = .plain
    ) throws -> ByteRope {
        var head: [UInt8] = []
        head.appendRecord(tag: 0x12, Array(name.database.utf8))
        head.appendRecord(tag: 0x1a, Array(name.collection.utf8))
        if let partition { head.appendRecord(tag: 0x22, Array(partition.utf8)) }
        var count: [UInt8] = [0x38]
        count.appendVarint(UInt64(rows.reduce(0) { $0 + $1.count }))
        var message = ByteRope(head)
        message.append(try ColumnSplicer.columns(of: rows, form: form))
        message.append(count[...])
        return message
    }
}
