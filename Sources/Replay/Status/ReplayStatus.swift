package import Operations

/// What a replay is doing and how far it is.
package struct ReplayStatus: Sendable {
    /// What it is doing, worst thing first.
    package enum State: String, Hashable, Sendable {
        case running
        /// The target does not answer; calls are repeated until it does.
        case retrying
        /// Some lanes wait for a person; the others go on.
        case parked
        /// The journal lacks history of something this replay takes.
        case gap
        /// Ended by an error.
        case failed
        /// Came to its end.
        case done
        /// Not running: not begun, or ended when it was asked to.
        case stopped
    }

    package var state = State.stopped
    /// Up to here the target holds everything, parked lanes aside.
    package var checkpoint = Mark.start
    /// Where the journal ends.
    package var head = Mark.start
    /// Where this replay ends; nil if it follows the journal for ever.
    package var end: ReplayEnd?
    /// The checkpoint this run began with.
    package var began = Mark.start
    /// Since this run began.
    package var appliedRows: UInt64 = 0
    /// Since this run began, roughly.
    package var appliedBytes: UInt64 = 0
    /// Calls on the target that succeeded since this run began.
    package var requests: UInt64 = 0
    /// The same by kind of operation.
    package var applied: [OperationKind: AppliedCounts] = [:]
    package var skipped: [SkippedOperations] = []
    package var parked: [ParkedLane] = []
    package var gaps: [ReportedGap] = []
    package var doubt = DoubtCounts()
    package var notices: [Notice] = []
    /// The last thing the target said that was no success; nil once calls succeed again.
    package var lastError: String?

    package init() {}

    /// Entries in the journal that are not acknowledged.
    package var backlogEntries: UInt64 {
        head.sequence > checkpoint.sequence
            ? head.sequence.rawValue - checkpoint.sequence.rawValue : 0
    }

    /// How much of the way to the end is done, between 0 and 1; nil if there is no end.
    package var fractionDone: Double? {
        let (from, at, to): (UInt64, UInt64, UInt64)
        switch end {
        case nil: return nil
        case .sequence(let sequence):
            (from, at, to) = (
                began.sequence.rawValue, checkpoint.sequence.rawValue, sequence.rawValue
            )
        case .timestamp(let timestamp):
            (from, at, to) = (began.tso.rawValue, checkpoint.tso.rawValue, timestamp.rawValue)
        }
        guard to > from else { return 1 }
        return min(1, Double(at > from ? at - from : 0) / Double(to - from))
    }
}
