internal import Operations
internal import Replay

/// Makes the columns of an insert or upsert request out of the columns of entries, without decoding values.
///
/// The log and the public API hold columns in the same message, `milvus.proto.schema.FieldData`; what differs
/// is the number of the field around it (13 there, 5 here). For one entry it is the only thing that
/// changes, besides the field ids, which are left out: they are the source's, and targets match by name.
/// For several entries the columns of one field become one column: see `MergedColumn`.
///
/// A few columns need more: values of null rows are left out (`NullRows`), geometries and moments become text
/// (`ColumnContent`), and the fields of records, which the log holds one by one, become one column of columns.
enum ColumnSplicer {
    /// `fields_data` of `InsertRequest` and of `UpsertRequest`.
    private static let tag: UInt8 = 0x2a

    /// Splices the columns of entries.
    ///
    /// - Parameters:
    ///   - rows: One or more, each with columns of the same fields, in any order.
    ///   - form: What the collection's schema says of requests.
    /// - Returns: The records of `fields_data` of a request.
    /// - Throws: `WireFailure` if columns are not whole or do not fit together; `TargetFailure` with code
    ///   `unsupported` for types and values that a request cannot hold.
    static func columns(of rows: [Rows], form: RowForm = .plain) throws -> ByteRope {
        guard let first = rows.first else { return ByteRope() }
        var columns = try self.columns(first, form).map { column in
            let tellsValidity = form.tellsValidity(of: column.name)
            return try MergedColumn(column, rowCount: first.count, tellsValidity: tellsValidity)
        }
        for more in rows.dropFirst() {
            try merge(more, form, into: &columns)
        }
        var result = ByteRope()
        var records = RecordColumns()
        for column in columns where try records.take(column) == false {
            result.append(try column.fieldData().record(tag: tag))
        }
        for column in records.columns { result.append(column.record(tag: tag)) }
        return result
    }

    /// The columns of one entry that are sent.
    private static func columns(_ rows: Rows, _ form: RowForm) throws -> [ColumnParts] {
        let bytes = rows.columns
        var columns: [ColumnParts] = []
        var cursor = WireCursor(0..<bytes.count)
        while let record = try cursor.next(bytes.span) {
            let column = try ColumnParts(bytes.part(try record.body))
            if form.isSent(column.name) { columns.append(column) }
        }
        return columns
    }

    private static func merge(
        _ rows: Rows,
        _ form: RowForm,
        into merged: inout [MergedColumn]
    ) throws {
        let columns = try self.columns(rows, form)
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
