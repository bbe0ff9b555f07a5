package import Operations

// Handing lanes over to another window, with all that is not done of them.
extension ReplayWindow {
    /// Steps of windows that exist side by side are numbered so far apart.
    static let stepsApart = 1 << 40

    /// A window that has taken in what this one has, with nothing in it, for lanes of which everything up to
    /// `sequence` is done.
    package func beside(at sequence: SequenceNumber) -> ReplayWindow {
        var other = ReplayWindow(
            after: line.through,
            doubtReach: doubtReach,
            limits: limits,
            layout: layout,
            sizeMaxBytes: sizeMaxBytes
        )
        other.line = AcknowledgementLine(beside: line, at: sequence)
        other.stepsSoFar = stepsSoFar + Self.stepsApart
        return other
    }

    /// Up to which entry something of some lanes may have been applied before.
    func doubtReach(of lanes: [Lane]) -> SequenceNumber {
        guard !doubts.isEmpty else { return doubtReach }
        let more = doubts.filter { doubt in lanes.contains { $0.meets(doubt.key) } }
        return max(doubtReach, more.values.max() ?? .zero)
    }

    /// Some lanes, and every other that what is not done of them concerns too, or that is parked with them.
    package func entangled(with lanes: Set<Lane>) -> Set<Lane> {
        var known = lanes
        while true {
            let parked = parked.keys.filter { lane in known.contains { $0.meets(lane) } }
            let all = known.union(steps(of: known).flatMap(\.lanes)).union(parked)
            guard all.count > known.count else { return known }
            known = all
        }
    }

    /// The first entry of some lanes that is not done; nil if there is none.
    package func first(of lanes: Set<Lane>) -> SequenceNumber? {
        steps(of: lanes).map(\.first).min()
    }

    /// The lane that keeps most of the others waiting; nil if none does.
    ///
    /// It has half of the bytes or of the calls that are not done, and something that is not done since
    /// `sequence` was the newest entry.
    package func slowest(since sequence: SequenceNumber) -> Lane? {
        var bytes: [Lane: Int] = [:]
        var calls: [Lane: Int] = [:]
        var late: Set<Lane> = []
        for step in steps.values {
            for lane in step.lanes {
                bytes[lane, default: 0] += step.byteCount
                calls[lane, default: 0] += step.isStarted ? 1 : 0
                if step.first <= sequence { late.insert(lane) }
            }
        }
        let lanes = late.sorted { (bytes[$0] ?? 0, $1) > (bytes[$1] ?? 0, $0) }
        return lanes.first {
            2 * (bytes[$0] ?? 0) >= byteCount
                || startedCount > 0 && 2 * (calls[$0] ?? 0) >= startedCount
        }
    }

    /// Moves all that is not done of some lanes, and what is known of them, to another window.
    ///
    /// - Parameters:
    ///   - lanes: Some that are not entangled with any other.
    ///   - other: A window beside this one.
    package mutating func hand(_ lanes: Set<Lane>, to other: inout ReplayWindow) {
        let moved = steps(of: lanes).sorted { $0.id < $1.id }
        line.hand(moved.flatMap(\.sequences), to: &other.line)
        for step in moved {
            steps[step.id] = nil
            other.steps[step.id] = step
            let started = step.isStarted ? 1 : 0
            (byteCount, startedCount) = (byteCount - step.byteCount, startedCount - started)
            other.byteCount += step.byteCount
            other.startedCount += started
            guard let strand = step.strand else { continue }
            if let order = strands.removeValue(forKey: strand) { other.strands[strand] = order }
        }
        other.ready += ready.filter { other.steps[$0] != nil }
        ready.removeAll { other.steps[$0] != nil }
        other.crowded += crowded.filter { other.strands[$0] != nil }
        crowded.removeAll { other.strands[$0] != nil }
        for lane in self.lanes.keys where lanes.contains(where: { $0.meets(lane) }) {
            other.lanes[lane] = self.lanes.removeValue(forKey: lane)
        }
        for database in lanes.compactMap(\.database) {
            other.databaseBarriers[database] = databaseBarriers[database]
        }
        for lane in parked.keys where lanes.contains(where: { $0.meets(lane) }) {
            other.parked[lane] = parked.removeValue(forKey: lane)
        }
        for (lane, sequence) in ahead where lanes.contains(where: { $0.meets(lane) }) {
            other.note([lane], aheadAt: sequence)
        }
        other.reach = max(other.reach, reach)
    }

    /// Takes over from a window beside this one in which everything is done.
    package mutating func takeBack(_ other: ReplayWindow) {
        precondition(other.steps.isEmpty, "what is not done would be lost")
        lanes.merge(other.lanes) { _, theirs in theirs }
        parked.merge(other.parked) { _, theirs in theirs }
        for (lane, sequence) in other.ahead { note([lane], aheadAt: sequence) }
        reach = max(reach, other.reach)
    }

    private func steps(of lanes: Set<Lane>) -> [Step] {
        steps.values.filter { step in
            step.lanes.contains { lane in lanes.contains { $0.meets(lane) } }
        }
    }
}
