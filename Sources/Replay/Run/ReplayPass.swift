internal import Logging
internal import Operations

/// One reading of the journal: takes entries in, sends what may be sent, and moves the checkpoint behind
/// what the target acknowledged.
///
/// Decides nothing about order: `ReplayWindow` says what may start. Used from one task.
final class ReplayPass {
    /// How a pass came to its end.
    enum End: Sendable {
        case reached
        case stopped
        /// Everything under way has ended, and parked lanes are to be caught up.
        case interrupted
    }

    /// What a pass works with.
    struct Surroundings: Sendable {
        let source: any EntrySource
        let runner: StepRunner
        let mailbox: ReplayMailbox
        let options: ReplayOptions
        let board: StatusBoard
        let logger: Logger
    }

    /// What is read, and for which target.
    struct Plan {
        let around: Surroundings
        let traits: TargetTraits
        let projection: Projection
    }

    /// At most this many pieces are read before calls are started and ends are noted.
    static let piecesAtOnce = 64

    /// With calls that are being repeated, at most this many times the calls that may be under way.
    static let repeatedFactorMax = 4

    let around: Surroundings
    let track: Track
    let end: ReplayEnd?
    let ledger: Ledger
    /// What is read of all lanes, or of all but the slow ones.
    let main: Reading
    /// What is read of the slow lanes apart from the others.
    var slow: Reading?
    var slowLanes = SlowLaneTable()
    /// Since when the others have to wait for a lane.
    var waiting: Waiting?
    /// Whether the checkpoint must be saved before anything more is sent.
    var mustSave = false
    /// Calls that have not ended.
    var underWay = 0
    var hasReachedEnd = false
    /// When a wait for a lane is looked at again.
    private var alarm: Duration?
    /// Whether the journal had more when reading paused.
    private var hasMore = false

    init(
        _ around: Surroundings,
        track: Track,
        end: ReplayEnd?,
        traits: TargetTraits,
        projection: Projection,
        ledger: Ledger
    ) throws {
        self.around = around
        self.track = track
        self.end = end
        self.ledger = ledger
        let checkpoint = ledger.current
        let start = track.start(in: checkpoint)
        let reach = track.reach(in: checkpoint)
        let saved = track.lane == nil ? checkpoint.slow : nil
        let plan = Plan(around: around, traits: traits, projection: projection)
        func isSlow(_ parked: ParkedLane) -> Bool {
            saved?.lanes.contains { $0.lane.meets(parked.lane) } == true
        }
        main = try Reading(
            after: start,
            reach: reach,
            of: checkpoint,
            parked: track.parked(in: checkpoint).filter { !isSlow($0) },
            plan,
            resumes: track.lane
        )
        if let saved {
            slowLanes = SlowLaneTable(saved)
            let slow = try Reading(
                after: saved.mark,
                reach: saved.reach,
                of: checkpoint,
                parked: checkpoint.parked.filter(isSlow),
                plan,
                stepsBefore: ReplayWindow.stepsApart
            )
            for lane in saved.lanes where lane.reach > saved.reach {
                slow.window.doubts[lane.lane] = lane.reach
            }
            self.slow = slow
        }
        switch end {
        case nil: break
        case .sequence(let last): hasReachedEnd = start.sequence >= last
        case .timestamp(let last): hasReachedEnd = start.tso >= last
        }
    }

    /// Reads and applies until the end is reached, a stop is asked for, or a lane is to be caught up.
    func run() async throws -> End {
        if track.lane == nil { await settleNotices() }
        return try await withThrowingDiscardingTaskGroup { group in
            defer { group.cancelAll() }
            let (source, mailbox) = (around.source, around.mailbox)
            group.addTask {
                do {
                    try await source.follow { mailbox.post(head: $0) }
                } catch {
                    // A pass that has ended cancels this, which is no failure of the next one.
                    if !Task.isCancelled { mailbox.post(.failed(error)) }
                }
            }
            while true {
                try read()
                hasMore = try readSlow() || hasMore
                takeSlowLanesBack()
                while let step = try await nextStep() {
                    let runner = around.runner
                    group.addTask { mailbox.post(.finished(step.id, await runner.run(step))) }
                }
                if let later = try setSlowLaneApart(), let pause = newAlarm(in: later) {
                    let clock = around.runner.clock
                    group.addTask {
                        try? await clock.sleep(pause)
                        mailbox.readOn()
                    }
                }
                update()
                if let end = closing() {
                    try await close(end)
                    return end
                }
                // A stop may be cut off: what is acknowledged by then must not be asked for again.
                let isIdle = underWay == 0 && !hasMore || around.mailbox.isStopping
                if try await ledger.saveIfDue(isIdle: isIdle, options: around.options) {
                    around.board.show(ledger.current)
                }
                if hasMore { mailbox.readOn() }
                try await handle(try await mailbox.receive())
            }
        }
    }

    /// How long to sleep until a wait is looked at again; nil if something sleeps until then already.
    private func newAlarm(in pause: Duration) -> Duration? {
        let now = around.runner.clock.now()
        if let alarm, alarm > now { return nil }
        alarm = now + pause
        return pause
    }

    /// What was lacking when a notice was made may be there now.
    private func settleNotices() async {
        for notice in ledger.current.notices
        where await around.runner.settle(notice, in: main.cursor.definitions.access) {
            ledger.take(NoticeChange(clearing: [notice.subject]))
            around.logger.notice(
                "what a notice asked for was done",
                metadata: ["notice": "\(notice.subject)"]
            )
        }
    }

    // MARK: Reading

    private func read() throws {
        hasMore = false
        guard !around.mailbox.isStopping, !isInterrupted else { return }
        var pieces = 0
        while !main.window.isFull, !hasReachedEnd {
            guard pieces < Self.piecesAtOnce else {
                hasMore = true
                return
            }
            guard let piece = try main.cursor.next() else { return }
            pieces += 1
            for entry in piece.entries where !hasReachedEnd { try take(entry) }
            if let commit = piece.commit {
                take(commit, in: main)
                if case .timestamp(let last) = end { hasReachedEnd = commit.tso >= last }
            }
        }
    }

    private func take(_ entry: Entry) throws {
        if case .timestamp(let last) = end, entry.timestamp > last {
            main.window.stop(before: entry.sequence)
            return
        }
        let result = main.translation.take(entry)
        if track.lane == nil {
            for skipped in result.skipped { ledger.add(skipped) }
            if let gap = result.gap { ledger.add(gap) }
        }
        if let skipped = result.skippedCollection { ledger.add(skipped) }
        let drafts =
            slow == nil
            ? result.drafts
            : try result.drafts.filter { try !isApart($0, at: entry.sequence) }
        main.window.take(entry, drafts: drafts)
        main.taken = entry.sequence
        if case .sequence(let last) = end, entry.sequence >= last { hasReachedEnd = true }
    }

    func take(_ commit: Mark, in reading: Reading) {
        switch end {
        case nil: reading.window.commit(commit)
        case .sequence(let last): if commit.sequence <= last { reading.window.commit(commit) }
        case .timestamp(let last):
            reading.window.commit(Mark(sequence: commit.sequence, tso: min(commit.tso, last)))
        }
    }

    // MARK: Sending

    var readings: [Reading] { [main, slow].compactMap(\.self) }

    /// Whether one more call of a reading may be under way.
    ///
    /// Those that are being repeated leave their room to others, or a lane that does not get on would stop all
    /// of them; but not without end, or a target that is away would be called more and more.
    func hasRoom(for reading: Reading) -> Bool {
        let most = around.options.requestsMax
        let underWay = reading.window.startedCount
        guard underWay >= most else { return true }
        let repeated = around.board.retrying.count { reading.window.steps[$0] != nil }
        return underWay < most * Self.repeatedFactorMax && underWay - repeated < most
    }

    /// The next step, recorded as far as it must be before it is sent; nil if none may start.
    private func nextStep() async throws -> Step? {
        guard !around.mailbox.isStopping else { return nil }
        for reading in readings where hasRoom(for: reading) {
            guard let step = reading.window.peek() else { continue }
            let before = step.first.predecessor
            if step.last > reading.reach {
                reading.reach = newReach(for: step, of: reading)
                mustSave = true
            }
            if step.action.isUnrepeatable,
                !track.covers(step.lanes, upTo: before, in: ledger.saved)
            {
                reading.window.note(step.lanes, aheadAt: before)
                mustSave = true
            }
            if mustSave {
                write()
                try await ledger.save()
                mustSave = false
            }
            reading.window.start(step.id)
            underWay += 1
            return step
        }
        return nil
    }

    /// A good step ahead, but not past what the journal holds: what is beyond was never sent.
    private func newReach(for step: Step, of reading: Reading) -> SequenceNumber {
        let known = max(reading.window.line.last, around.mailbox.head.sequence)
        let ahead = SequenceNumber(rawValue: step.last.rawValue + around.options.reachStep)
        return max(step.last, min(ahead, known))
    }
}
