internal import Operations
package import Replay

extension TaskDocument {
    /// Lost history, as JSON.
    package struct Gap: Codable, Hashable, Sendable {
        /// The collection on the target; null where any may be affected.
        package var lane: String?
        package var from: UInt64
        package var through: UInt64
        /// What is missing, and what closes the gap.
        package var reason: String

        package init(_ gap: ReportedGap) {
            lane = gap.lane?.description
            from = gap.from.rawValue
            through = gap.through.rawValue
            reason = gap.reason
        }
    }

    /// Operations of one kind that were passed over, as JSON.
    package struct Skipped: Codable, Hashable, Sendable {
        package var op: String
        package var lane: String?
        package var count: Int
        package var reason: String

        package init(_ skipped: SkippedOperations) {
            op = skipped.kind
            lane = skipped.lane?.description
            count = skipped.count
            reason = skipped.reason
        }
    }
}
