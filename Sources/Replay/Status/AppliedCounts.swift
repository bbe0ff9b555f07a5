/// What calls on a target carried that succeeded.
package struct AppliedCounts: Hashable, Sendable {
    /// Calls.
    package var requests: UInt64 = 0
    /// Journal entries that they carried out.
    package var entries: UInt64 = 0
    /// Rows and keys.
    package var rows: UInt64 = 0
    /// Roughly.
    package var bytes: UInt64 = 0

    package init() {}

    /// Both together.
    package static func + (left: Self, right: Self) -> Self {
        var sum = left
        sum.requests += right.requests
        sum.entries += right.entries
        sum.rows += right.rows
        sum.bytes += right.bytes
        return sum
    }
}
