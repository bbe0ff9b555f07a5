internal import Operations

/// The name of a segment's file: the sequence number of its first entry and its ordinal, fixed
/// width, so that names sort as the segments follow.
///
/// The ordinal tells apart segments that hold no entries.
///
///     00000000000000000001-0000000001.flog
struct SegmentName: Hashable, Comparable, Sendable, CustomStringConvertible {
    static let suffix = ".flog"
    /// What a segment is called until it is whole and durable.
    static let temporarySuffix = ".flog.tmp"

    let firstSequence: SequenceNumber
    let ordinal: UInt64

    private static let sequenceWidth = 20
    private static let ordinalWidth = 10

    var description: String {
        var text: [UInt8] = []
        text.reserveCapacity(Self.sequenceWidth + 1 + Self.ordinalWidth + Self.suffix.utf8.count)
        Self.append(firstSequence.rawValue, Self.sequenceWidth, to: &text)
        text.append(UInt8(ascii: "-"))
        Self.append(ordinal, Self.ordinalWidth, to: &text)
        text += Self.suffix.utf8
        return String(decoding: text, as: UTF8.self)
    }

    static func < (left: Self, right: Self) -> Bool { left.ordinal < right.ordinal }

    private static func append(_ number: UInt64, _ width: Int, to text: inout [UInt8]) {
        let start = text.count
        text.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: width))
        var place = text.count
        var rest = number
        while rest > 0 {
            if place == start {
                text.insert(UInt8(ascii: "0"), at: start)
                place += 1
            }
            place -= 1
            text[place] += UInt8(rest % 10)
            rest /= 10
        }
    }
}

extension SegmentName {
    /// Reads a name; nil if it is not one.
    init?(_ text: String) {
        guard text.hasSuffix(Self.suffix) else { return nil }
        let bytes = text.utf8.span
        let end = bytes.count - Self.suffix.utf8.count
        guard let dash = (0..<end).first(where: { bytes[$0] == UInt8(ascii: "-") }),
            let first = Self.number(bytes.extracting(..<dash), width: Self.sequenceWidth),
            let ordinal = Self.number(
                bytes.extracting((dash + 1)..<end),
                width: Self.ordinalWidth
            )
        else { return nil }
        self.init(firstSequence: SequenceNumber(rawValue: first), ordinal: ordinal)
    }

    /// A number as names have it: of a width, longer only if it needs to be.
    private static func number(_ digits: Span<UInt8>, width: Int) -> UInt64? {
        guard digits.count == width || digits.count > width && digits[0] != UInt8(ascii: "0")
        else { return nil }
        var number: UInt64 = 0
        for index in digits.indices {
            guard UInt8(ascii: "0")...UInt8(ascii: "9") ~= digits[index] else { return nil }
            let (tens, isTooLarge) = number.multipliedReportingOverflow(by: 10)
            let (sum, isStillTooLarge) = tens.addingReportingOverflow(
                UInt64(digits[index] - UInt8(ascii: "0"))
            )
            guard !isTooLarge, !isStillTooLarge else { return nil }
            number = sum
        }
        return number
    }
}
