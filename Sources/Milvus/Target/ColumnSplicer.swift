internal import Operations
internal import Replay

/// Makes the columns of an insert or upsert request out of the columns of entries, without decoding values.
///
/// The log and the public API hold columns in the same message, `milvus.proto.schema.FieldData`; what differs
/// is the number of the field around it (13 there, 5 here). For one entry it is the only thing that
/// changes, besides the field ids, which are left out: they are the source's, and targets match by name.
/// For several entries the columns of one field become one column: see `MergedColumn`.
///
/// One more thing differs where a field can be null (Milvus 2.5 and later): the log holds a value for every
/// row, a request only those that are not null: see `NullRows`.
enum ColumnSplicer {
    /// `fields_data` of `InsertRequest` and of `UpsertRequest`.
    private static let tag: UInt8 = 0x2a

    /// Splices the columns of entries.
    ///
    /// - Parameter rows: One or more, each with columns of the same fields, in any order.
    /// - Returns: The records of `fields_data` of a request.
    /// - Throws: `WireFailure` if columns are not whole or do not fit together; `TargetFailure` with code
    ///   `unsupported` for types that cannot be spliced.
    static func columns(of rows: [Rows]) throws -> ByteRope {
        guard let first = rows.first else { return ByteRope() }
        var result = ByteRope()
        var columns = try self.columns(first).map { try MergedColumn($0, rowCount: first.count) }
        for more in rows.dropFirst() {
            try merge(more, into: &columns)
        }
        for column in columns { result.append(try column.fieldData.record(tag: tag)) }
        return result
    }

    /// The columns of one entry.
    private static func columns(_ rows: Rows) throws -> [ColumnParts] {
        let bytes = rows.columns
        var columns: [ColumnParts] = []
        var cursor = WireCursor(0..<bytes.count)
        while let record = try cursor.next(bytes.span) {
            columns.append(try ColumnParts(bytes.part(try record.body)))
        }
        return columns
    }

    private static func merge(_ rows: Rows, into merged: inout [MergedColumn]) throws {
        let columns = try self.columns(rows)
        guard columns.count == merged.count else {
            throw WireFailure("one entry has \(merged.count) columns and another \(columns.count)")
        }
        for (index, column) in columns.enumerated() {
            // Entries of one collection nearly always have their columns in the same order.
            let same = merged[index].name == column.name
            guard let place = same ? index : merged.firstIndex(where: { $0.name == column.name })
            else { throw WireFailure("only one of two entries has the column \(column.nameText)") }
            try merged[place].add(column, rowCount: rows.count)
        }
    }
}
