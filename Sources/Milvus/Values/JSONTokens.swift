internal import Operations

/// The tokens of JSON: numbers, strings, and what separates them.
extension JSONParser {
    var peek: UInt8? { position < text.count ? text[position] : nil }

    mutating func expect(_ byte: UInt8) throws(CodingFailure) {
        guard peek == byte else { throw failure }
        position += 1
    }

    mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 {
            position += 1
        }
    }

    mutating func number() throws(CodingFailure) -> JSONValue {
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

    mutating func string() throws(CodingFailure) -> [UInt8] {
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
