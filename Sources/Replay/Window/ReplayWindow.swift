package import Operations

/// The entries between what is read and what is acknowledged, and the order in which they may be sent.
///
/// Pure: it is told what was read and what has ended, and says what may start. Steps of one lane keep their
/// order; within a lane, rows of different shards do not wait for each other, and inserts of one shard without a
/// common key may be under way at once.
package struct ReplayWindow: Sendable {
    package let limits: RequestLimits
    /// Tells the keys of rows; nil where nobody can.
    package let layout: (any RowLayout)?
    /// Inserts up to here may have been applied before.
    package let doubtReach: SequenceNumber
    /// The most bytes it takes in before something has to end.
    package let sizeMaxBytes: Int
    /// The parked lane that is caught up; nil for a window over everything.
    package let resumes: Lane?
    /// The most entries that may be taken in and not done before something has to end.
    package static let entriesMax = 200_000

    package internal(set) var line: AcknowledgementLine
    package internal(set) var steps: [Step.ID: Step] = [:]
    /// The bytes of all steps that have not ended.
    package internal(set) var byteCount = 0
    /// How many steps are under way.
    package internal(set) var startedCount = 0
    /// The last entry that was sent.
    package internal(set) var reach: SequenceNumber
    /// Lanes that wait for a person; what concerns them is passed over.
    package internal(set) var parked: [Lane: ParkedLane]
    /// Lanes known to be further than `line`.
    package internal(set) var ahead: [Lane: SequenceNumber]
    /// Lanes of which more may have been applied before than `doubtReach` says.
    package internal(set) var doubts: [Lane: SequenceNumber] = [:]

    var lanes: [Lane: LaneOrder] = [:]
    /// The newest step of each whole database, for lanes that have nothing under way.
    var databaseBarriers: [String: Step.ID] = [:]
    var strands: [Strand.ID: Strand] = [:]
    /// Strands to be looked at for a step that may be let go beside others.
    var crowded: [Strand.ID] = []
    var ready: [Step.ID] = []
    var stepsSoFar = 0

    package init(
        after mark: Mark,
        doubtReach: SequenceNumber,
        limits: RequestLimits,
        layout: (any RowLayout)? = nil,
        sizeMaxBytes: Int,
        resumes: Lane? = nil,
        parked: [ParkedLane] = [],
        ahead: [LaneProgress] = [],
        stepsBefore: Int = 0
    ) {
        line = AcknowledgementLine(after: mark)
        reach = mark.sequence
        self.doubtReach = doubtReach
        self.limits = limits
        self.layout = layout
        self.sizeMaxBytes = sizeMaxBytes
        self.resumes = resumes
        self.parked = Dictionary(uniqueKeysWithValues: parked.map { ($0.lane, $0) })
        self.ahead = Dictionary(uniqueKeysWithValues: ahead.map { ($0.lane, $0.sequence) })
        stepsSoFar = stepsBefore
    }

    /// Whether something has to end before more is taken in.
    package var isFull: Bool {
        byteCount >= sizeMaxBytes
            || line.openCount >= Self.entriesMax
    }

    /// Takes in the next entry, as what it asks for; nothing, if it does not concern the target.
    package mutating func take(_ entry: Entry, drafts: [StepDraft]) {
        let wanted = drafts.filter {
            isConcerned($0) && !isAhead($0, at: entry.sequence) && !isParked($0, at: entry)
        }
        line.begin(entry.sequence, parts: wanted.count)
        for draft in wanted { enqueue(draft, for: entry) }
    }

    /// Notes that up to here the journal is complete up to a timestamp.
    package mutating func commit(_ mark: Mark) { line.commit(mark) }

    /// Keeps the line before an entry that is not to be applied.
    package mutating func stop(before sequence: SequenceNumber) { line.begin(sequence, parts: 1) }

    /// The next step that may start, without starting it.
    ///
    /// What may start beside others of its strand comes after all that waits for nothing.
    package mutating func peek() -> Step? {
        repeat {
            while let id = ready.first {
                if var step = steps[id] {
                    step.action = step.action.joined(with: step.joined)
                    step.joined = []
                    return step
                }
                ready.removeFirst()
            }
        } while letOneGoBesideOthers()
        return nil
    }

    /// Starts the step that `peek` showed.
    package mutating func start(_ id: Step.ID) {
        precondition(ready.first == id, "only the step that was shown may start")
        ready.removeFirst()
        guard let step = steps[id] else { return }
        steps[id]?.isStarted = true
        if let strand = step.strand { list(strand) }
        startedCount += 1
        reach = max(reach, step.last)
        for lane in step.lanes {
            let earlier = lanes[lane]?.reach ?? .zero
            lanes[lane]?.reach = max(earlier, step.last)
        }
    }

    /// Notes that a step was applied, or is not to be.
    package mutating func finish(_ id: Step.ID) {
        guard let step = end(id) else { return }
        if step.action.isUnrepeatable { note(step.lanes, aheadAt: step.last) }
    }

    /// Notes that lanes have everything up to an entry.
    package mutating func note(_ lanes: [Lane], aheadAt sequence: SequenceNumber) {
        for lane in lanes { ahead[lane] = max(ahead[lane] ?? .zero, sequence) }
    }

    /// What is ahead of the line, in lane order; drops what no longer is.
    package mutating func laneProgress() -> [LaneProgress] {
        ahead = ahead.filter { $0.value > line.through.sequence }
        return ahead.sorted { $0.key < $1.key }.map { LaneProgress(lane: $0, sequence: $1) }
    }

    /// The id of the step that is put in order next.
    var nextID: Step.ID { Step.ID(number: stepsSoFar + 1) }

    /// Ends a step and lets go what waited for it.
    @discardableResult
    mutating func end(_ id: Step.ID) -> Step? {
        guard let step = steps.removeValue(forKey: id) else { return nil }
        byteCount -= step.byteCount
        startedCount -= step.isStarted ? 1 : 0
        for sequence in step.sequences { line.finish(sequence) }
        for waiting in step.unblocks { release(waiting) }
        leave(step)
        return step
    }

    /// Notes that one of what a step waits for is no longer in its way.
    mutating func release(_ id: Step.ID) {
        guard let left = steps[id]?.waitsFor else { return }
        steps[id]?.waitsFor = left - 1
        if left == 1 { ready.append(id) }
    }

    private func isConcerned(_ draft: StepDraft) -> Bool {
        guard let resumes else { return true }
        return draft.lanes.contains { $0.meets(resumes) }
    }

    private func isAhead(_ draft: StepDraft, at sequence: SequenceNumber) -> Bool {
        guard !ahead.isEmpty else { return false }
        return draft.lanes.allSatisfy { lane in
            [lane, lane.database.map(Lane.database)].compactMap(\.self).contains { known in
                ahead[known].map { $0 >= sequence } == true
            }
        }
    }
}
