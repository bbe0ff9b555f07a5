internal import MilvusAPI
internal import Operations

/// One column of rows, decoded.
package struct DecodedColumn: Hashable, Sendable {
    /// The field's name; `$meta` for the dynamic field.
    package let name: String
    /// The source's id of the field; 0 where a server did not tell it.
    package let fieldID: Int64
    /// `milvus.proto.schema.DataType`.
    package let type: Int
    package let isDynamic: Bool
    /// The values that are stored: for nullable vectors fewer than there are rows.
    package let values: ColumnValues
    package let rowCount: Int
    /// For each row where its value stands, nil for null; nil where every row has its own.
    private let places: [Int?]?

    init(_ column: Milvus_Proto_Schema_FieldData) throws(CodingFailure) {
        name = column.fieldName
        fieldID = column.fieldID
        type = column.type.rawValue
        isDynamic = column.isDynamic
        switch column.field {
        case .scalars(let scalars): values = try ColumnValues(scalars, type: column.type)
        case .vectors(let vectors): values = try ColumnValues(vectors)
        case .structArrays:
            // The columns of records are taken one by one: see `StructColumn`.
            throw CodingFailure("the column \(column.fieldName) holds records in records")
        case nil: values = .none
        }
        rowCount = column.validData.isEmpty ? values.count : column.validData.count
        places = try Self.places(column.validData, values.count)
    }

    /// Appends the value of a row as canonical JSON.
    func write(row: Int, to text: inout CanonicalText) {
        guard let places else { return values.write(row, to: &text) }
        guard let place = places[row] else { return text.append("null") }
        values.write(place, to: &text)
    }

    /// Milvus 2.5 writes a value for every row, null or not; 2.6 leaves the vectors of null rows out.
    private static func places(
        _ validity: [Bool],
        _ stored: Int
    ) throws(CodingFailure) -> [Int?]? {
        guard validity.isEmpty == false else { return nil }
        if stored == validity.count {
            return validity.enumerated().map { $0.element ? $0.offset : nil }
        }
        guard stored == validity.count(where: { $0 }) else {
            throw CodingFailure("\(stored) values for \(validity.count) rows")
        }
        var next = 0
        return validity.map { isValid in
            guard isValid else { return nil }
            defer { next += 1 }
            return next
        }
    }
}
