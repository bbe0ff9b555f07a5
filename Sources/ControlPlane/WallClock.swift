internal import FoundationEssentials
internal import Operations

/// The time of the machine.
package enum WallClock {
    /// Milliseconds since 1970 in UTC.
    package static var now: Int64 { Int64(Date().timeIntervalSince1970 * 1000) }
}

extension HybridTimestamp {
    /// How many seconds the wall clock is ahead of it; 0 where the source's clock is ahead.
    func age(now: Int64) -> Double { Double(Swift.max(0, now - unixMilliseconds)) / 1000 }
}
