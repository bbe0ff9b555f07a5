/// Writes values so that equal values are equal text: compact JSON, keys sorted, non-ASCII as it is.
///
/// A float is the hex of its little-endian IEEE bits (8 digits), a double likewise (16), a vector the hex of
/// its elements in order. These are texts, since JSON has no number that keeps every float apart.
package struct CanonicalText: Hashable, Sendable {
    /// UTF-8.
    package private(set) var bytes: [UInt8] = []

    package init() {}

    /// The text.
    package var text: String { String(decoding: bytes, as: UTF8.self) }

    mutating func append(_ literal: StaticString) { bytes += literal.description.utf8 }

    mutating func append(number: some FixedWidthInteger) { bytes += String(number).utf8 }

    /// Appends what is JSON already.
    mutating func append(raw: some Collection<UInt8>) { bytes += raw }

    /// Appends a JSON string.
    mutating func append(string utf8: some Sequence<UInt8>) {
        bytes.append(UInt8(ascii: "\""))
        for byte in utf8 { append(escaped: byte) }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Appends a JSON string with the hex of some bytes.
    mutating func append(hexOf content: some Sequence<UInt8>) {
        bytes.append(UInt8(ascii: "\""))
        for byte in content { append(hex: byte) }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Appends a JSON string with the hex of floats.
    mutating func append(hexOf floats: some Sequence<Float>) {
        bytes.append(UInt8(ascii: "\""))
        for float in floats {
            let bits = float.bitPattern
            for shift in stride(from: 0, to: 32, by: 8) {
                append(hex: UInt8(truncatingIfNeeded: bits >> UInt32(shift)))
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Appends a JSON string with the hex of a double.
    mutating func append(hexOf double: Double) {
        let bits = double.bitPattern
        append(hexOf: (0..<8).map { UInt8(truncatingIfNeeded: bits >> UInt64(8 * $0)) })
    }

    private mutating func append(escaped byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
        case 0x08: bytes += [UInt8(ascii: "\\"), UInt8(ascii: "b")]
        case 0x09: bytes += [UInt8(ascii: "\\"), UInt8(ascii: "t")]
        case 0x0a: bytes += [UInt8(ascii: "\\"), UInt8(ascii: "n")]
        case 0x0c: bytes += [UInt8(ascii: "\\"), UInt8(ascii: "f")]
        case 0x0d: bytes += [UInt8(ascii: "\\"), UInt8(ascii: "r")]
        case 0..<0x20:
            bytes += "\\u00".utf8
            append(hex: byte)
        default: bytes.append(byte)
        }
    }

    private mutating func append(hex byte: UInt8) {
        bytes.append(Self.digit(byte >> 4))
        bytes.append(Self.digit(byte & 15))
    }

    private static func digit(_ nibble: UInt8) -> UInt8 {
        nibble < 10 ? nibble + UInt8(ascii: "0") : nibble - 10 + UInt8(ascii: "a")
    }
}
