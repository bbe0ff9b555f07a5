internal import MilvusAPI

/// The name of a column that holds one field of records.
///
/// A request and an answer hold records (Milvus 2.6 and later) as one column of columns; the log and the metadata hold
/// each of these by itself, under the name `records[field]`. No other name has brackets.
/// Source: `internal/proxy/util.go` of Milvus 2.6.
package struct StructColumn: Hashable, Sendable {
    /// The name of the field that holds the records.
    package let records: String
    /// The name of the field within a record.
    package let field: String

    /// Reads a name of the log; nil if it is that of any other column.
    package init?(_ name: String) {
        guard name.hasSuffix("]"), let bracket = name.firstIndex(of: "["),
            bracket != name.startIndex
        else { return nil }
        records = String(name[..<bracket])
        field = String(name[name.index(after: bracket)...].dropLast())
    }

    /// The name in the log of a field of records; that name itself, where it is told so already.
    static func name(of field: String, in records: String) -> String {
        StructColumn(field) == nil ? "\(records)[\(field)]" : field
    }

    /// A column of an answer as the columns that the log would hold.
    static func flattened(
        _ column: Milvus_Proto_Schema_FieldData
    ) -> [Milvus_Proto_Schema_FieldData] {
        guard case .structArrays(let records) = column.field else { return [column] }
        return records.fields.map { field in
            var field = field
            field.fieldName = name(of: field.fieldName, in: column.fieldName)
            return field
        }
    }
}
