internal import Logging
internal import Operations
internal import Synchronization

/// Tries dead letters again, between two passes: nothing is under way meanwhile.
///
/// A dead letter is older than what the target holds. So it is applied as far as nothing newer is in its way:
/// `DeadLetterHistory` says how far that is.
struct DeadLetterRetry {
    let around: ReplayPass.Surroundings
    let projection: Projection
    let traits: TargetTraits
    let ledger: Ledger

    /// Tries every one that is wanted; returns false if the replay is to stop meanwhile.
    func run() async throws -> Bool {
        for letter in try await ledger.wantedLetters() {
            guard !around.mailbox.isStopping else { return false }
            if isParked([letter.id.lane]) { continue }
            let history = try DeadLetterHistory(
                of: letter,
                through: ledger.current.position(of: letter.id.lane),
                in: around.source,
                projection: projection,
                unsupported: traits.unsupported,
                layout: around.runner.target.rowLayout
            )
            switch history.verdict {
            case .superseded(let reason): settle(letter, "a dead letter is done with", reason)
            case .unknown(let reason): ledger.settle(letter, reason: reason)
            case .apply(let drafts):
                if isParked(drafts.flatMap(\.lanes)) { continue }
                guard try await apply(drafts, of: letter) else { return false }
            }
            try await ledger.save()
            around.board.show(ledger.current)
        }
        return true
    }

    /// Whether any of some lanes is parked: it is not where the others are, and what it waits for comes first.
    private func isParked(_ lanes: [Lane]) -> Bool {
        ledger.current.parked.contains { parked in
            lanes.contains { $0.meets(parked.lane) }
        }
    }

    /// Carries out what is left of a dead letter; returns false if the replay is to stop meanwhile.
    private func apply(_ drafts: [StepDraft], of letter: DeadLetter) async throws -> Bool {
        for draft in drafts {
            let step = Step(
                id: .beforeAll,
                action: draft.action,
                lanes: draft.lanes,
                collection: draft.collection,
                sequences: [letter.id.sequence],
                isInDoubt: true,
                rowCount: draft.rowCount,
                byteCount: draft.byteCount
            )
            let outcome = await run(step)
            around.board.note(ended: step.id)
            switch outcome {
            case .abandoned: return false
            case .failed(let error): throw error
            case .unsupported(let reason):
                ledger.settle(letter, reason: reason)
                return true
            case .refused(let refusal):
                ledger.settle(letter, reason: refusal.failure.message)
                return true
            case .applied(let refused, let notices):
                if let notices { ledger.take(notices) }
                guard let refusal = refused.first else {
                    around.board.note(applied: step)
                    continue
                }
                ledger.settle(letter, reason: refusal.failure.message)
                return true
            }
        }
        settle(letter, "a dead letter was applied", nil)
        return true
    }

    /// Makes a call; what is found in doubt is saved before it is replaced, as in a pass.
    private func run(_ step: Step) async -> StepRunner.Outcome {
        let found = Mutex(DoubtCounts())
        let saving = ledger.saving
        var runner = around.runner
        runner.save = { counts in
            let sum = found.withLock { sum in
                sum.add(counts)
                return sum
            }
            try await saving(sum)
        }
        let outcome = await runner.run(step)
        ledger.add(found.withLock(\.self))
        return outcome
    }

    private func settle(_ letter: DeadLetter, _ what: Logger.Message, _ why: String?) {
        var metadata: Logger.Metadata = [
            "lane": "\(letter.id.lane)", "journal.sequence": "\(letter.id.sequence)",
        ]
        if let why { metadata["reason"] = "\(why)" }
        around.logger.notice(what, metadata: metadata)
        ledger.settle(letter, reason: nil)
    }
}
