internal import Operations
internal import Replay

/// A serialized `milvus.proto.milvus.InsertRequest`, which has the fields of an `UpsertRequest`.
enum RowMessage {
    /// The request, without a partition where the server assigns it; throws as `ColumnSplicer.columns(of:)`.
    static func bytes(
        name: CollectionName,
        partition: String?,
        rows: [Rows],
        form: RowForm = .plain
    ) throws -> [UInt8] {
        let columns = try ColumnSplicer.columns(of: rows, form: form)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(
            columns.count + name.database.utf8.count + name.collection.utf8.count + 512
        )
        bytes.appendRecord(tag: 0x12, Array(name.database.utf8))
        bytes.appendRecord(tag: 0x1a, Array(name.collection.utf8))
        if let partition { bytes.appendRecord(tag: 0x22, Array(partition.utf8)) }
        columns.write(into: &bytes)
        bytes.append(0x38)
        bytes.appendVarint(UInt64(rows.reduce(0) { $0 + $1.count }))
        return bytes
    }
}
