package import Operations

extension JSONValue {
    /// Reads JSON text.
    ///
    /// - Throws: if it is not JSON, or nested deeper than `JSONParser.depthMax`.
    package init(parsing text: some Collection<UInt8>) throws(CodingFailure) {
        var parser = JSONParser(Array(text))
        self = try parser.document()
    }
}

/// Reads one JSON value (RFC 8259) from UTF-8.
struct JSONParser {
    /// Deeper nesting is refused, so that no input can exhaust the stack.
    static let depthMax = 512

    private let text: [UInt8]
    private var position = 0
    private var depth = 0

    init(_ text: [UInt8]) { self.text = text }

    /// The value, with nothing but white space around it.
    mutating func document() throws(CodingFailure) -> JSONValue {
        let value = try value()
        skipSpace()
        guard position == text.count else { throw failure }
        return value
    }

    private var failure: CodingFailure { CodingFailure("no JSON at byte \(position)") }

    private mutating func value() throws(CodingFailure) -> JSONValue {
        skipSpace()
        guard let first = peek else { throw failure }
        switch first {
        case UInt8(ascii: "{"):
            return try nested { parser throws(CodingFailure) in try parser.object() }
        case UInt8(ascii: "["):
            return try nested { parser throws(CodingFailure) in try parser.array() }
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        default: return try number()
        }
    }

    private mutating func nested(
        _ read: (inout JSONParser) throws(CodingFailure) -> JSONValue
    ) throws(CodingFailure) -> JSONValue {
        guard depth < Self.depthMax else { throw CodingFailure("JSON nested too deep") }
        depth += 1
        let value = try read(&self)
        depth -= 1
        return value
    }

    private mutating func object() throws(CodingFailure) -> JSONValue {
        var members: [[UInt8]: JSONValue] = [:]
        try items(closing: UInt8(ascii: "}")) { parser throws(CodingFailure) in
            parser.skipSpace()
            let name = try parser.string()
            parser.skipSpace()
            try parser.expect(UInt8(ascii: ":"))
            members[name] = try parser.value()
        }
        let sorted = members.sorted { $0.key.lexicographicallyPrecedes($1.key) }
        return .object(sorted.map { JSONValue.Member(name: $0.key, value: $0.value) })
    }

    private mutating func array() throws(CodingFailure) -> JSONValue {
        var values: [JSONValue] = []
        try items(closing: UInt8(ascii: "]")) { parser throws(CodingFailure) in
            values.append(try parser.value())
        }
        return .array(values)
    }

    /// Reads what stands between brackets, separated by commas.
    private mutating func items(
        closing: UInt8,
        _ item: (inout JSONParser) throws(CodingFailure) -> Void
    ) throws(CodingFailure) {
        position += 1
        skipSpace()
        if peek == closing { return position += 1 }
        while true {
            try item(&self)
            skipSpace()
            if peek == closing { return position += 1 }
            try expect(UInt8(ascii: ","))
        }
    }

    private mutating func literal(
        _ name: String,
        _ value: JSONValue
    ) throws(CodingFailure) -> JSONValue {
        guard text[position...].starts(with: name.utf8) else { throw failure }
        position += name.utf8.count
        return value
    }
}

// Tokens.
extension JSONParser {
    private var peek: UInt8? { position < text.count ? text[position] : nil }

    private mutating func expect(_ byte: UInt8) throws(CodingFailure) {
        guard peek == byte else { throw failure }
        position += 1
    }

    private mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 {
            position += 1
        }
    }

    private mutating func number() throws(CodingFailure) -> JSONValue {
        let start = position
        if peek == UInt8(ascii: "-") { position += 1 }
        let digits = skipDigits()
        guard digits > 0, digits == 1 || text[position - digits] != UInt8(ascii: "0") else {
            throw failure
        }
        var isInteger = true
        if peek == UInt8(ascii: ".") {
            position += 1
            guard skipDigits() > 0 else { throw failure }
            isInteger = false
        }
        if peek == UInt8(ascii: "e") || peek == UInt8(ascii: "E") {
            position += 1
            if peek == UInt8(ascii: "+") || peek == UInt8(ascii: "-") { position += 1 }
            guard skipDigits() > 0 else { throw failure }
            isInteger = false
        }
        let token = text[start..<position]
        if isInteger {
            return .integer(token.elementsEqual("-0".utf8) ? [UInt8(ascii: "0")] : [UInt8](token))
        }
        guard let double = Double(String(decoding: token, as: UTF8.self)) else { throw failure }
        return .double(double)
    }

    private mutating func skipDigits() -> Int {
        let start = position
        while let byte = peek, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") {
            position += 1
        }
        return position - start
    }

    private mutating func string() throws(CodingFailure) -> [UInt8] {
        try expect(UInt8(ascii: "\""))
        var bytes: [UInt8] = []
        while let byte = peek {
            position += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard String(validating: bytes, as: UTF8.self) != nil else { throw failure }
                return bytes
            case UInt8(ascii: "\\"): bytes += try escape()
            case 0..<0x20: throw failure
            default: bytes.append(byte)
            }
        }
        throw failure
    }

    private mutating func escape() throws(CodingFailure) -> [UInt8] {
        guard let byte = peek else { throw failure }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "n"): return [0x0a]
        case UInt8(ascii: "f"): return [0x0c]
        case UInt8(ascii: "r"): return [0x0d]
        case UInt8(ascii: "u"): return Array(String(try scalar()).utf8)
        default: throw failure
        }
    }

    /// The character behind `\u`; a half of a surrogate pair that stands alone is U+FFFD, as in Go.
    private mutating func scalar() throws(CodingFailure) -> Character {
        let first = try hex4()
        if let scalar = Unicode.Scalar(first) { return Character(scalar) }
        let mark = position
        if first < 0xdc00, peek == UInt8(ascii: "\\") {
            position += 1
            if peek == UInt8(ascii: "u") {
                position += 1
                let second = try hex4()
                if 0xdc00..<0xe000 ~= second,
                    let scalar = Unicode.Scalar(0x10000 + (first - 0xd800) << 10 + second - 0xdc00)
                {
                    return Character(scalar)
                }
            }
            position = mark
        }
        return "\u{fffd}"
    }

    private mutating func hex4() throws(CodingFailure) -> UInt32 {
        guard position + 4 <= text.count else { throw failure }
        let digits = String(decoding: text[position..<(position + 4)], as: UTF8.self)
        guard digits.allSatisfy(\.isHexDigit), let value = UInt32(digits, radix: 16) else {
            throw failure
        }
        position += 4
        return value
    }
}
