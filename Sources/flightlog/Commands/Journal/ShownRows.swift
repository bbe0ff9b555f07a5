internal import FoundationEssentials
internal import Milvus
internal import Operations

/// Rows as JSON objects that a person can read: numbers as numbers, vectors as lists, records as objects.
///
/// The canonical text of a row, which tells every float apart, is the base; only what stands there as hex
/// is shown as what it means.
enum ShownRows {
    /// Each row as an object by field name.
    static func json(_ rows: Rows) throws -> [JSON] {
        let columns = try DecodedColumns(rows)
        var shown: [JSON] = []
        for row in 0..<columns.rowCount {
            let canonical = columns.json(row: row, hasDynamicField: true)
            guard case .object(let members) = try JSONValue(parsing: Data(canonical.utf8)) else {
                continue
            }
            let values = members.map { member in
                let name = String(decoding: member.name, as: UTF8.self)
                return (name, JSON(member.value, as: columns[name]?.values))
            }
            shown.append(.object(ShownRecords.joined(values)))
        }
        return shown
    }
}

extension JSON {
    /// A primary key: a number or a text.
    static func key(_ key: PrimaryKeyValue) -> JSON {
        switch key {
        case .int64(let number): .integer(number)
        case .varchar(let text): .text(String(decoding: text, as: UTF8.self))
        }
    }

    /// What a canonical value means in a column of these values.
    fileprivate init(_ value: JSONValue, as column: ColumnValues?) {
        switch (value, column) {
        case (.string(let hex), .floats):
            self = LittleEndian.floats(hex).first.map { .number($0) } ?? .null
        case (.string(let hex), .floatVectors):
            self = .array(LittleEndian.floats(hex).map { .number($0) })
        case (.string(let hex), .doubles): self = .number(LittleEndian.double(hex))
        case (.string(let hex), .byteVectors(_, _, .float16)):
            self = .array(LittleEndian.halves(hex).map { .number($0) })
        case (.string(let hex), .byteVectors(_, _, .bfloat16)):
            self = .array(LittleEndian.bfloats(hex).map { .number($0) })
        case (.string(let hex), .byteVectors(_, _, .int8)):
            self = .array(LittleEndian.bytes(hex).map { .integer(Int64(Int8(bitPattern: $0))) })
        case (.string(let hex), .sparseVectors):
            self = .object(
                LittleEndian.pairs(hex).map { (String($0.index), .number($0.value)) }
            )
        case (.array(let elements), .lists(let lists)):
            let kind = lists.first { $0.count > 0 }
            self = .array(elements.map { JSON($0, as: kind) })
        default: self.init(value)
        }
    }

    /// A JSON value as it is; a double, which is canonically its bits, as a number.
    private init(_ value: JSONValue) {
        switch value {
        case .null: self = .null
        case .bool(let value): self = .bool(value)
        case .integer(let digits): self = .raw(String(decoding: digits, as: UTF8.self))
        case .double(let value): self = .number(value)
        case .string(let text): self = .text(String(decoding: text, as: UTF8.self))
        case .array(let elements): self = .array(elements.map { JSON($0) })
        case .object(let members):
            if members.count == 1, members[0].name.elementsEqual("$d".utf8),
                case .string(let hex) = members[0].value
            {
                self = .number(LittleEndian.double(hex))
                return
            }
            self = .object(
                members.map { (String(decoding: $0.name, as: UTF8.self), JSON($0.value)) }
            )
        }
    }
}
