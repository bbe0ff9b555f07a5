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

    let text: [UInt8]
    var position = 0
    private var depth = 0

    init(_ text: [UInt8]) { self.text = text }

    /// The value, with nothing but white space around it.
    mutating func document() throws(CodingFailure) -> JSONValue {
        let value = try value()
        skipSpace()
        guard position == text.count else { throw failure }
        return value
    }

    var failure: CodingFailure { CodingFailure("no JSON at byte \(position)") }

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
