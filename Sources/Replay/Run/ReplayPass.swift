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

    /// At most this many pieces are read before calls are started and ends are noted.
    static let piecesAtOnce = 64

    /// With calls that are being repeated, at most this many times the calls that may be under way.
    static let repeatedFactorMax = 4

    let around: Surroundings
    let track: Track
    let end: ReplayEnd?
    let ledger: Ledger
    private var cursor: any EntryCursor
    var translation: Translation
    var window: ReplayWindow
    /// Calls that have not ended.
    var underWay = 0
    var hasReachedEnd = false
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
        cursor = try around.source.cursor(after: start.sequence)
        translation = Translation(
            projection: projection,
            unsupported: traits.unsupported,
            definitions: cursor.definitions,
            passedOver: checkpoint.skippedCollections
        )
        window = ReplayWindow(
            after: start,
            doubtReach: track.reach(in: checkpoint),
            limits: RequestLimits(traits),
            layout: around.runner.target.rowLayout,
            sizeMaxBytes: around.options.windowSizeMaxBytes,
            resumes: track.lane,
            parked: track.parked(in: checkpoint),
            ahead: track.lane == nil ? checkpoint.ahead : []
        )
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
                while let step = try await nextStep() {
                    let runner = around.runner
                    group.addTask { mailbox.post(.finished(step.id, await runner.run(step))) }
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

    /// What was lacking when a notice was made may be there now.
    private func settleNotices() async {
        for notice in ledger.current.notices
        where await around.runner.settle(notice, in: cursor.definitions.access) {
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
        while !window.isFull, !hasReachedEnd {
            guard pieces < Self.piecesAtOnce else {
                hasMore = true
                return
            }
            guard let piece = try cursor.next() else { return }
            pieces += 1
            for entry in piece.entries where !hasReachedEnd { take(entry) }
            if let commit = piece.commit { take(commit) }
        }
    }

    private func take(_ entry: Entry) {
        if case .timestamp(let last) = end, entry.timestamp > last {
            window.stop(before: entry.sequence)
            return
        }
        let result = translation.take(entry)
        if track.lane == nil {
            for skipped in result.skipped { ledger.add(skipped) }
            if let gap = result.gap { ledger.add(gap) }
        }
        if let skipped = result.skippedCollection { ledger.add(skipped) }
        window.take(entry, drafts: result.drafts)
        if case .sequence(let last) = end, entry.sequence >= last { hasReachedEnd = true }
    }

    private func take(_ commit: Mark) {
        switch end {
        case nil: window.commit(commit)
        case .sequence(let last): if commit.sequence <= last { window.commit(commit) }
        case .timestamp(let last):
            window.commit(Mark(sequence: commit.sequence, tso: min(commit.tso, last)))
            hasReachedEnd = commit.tso >= last
        }
    }

    // MARK: Sending

    /// Whether one more call may be under way.
    ///
    /// Those that are being repeated leave their room to others, or a lane that does not get on would stop all
    /// of them; but not without end, or a target that is away would be called more and more.
    private var hasRoom: Bool {
        let most = around.options.requestsMax
        return underWay < most
            || underWay < most * Self.repeatedFactorMax
                && underWay - around.board.retryingCount < most
    }

    /// The next step, recorded as far as it must be before it is sent; nil if none may start.
    private func nextStep() async throws -> Step? {
        guard hasRoom, !around.mailbox.isStopping,
            let step = window.peek()
        else { return nil }
        let before = step.first.predecessor
        var mustSave = step.last > track.reach(in: ledger.saved)
        if step.action.isUnrepeatable, !track.covers(step.lanes, upTo: before, in: ledger.saved) {
            window.note(step.lanes, aheadAt: before)
            mustSave = true
        }
        if mustSave {
            track.write(&window, reach: newReach(for: step), into: &ledger.current)
            try await ledger.save()
        }
        window.start(step.id)
        underWay += 1
        return step
    }

    /// A good step ahead, but not past what the journal holds: what is beyond was never sent.
    private func newReach(for step: Step) -> SequenceNumber {
        let recorded = track.reach(in: ledger.saved)
        guard step.last > recorded else { return recorded }
        let known = max(window.line.last, around.mailbox.head.sequence)
        let ahead = SequenceNumber(rawValue: step.last.rawValue + around.options.reachStep)
        return max(step.last, min(ahead, known))
    }
}
