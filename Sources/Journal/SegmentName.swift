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

    var description: String {
        "\(padded(firstSequence.rawValue, 20))-\(padded(ordinal, 10))\(Self.suffix)"
    }

    static func < (left: Self, right: Self) -> Bool { left.ordinal < right.ordinal }

    private func padded(_ number: UInt64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

extension SegmentName {
    /// Reads a name; nil if it is not one.
    init?(_ text: String) {
        guard text.hasSuffix(Self.suffix) else { return nil }
        let parts = text.dropLast(Self.suffix.count).split(
            separator: "-",
            omittingEmptySubsequences: false
        )
        guard parts.count == 2, let first = UInt64(parts[0]), let ordinal = UInt64(parts[1]) else {
            return nil
        }
        self.init(firstSequence: SequenceNumber(rawValue: first), ordinal: ordinal)
        guard description == text else { return nil }
    }
}
