package import MilvusAPI
package import Operations
internal import SwiftProtobuf

/// The columns of some rows, decoded: for showing and comparing rows, never on the way of replication.
package struct DecodedColumns: Hashable, Sendable {
    /// By name, byte by byte.
    package let columns: [DecodedColumn]
    package let rowCount: Int

    /// Decodes what an operation carries.
    ///
    /// - Throws: `CodingFailure` if the bytes are not columns of as many rows as are told.
    package init(_ rows: Rows) throws(CodingFailure) {
        try self.init(rows.columns, rowCount: rows.count)
    }

    /// Decodes `Rows.columns`: records of field 13 of `milvus.proto.msg.InsertRequest`.
    ///
    /// - Parameters:
    ///   - columns: The records, one after another.
    ///   - rowCount: How many rows there must be; nil for as many as there are.
    /// - Throws: `CodingFailure` if the bytes are not columns of that many rows.
    package init(_ columns: ArraySlice<UInt8>, rowCount: Int? = nil) throws(CodingFailure) {
        do {
            let message = try Milvus_Proto_Msg_InsertRequest(serializedBytes: Array(columns))
            try self.init(message.fieldsData, rowCount: rowCount)
        } catch let failure as CodingFailure {
            throw failure
        } catch {
            throw CodingFailure("columns that cannot be decoded: \(error)")
        }
    }

    /// Takes columns as a query returns them; those of records become columns as the log names them.
    package init(
        _ columns: [Milvus_Proto_Schema_FieldData],
        rowCount: Int? = nil
    ) throws(CodingFailure) {
        var decoded: [DecodedColumn] = []
        for column in columns.flatMap(StructColumn.flattened) {
            decoded.append(try DecodedColumn(column))
        }
        let count = rowCount ?? decoded.first?.rowCount ?? 0
        for column in decoded where column.rowCount != count {
            throw CodingFailure(
                "the column \(column.name) has \(column.rowCount) values for \(count) rows"
            )
        }
        self.columns = decoded.sorted {
            $0.name.utf8.lexicographicallyPrecedes($1.name.utf8)
        }
        self.rowCount = count
    }

    /// The column of a field; nil if there is none.
    package subscript(name: String) -> DecodedColumn? {
        columns.first { $0.name.utf8.elementsEqual(name.utf8) }
    }
}

extension DecodedColumns {
    /// The name of the dynamic field.
    package static let dynamicField = "$meta"

    /// Appends a row as a canonical JSON object.
    ///
    /// If `hasDynamicField`, the row has the member `$meta`, with `{}` where the columns lack it; else it
    /// has none, even where the columns do.
    package func write(row: Int, hasDynamicField: Bool, to text: inout CanonicalText) {
        text.append("{")
        var isFirst = true
        func write(_ name: String, to text: inout CanonicalText) {
            if isFirst == false { text.append(",") }
            isFirst = false
            text.append(string: name.utf8)
            text.append(":")
        }
        // "$" sorts before every letter and underscore that a field's name can begin with.
        if hasDynamicField, columns.contains(where: \.isDynamic) == false {
            write(Self.dynamicField, to: &text)
            text.append("{}")
        }
        for column in columns where hasDynamicField || column.isDynamic == false {
            write(column.name, to: &text)
            column.write(row: row, to: &text)
        }
        text.append("}")
    }

    /// A row as canonical JSON.
    package func json(row: Int, hasDynamicField: Bool) -> String {
        var text = CanonicalText()
        write(row: row, hasDynamicField: hasDynamicField, to: &text)
        return text.text
    }
}
