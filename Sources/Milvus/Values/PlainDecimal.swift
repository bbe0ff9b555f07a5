/// The shortest decimal that reads back as the same double, without an exponent: `0.00001`, `-0`, `100`.
enum PlainDecimal {
    /// The digits of a finite number.
    static func utf8(_ number: Double) -> [UInt8] {
        let point = UInt8(ascii: ".")
        let parts = number.description.utf8.split(separator: UInt8(ascii: "e"))
        var mantissa = parts[0]
        var text: [UInt8] = []
        if mantissa.first == UInt8(ascii: "-") {
            text.append(UInt8(ascii: "-"))
            mantissa = mantissa.dropFirst()
        }
        let exponent = parts.count > 1 ? Int(String(decoding: parts[1], as: UTF8.self)) ?? 0 : 0
        let places = mantissa.split(separator: point)
        var digits = places.flatMap { Array($0) }
        // How many digits stand before the point.
        var whole = places[0].count + exponent
        if whole < 0 {
            digits = [UInt8](repeating: zero, count: -whole) + digits
            whole = 0
        }
        if digits.count < whole {
            digits += [UInt8](repeating: zero, count: whole - digits.count)
        }
        let before = digits[..<whole].drop { $0 == zero }
        var behind = digits[whole...]
        while behind.last == zero { behind.removeLast() }
        text += before.isEmpty ? [zero] : Array(before)
        if behind.isEmpty == false { text += [point] + behind }
        return text
    }

    private static let zero = UInt8(ascii: "0")
}
