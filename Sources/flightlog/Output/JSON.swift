/// A JSON value whose keys keep the order they are given in.
enum JSON: Sendable {
    case null
    case bool(Bool)
    case integer(Int64)
    case unsigned(UInt64)
    case number(Double)
    case text(String)
    /// What is JSON already: a number of any size.
    case raw(String)
    case array([JSON])
    case object([(key: String, value: JSON)])

    /// On one line.
    var compact: String {
        var text = ""
        write(into: &text, indent: nil)
        return text
    }

    /// Over several lines, two spaces for each level.
    var pretty: String {
        var text = ""
        write(into: &text, indent: 0)
        return text
    }

    private func write(into text: inout String, indent: Int?) {
        switch self {
        case .null: text += "null"
        case .bool(let value): text += value ? "true" : "false"
        case .integer(let value): text += String(value)
        case .unsigned(let value): text += String(value)
        case .number(let value): text += value.isFinite ? JSON.plain(value) : "null"
        case .text(let value): JSON.quote(value, into: &text)
        case .raw(let value): text += value
        case .array(let elements):
            JSON.block(elements, "[", "]", into: &text, indent: indent) { element, text, inner in
                element.write(into: &text, indent: inner)
            }
        case .object(let members):
            JSON.block(members, "{", "}", into: &text, indent: indent) { member, text, inner in
                JSON.quote(member.key, into: &text)
                text += indent == nil ? ":" : ": "
                member.value.write(into: &text, indent: inner)
            }
        }
    }

    private static func block<Element>(
        _ elements: [Element],
        _ open: String,
        _ close: String,
        into text: inout String,
        indent: Int?,
        write: (Element, inout String, Int?) -> Void
    ) {
        let inner = indent.map { $0 + 2 }
        text += open
        for (index, element) in elements.enumerated() {
            if index > 0 { text += "," }
            if let inner { text += "\n" + String(repeating: " ", count: inner) }
            write(element, &text, inner)
        }
        if let indent, !elements.isEmpty { text += "\n" + String(repeating: " ", count: indent) }
        text += close
    }

    /// Whole numbers without a fraction, others in the shortest form that reads back the same.
    private static func plain(_ value: Double) -> String {
        guard value.rounded() == value, abs(value) < 1e15 else { return "\(value)" }
        // No integer keeps the sign of -0.
        return value == 0 && value.sign == .minus ? "-0" : String(Int64(value))
    }

    private static func quote(_ value: String, into text: inout String) {
        text += "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case _ where scalar.value < 0x20:
                let hex = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}
