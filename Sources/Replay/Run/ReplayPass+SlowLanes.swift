internal import Logging
internal import Operations

// Lanes that keep the others waiting are read apart: with a cursor and a window of their own, behind the others'.
// Once everything that the others have taken in is done for them too, they are read with the others again.
extension ReplayPass {
    /// When the others were found to be waiting.
    struct Waiting {
        let since: Duration
        /// The newest entry then.
        let taken: SequenceNumber
    }

    /// The reading that a step is of.
    func reading(of id: Step.ID) -> Reading? { readings.first { $0.window.steps[id] != nil } }

    // MARK: Apart

    /// Reads a lane apart that has kept the others waiting for long; returns when it is to be asked again.
    func setSlowLaneApart() throws -> Duration? {
        guard track.lane == nil, let limit = around.options.setsApartAfter,
            !around.mailbox.isStopping, !isInterrupted, isWaiting
        else {
            waiting = nil
            return nil
        }
        let now = around.runner.clock.now()
        let known = waiting ?? Waiting(since: now, taken: main.taken)
        let age = now - known.since
        guard age >= limit else {
            waiting = known
            return limit - age
        }
        waiting = Waiting(since: now, taken: main.taken)
        if let lane = main.window.slowest(since: known.taken) {
            try setApart([lane])
            around.logger.notice(
                "a lane keeps others waiting and is read apart",
                metadata: ["lane": "\(lane)"]
            )
        }
        return limit
    }

    /// Whether the others would get on if less were not done.
    private var isWaiting: Bool {
        if main.window.isFull {
            return !hasReachedEnd && around.mailbox.head.sequence > main.taken
        }
        return !hasRoom(for: main) && main.window.peek() != nil
    }

    /// Reads lanes apart from here on, with all that they are entangled with.
    private func setApart(_ lanes: Set<Lane>) throws {
        let all = main.window.entangled(with: lanes)
        let isFirst = slow == nil
        let apart = try slow ?? reading(apart: all)
        let last = main.window.line.last
        let through = apart.window.line.through.sequence
        let known = slowLanes.lanes
        for lane in all where slowLanes.places[lane] == nil {
            slowLanes.add(
                lane,
                SlowLaneTable.Place(
                    first: main.window.first(of: [lane]) ?? last.next,
                    taken: last,
                    reach: isFirst ? .zero : main.reach
                )
            )
            if main.window.doubtReach > apart.window.doubtReach {
                apart.window.doubts[lane] = main.window.doubtReach
            }
        }
        main.window.hand(all, to: &apart.window)
        if apart.window.line.through.sequence < through {
            apart.window.note(Array(known), aheadAt: through)
        }
        slow = apart
        mustSave = true
    }

    /// A reading for lanes that goes on where that of the others is.
    private func reading(apart lanes: Set<Lane>) throws -> Reading {
        let last = main.window.line.last
        return Reading(
            cursor: try around.source.cursor(after: last),
            translation: main.translation,
            window: main.window.beside(at: main.window.first(of: lanes)?.predecessor ?? last),
            reach: main.reach
        )
    }

    /// Whether a draft is not for the others.
    ///
    /// What concerns a slow lane and another one makes that one slow too.
    func isApart(_ draft: StepDraft, at sequence: SequenceNumber) throws -> Bool {
        switch slowLanes.owner(of: draft.lanes, at: sequence) {
        case .others: return false
        case .done: return true
        case .slow:
            let known = slowLanes.lanes
            let more = draft.lanes.filter { lane in !known.contains { $0.covers(lane) } }
            if !more.isEmpty { try setApart(Set(more)) }
            return true
        }
    }

    /// Reads for the slow lanes, not past where the others are; returns whether there is more to read at once.
    func readSlow() throws -> Bool {
        guard let slow, !around.mailbox.isStopping, !isInterrupted else { return false }
        var pieces = 0
        while !slow.window.isFull, slow.taken < main.taken || slow.piece != nil {
            guard pieces < Self.piecesAtOnce else { return true }
            guard let piece = try slow.piece ?? slow.cursor.next() else { break }
            pieces += 1
            let entries = piece.entries.prefix { $0.sequence <= main.taken }
            for entry in entries { takeSlow(entry, in: slow) }
            guard entries.count == piece.entries.count,
                piece.commit.map({ $0.sequence <= main.taken }) != false
            else {
                let rest = piece.entries.dropFirst(entries.count)
                slow.piece = EntryPiece(entries: Array(rest), commit: piece.commit)
                break
            }
            slow.piece = nil
            if let commit = piece.commit { take(commit, in: slow) }
        }
        return false
    }

    private func takeSlow(_ entry: Entry, in slow: Reading) {
        let result = slow.translation.take(entry)
        if let skipped = result.skippedCollection { ledger.add(skipped) }
        let drafts = result.drafts.filter { draft in
            guard case .slow = slowLanes.owner(of: draft.lanes, at: entry.sequence) else {
                return false
            }
            return !slowLanes.wasTaken(draft.lanes, at: entry.sequence)
        }
        slow.window.take(entry, drafts: drafts)
        slow.taken = entry.sequence
    }

    /// Reads the slow lanes with the others again if they are as far.
    func takeSlowLanesBack() {
        guard let slow, slow.window.steps.isEmpty,
            slow.taken == main.taken || hasReachedEnd && slow.taken > main.taken
        else { return }
        main.window.takeBack(slow.window)
        main.window.note(Array(slowLanes.lanes), aheadAt: slow.taken)
        main.reach = slowLanes.places.values.map(\.reach).reduce(max(main.reach, slow.reach), max)
        let lanes = slowLanes.lanes.sorted().map(\.description).joined(separator: ", ")
        around.logger.notice("slow lanes are with the others again", metadata: ["lane": "\(lanes)"])
        self.slow = nil
        slowLanes = SlowLaneTable()
        mustSave = true
    }

    // MARK: The checkpoint

    /// Writes how far it is.
    func write() {
        track.write(&main.window, reach: main.reach, into: &ledger.current)
        guard track.lane == nil else { return }
        ledger.current.slow = nil
        guard let slow else { return }
        let (others, mark) = (main.window.line.through, slow.window.line.through)
        ledger.current.sequence = min(others.sequence, mark.sequence)
        ledger.current.tso = min(others.tso, mark.tso)
        ledger.current.reach = max(main.reach, slow.reach)
        ledger.current.ahead = Self.union(ledger.current.ahead, slow.window.laneProgress())
        ledger.current.parked = (ledger.current.parked + slow.window.parked.values)
            .sorted { $0.lane < $1.lane }
        ledger.current.slow = SlowLanes(
            lanes: slowLanes.saved(beyond: slow.reach),
            mark: mark,
            reach: slow.reach,
            others: others,
            othersReach: main.reach
        )
    }

    private static func union(_ left: [LaneProgress], _ right: [LaneProgress]) -> [LaneProgress] {
        let known = Dictionary(
            (left + right).map { ($0.lane, $0.sequence) },
            uniquingKeysWith: max
        )
        return known.sorted { $0.key < $1.key }.map { LaneProgress(lane: $0, sequence: $1) }
    }
}
