/// A JSON value as Milvus stores it, with integers of any size and keys compared byte by byte.
///
/// Foundation's decoder cannot serve: it takes `1` and `1.0` for the same number, and Swift takes texts that
/// are canonically equivalent in Unicode for the same key; a source does not.
package indirect enum JSONValue: Hashable, Sendable {
    /// A name and a value of an object.
    package struct Member: Hashable, Sendable {
        /// UTF-8.
        package let name: [UInt8]
        package let value: JSONValue
    }

    case null
    case bool(Bool)
    /// A number without fraction or exponent: its digits.
    case integer([UInt8])
    /// A number written with a fraction or an exponent.
    case double(Double)
    /// UTF-8.
    case string([UInt8])
    case array([JSONValue])
    /// Sorted by name; of members with one name the last.
    case object([Member])
}

extension JSONValue {
    /// Appends the value; a double becomes `{"$d":` and the hex of its bits `}`.
    package func write(to text: inout CanonicalText) {
        switch self {
        case .null: text.append("null")
        case .bool(let value): text.append(value ? "true" : "false")
        case .integer(let digits): text.append(raw: digits)
        case .double(let value):
            text.append("{\"$d\":")
            text.append(hexOf: value)
            text.append("}")
        case .string(let utf8): text.append(string: utf8)
        case .array(let values):
            text.append("[")
            for (index, value) in values.enumerated() {
                if index > 0 { text.append(",") }
                value.write(to: &text)
            }
            text.append("]")
        case .object(let members):
            text.append("{")
            for (index, member) in members.enumerated() {
                if index > 0 { text.append(",") }
                text.append(string: member.name)
                text.append(":")
                member.value.write(to: &text)
            }
            text.append("}")
        }
    }

    /// The value as canonical text.
    package var canonical: String {
        var text = CanonicalText()
        write(to: &text)
        return text.text
    }

    /// The member of an object; nil if there is none.
    package subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name.elementsEqual(name.utf8) }?.value
    }
}
