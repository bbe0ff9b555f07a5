/// An expression of Milvus that selects rows by primary key: `id in [1,2]`.
///
/// A deletion by such an expression needs neither an index nor a loaded collection.
struct KeyExpression: Hashable, Sendable {
    let text: String
    /// How many keys it names.
    let keyCount: Int

    /// The most keys in one expression.
    static let keysMax = 10_000

    /// The most bytes of one expression, unless one key alone is longer.
    static let textMaxBytes = 1 << 20

    /// The expressions that together select the keys, none of them above the limits.
    ///
    /// −2^63 gets one of its own: the parser of Milvus reads a sign and a number, and 2^63 is no number; that
    /// of milvus-lite wants literals in lists. Both take a difference in a comparison (tried on Milvus 2.3.5
    /// and milvus-lite 3.2).
    static func expressions(
        field: String,
        keys: some Sequence<PrimaryKeyValue>
    ) -> [KeyExpression] {
        var builder = KeyListBuilder(head: "\(field) in [")
        var hasLeast = false
        for key in keys {
            if key == .int64(.min) { hasLeast = true } else { builder.add(literal(key)) }
        }
        var expressions = builder.finish()
        if hasLeast {
            expressions.append(
                KeyExpression(text: "\(field) == -9223372036854775807 - 1", keyCount: 1)
            )
        }
        return expressions
    }

    /// A key as the expression language writes it: digits, or a text in quotes.
    ///
    /// Line breaks must be escaped; other control characters must not be, since milvus-lite knows no escapes
    /// for them, and both parsers take them as they are.
    static func literal(_ key: PrimaryKeyValue) -> [UInt8] {
        switch key {
        case .int64(let number): return Array(String(number).utf8)
        case .varchar(let text):
            var bytes: [UInt8] = [UInt8(ascii: "\"")]
            for byte in text {
                switch byte {
                case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
                case UInt8(ascii: "\n"): bytes += [UInt8(ascii: "\\"), UInt8(ascii: "n")]
                case UInt8(ascii: "\r"): bytes += [UInt8(ascii: "\\"), UInt8(ascii: "r")]
                case UInt8(ascii: "\t"): bytes += [UInt8(ascii: "\\"), UInt8(ascii: "t")]
                default: bytes.append(byte)
                }
            }
            bytes.append(UInt8(ascii: "\""))
            return bytes
        }
    }
}

/// Fills lists of literals up to the limits.
private struct KeyListBuilder {
    private let head: [UInt8]
    private var done: [KeyExpression] = []
    private var text: [UInt8] = []
    private var count = 0

    init(head: String) { self.head = Array(head.utf8) }

    mutating func add(_ literal: [UInt8]) {
        let isTooLong = text.count + literal.count + 2 > KeyExpression.textMaxBytes
        if count == KeyExpression.keysMax || (count > 0 && isTooLong) { close() }
        text += count == 0 ? head : [UInt8(ascii: ",")]
        text += literal
        count += 1
    }

    private mutating func close() {
        guard count > 0 else { return }
        text.append(UInt8(ascii: "]"))
        done.append(KeyExpression(text: String(decoding: text, as: UTF8.self), keyCount: count))
        text = []
        count = 0
    }

    mutating func finish() -> [KeyExpression] {
        close()
        return done
    }
}
