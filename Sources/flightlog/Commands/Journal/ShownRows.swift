internal import FoundationEssentials
internal import Milvus
internal import Operations

/// Rows as JSON objects that a person can read: numbers as numbers, vectors as lists.
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
            shown.append(
                .object(
                    members.map { member in
                        let name = String(decoding: member.name, as: UTF8.self)
                        return (name, JSON(member.value, as: columns[name]?.values))
                    }
                )
            )
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
        case (.string(let hex), .floats), (.string(let hex), .floatVectors):
            let floats = Hex.bytes(hex).chunks(of: 4).map { JSON.number(Hex.float($0)) }
            if case .floats = column {
                self = floats.first ?? .null
            } else {
                self = .array(floats)
            }
        case (.string(let hex), .doubles): self = .number(Hex.double(Hex.bytes(hex)))
        case (.array(let elements), .lists(let lists)):
            self = .array(elements.map { JSON($0, as: lists.first) })
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
                self = .number(Hex.double(Hex.bytes(hex)))
                return
            }
            self = .object(
                members.map { (String(decoding: $0.name, as: UTF8.self), JSON($0.value)) }
            )
        }
    }
}

/// Reads the hex of little-endian numbers.
private enum Hex {
    static func bytes(_ hex: [UInt8]) -> [UInt8] {
        hex.chunks(of: 2).map { pair in
            pair.reduce(0) { $0 << 4 | ($1 < 58 ? $1 - 48 : $1 - 87) }
        }
    }

    /// The shortest decimal that reads back as the same float.
    static func float(_ bytes: [UInt8]) -> Double {
        let bits = bytes.reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        let value = Float(bitPattern: bits)
        return Double("\(value)") ?? Double(value)
    }

    static func double(_ bytes: [UInt8]) -> Double {
        Double(bitPattern: bytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    }
}

extension [UInt8] {
    /// Runs of so many bytes.
    fileprivate func chunks(of count: Int) -> [[UInt8]] {
        stride(from: 0, to: self.count, by: count).map {
            Array(self[$0..<Swift.min($0 + count, self.count)])
        }
    }
}
