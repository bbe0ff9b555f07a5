/// Columns of the log that hold one field of records each, becoming one column for all fields of a record.
struct RecordColumns {
    /// `milvus.proto.schema.DataType.ArrayOfStruct`.
    private static let type: UInt64 = 200

    /// By the name of the records, in the order in which they came: their fields' columns.
    private var fields: [(records: String, columns: ByteRope)] = []

    /// Takes a column if it is one of a field of records; else returns false.
    mutating func take(_ column: MergedColumn) throws(WireFailure) -> Bool {
        // Only names with brackets are worth reading.
        guard column.name.last == UInt8(ascii: "]"),
            let name = StructColumn(String(decoding: column.name, as: UTF8.self))
        else { return false }
        let data = try column.fieldData(named: Array(name.field.utf8)[...]).record(tag: 0x0a)
        if let place = fields.firstIndex(where: { $0.records == name.records }) {
            fields[place].columns.append(data)
        } else {
            fields.append((name.records, data))
        }
        return true
    }

    /// One `milvus.proto.schema.FieldData` for each kind of records.
    var columns: [ByteRope] {
        fields.map { field in
            var head: [UInt8] = [0x08]
            head.appendVarint(Self.type)
            head.appendRecord(tag: 0x12, Array(field.records.utf8))
            var column = ByteRope(head)
            column.append(field.columns.record(tag: 0x42))
            return column
        }
    }
}
