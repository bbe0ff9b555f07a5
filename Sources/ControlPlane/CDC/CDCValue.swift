/// A JSON value as milvus-cdc sees it: every number is a float, and the keys of an answer keep their order.
indirect enum CDCValue: Hashable, Sendable {
    /// A key of an object, and what it is.
    struct Member: Hashable, Sendable {
        let key: String
        let value: CDCValue

        init(_ key: String, _ value: CDCValue) {
            self.key = key
            self.value = value
        }
    }

    case null
    case bool(Bool)
    case number(Double)
    /// In answers only.
    case integer(Int64)
    /// In answers only.
    case unsigned(UInt64)
    case text(String)
    case list([CDCValue])
    case map([Member])

    /// As Go's encoder writes it: on one line, with the characters of HTML escaped.
    var json: String {
        switch self {
        case .null: "null"
        case .bool(let value): value ? "true" : "false"
        case .number(let value): GoNumber.text(value)
        case .integer(let value): String(value)
        case .unsigned(let value): String(value)
        case .text(let value): Self.quoted(value)
        case .list(let values): "[\(values.map(\.json).joined(separator: ","))]"
        case .map(let members):
            "{\(members.map { "\(Self.quoted($0.key)):\($0.value.json)" }.joined(separator: ","))}"
        }
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case "<", ">", "&", "\u{2028}", "\u{2029}": result += escaped(scalar)
            case _ where scalar.value < 0x20: result += escaped(scalar)
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        let hex = String(scalar.value, radix: 16)
        return "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
    }
}

extension CDCValue: Decodable {
    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }

        init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws {
        if let container = try? decoder.container(keyedBy: Key.self) {
            self = .map(
                try container.allKeys.sorted { $0.stringValue < $1.stringValue }.map { key in
                    Member(key.stringValue, try container.decode(CDCValue.self, forKey: key))
                }
            )
            return
        }
        if var container = try? decoder.unkeyedContainer() {
            var values: [CDCValue] = []
            while !container.isAtEnd { values.append(try container.decode(CDCValue.self)) }
            self = .list(values)
            return
        }
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else {
            self = .text(try container.decode(String.self))
        }
    }
}

extension CDCValue {
    /// What Go calls the type of a decoded value.
    var goType: String {
        switch self {
        case .null: "nil"
        case .bool: "bool"
        case .number, .integer, .unsigned: "float64"
        case .text: "string"
        case .list: "[]interface {}"
        case .map: "map[string]interface {}"
        }
    }

    /// What Go calls its kind, which does not say what is in it.
    var goKind: String {
        switch self {
        case .list: "slice"
        case .map: "map"
        default: goType
        }
    }

    /// What encoding/json calls it in its errors.
    var jsonKind: String {
        switch self {
        case .null: "null"
        case .bool: "bool"
        case .number, .integer, .unsigned: "number"
        case .text: "string"
        case .list: "array"
        case .map: "object"
        }
    }

    /// As Go's `%v` shows it.
    var shown: String {
        switch self {
        case .null: "<nil>"
        case .bool(let value): value ? "true" : "false"
        case .number(let value): GoNumber.text(value)
        case .integer(let value): String(value)
        case .unsigned(let value): String(value)
        case .text(let value): value
        case .list(let values): "[\(values.map(\.shown).joined(separator: " "))]"
        case .map(let members):
            "map[\(members.map { "\($0.key):\($0.value.shown)" }.joined(separator: " "))]"
        }
    }
}

/// Floats as Go's `%v` shows them: the shortest digits, with an exponent below -4 and above 5.
enum GoNumber {
    /// The number in the shortest form that reads back the same.
    static func text(_ value: Double) -> String {
        guard value.isFinite, value != 0 else { return value == 0 ? "0" : "\(value)" }
        let (digits, exponent) = shortest(value.magnitude)
        let sign = value < 0 ? "-" : ""
        guard exponent < -4 || exponent > 5 else {
            return sign + plain(digits, exponent)
        }
        let fraction = digits.count > 1 ? "." + digits.dropFirst() : ""
        let size = String(abs(exponent))
        return "\(sign)\(digits.prefix(1))\(fraction)e\(exponent < 0 ? "-" : "+")"
            + (size.count < 2 ? "0" + size : size)
    }

    /// The significant digits, and the power of ten of the first of them.
    private static func shortest(_ value: Double) -> (digits: String, exponent: Int) {
        let parts = "\(value)".split(separator: "e")
        let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        let whole = String(mantissa[0])
        let fraction = mantissa.count > 1 ? String(mantissa[1]) : ""
        let all = whole + fraction
        let leading = all.prefix { $0 == "0" }.count
        var digits = String(all.dropFirst(leading))
        while digits.count > 1, digits.last == "0" { digits.removeLast() }
        let power = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
        return (digits, whole.count - 1 - leading + power)
    }

    private static func plain(_ digits: String, _ exponent: Int) -> String {
        if exponent < 0 { return "0." + String(repeating: "0", count: -exponent - 1) + digits }
        let whole = exponent + 1
        guard digits.count > whole else {
            return digits + String(repeating: "0", count: whole - digits.count)
        }
        return digits.prefix(whole) + "." + digits.dropFirst(whole)
    }
}
