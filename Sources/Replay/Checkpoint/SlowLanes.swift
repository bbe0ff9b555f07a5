package import Operations

/// Lanes that are read apart from the others, since these would have to wait for them.
package struct SlowLanes: Hashable, Sendable, Codable {
    /// In lane order.
    package var lanes: [SlowLane]
    /// Up to here everything of these lanes is done.
    package var mark: Mark
    /// Nothing of these lanes beyond this entry was ever sent, but for what a lane itself says.
    package var reach: SequenceNumber
    /// Up to here everything of all other lanes is done.
    package var others: Mark
    /// Nothing of all other lanes beyond this entry was ever sent.
    package var othersReach: SequenceNumber

    package init(
        lanes: [SlowLane],
        mark: Mark,
        reach: SequenceNumber,
        others: Mark,
        othersReach: SequenceNumber
    ) {
        (self.lanes, self.mark, self.reach) = (lanes, mark, reach)
        (self.others, self.othersReach) = (others, othersReach)
    }
}

/// A lane that is read apart from the others.
package struct SlowLane: Hashable, Sendable, Codable {
    package let lane: Lane
    /// The first entry that is read apart: whatever concerns the lane before it is done.
    package let first: SequenceNumber
    /// What may have been sent of this lane before it was read apart.
    package let reach: SequenceNumber

    package init(lane: Lane, first: SequenceNumber, reach: SequenceNumber) {
        (self.lane, self.first, self.reach) = (lane, first, reach)
    }
}
