/// A source timestamp (TSO): unix milliseconds × 2^18 + a logical counter.
///
/// Every operation, time tick and definition of a Milvus carries one. Timestamps of one source are
/// comparable; those of two sources are not.
/// Source: `pkg/util/tsoutil` of Milvus.
package struct HybridTimestamp: RawRepresentable, Hashable, Comparable, Sendable, Codable {
    /// How many low bits hold the logical counter.
    package static let logicalBits: UInt64 = 18

    /// Older than every operation.
    package static let zero = HybridTimestamp(rawValue: 0)

    /// Newer than every operation; the source writes it where it means "no longer in use".
    package static let max = HybridTimestamp(rawValue: .max)

    package let rawValue: UInt64

    package init(rawValue: UInt64) { self.rawValue = rawValue }

    /// The first timestamp of a millisecond, or one with a logical counter within it.
    package init(unixMilliseconds: Int64, logical: UInt64 = 0) {
        let milliseconds = UInt64(Swift.max(0, unixMilliseconds))
        rawValue = (milliseconds << Self.logicalBits) | logical
    }

    /// The last timestamp within a millisecond.
    package init(endOfUnixMilliseconds milliseconds: Int64) {
        self.init(unixMilliseconds: milliseconds, logical: (1 << Self.logicalBits) - 1)
    }

    /// Milliseconds since 1970 in UTC.
    package var unixMilliseconds: Int64 { Int64(rawValue >> Self.logicalBits) }

    /// The timestamp just before this one; zero stays zero.
    package var predecessor: HybridTimestamp {
        HybridTimestamp(rawValue: rawValue == 0 ? 0 : rawValue - 1)
    }

    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

    package init(from decoder: any Decoder) throws {
        rawValue = try decoder.singleValueContainer().decode(UInt64.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }
}

extension HybridTimestamp: CustomStringConvertible {
    package var description: String { String(rawValue) }
}
