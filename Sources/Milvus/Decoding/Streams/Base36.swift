/// Numbers as Milvus 2.6 writes them into headers: digits and letters, without a sign but for negative ones.
enum Base36 {
    static func unsigned(_ text: String) -> UInt64? {
        guard text.utf8.isEmpty == false, text.utf8.allSatisfy(isDigit) else { return nil }
        return UInt64(text, radix: 36)
    }

    static func signed(_ text: String) -> Int64? {
        let digits = text.utf8.first == UInt8(ascii: "-") ? text.utf8.dropFirst() : text.utf8[...]
        guard digits.isEmpty == false, digits.allSatisfy(isDigit) else { return nil }
        return Int64(text, radix: 36)
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"):
            true
        default: false
        }
    }
}
