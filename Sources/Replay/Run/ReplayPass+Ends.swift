internal import Logging
internal import Operations

// What comes of calls, and how a pass ends.
extension ReplayPass {
    func handle(_ event: ReplayMailbox.Event) async throws {
        switch event {
        case .readOn, .stop, .wish: break
        case .headMoved: around.board.show(head: around.mailbox.head)
        case .failed(let error): throw error
        case .doubt(let counts, let saved):
            ledger.add(counts)
            // Where nothing is removed, nothing is lost if this is.
            if counts.rowsHeld > 0 || counts.requestsUntold > 0 { try await ledger.save() }
            saved.yield()
        case .finished(let id, let outcome):
            underWay -= 1
            try await finish(id, outcome)
        }
    }

    private func finish(_ id: Step.ID, _ outcome: StepRunner.Outcome) async throws {
        guard let reading = reading(of: id), let step = reading.window.steps[id] else { return }
        around.board.note(ended: id)
        switch outcome {
        case .abandoned: return
        case .failed(let error): throw error
        case .applied(let refused, let notices):
            if let notices { take(notices) }
            if try await isListed(refused, of: step) {
                around.board.note(applied: step)
                reading.window.finish(id)
                reading.window.goOn(step)
            } else if let first = refused.first {
                park(step, at: first, in: reading)
            }
        case .unsupported(let reason):
            passOver(step, because: reason)
            reading.window.finish(id)
        case .refused(let refusal): park(step, at: refusal, in: reading)
        }
        ledger.hasNews = true
        update()
        if step.action.isUnrepeatable { try await ledger.save() }
    }

    private func park(_ step: Step, at refusal: StepRunner.Refusal, in reading: Reading) {
        around.logger.error(
            "a lane is parked",
            metadata: [
                "lane": "\(step.lanes.map(\.description).joined(separator: ", "))",
                "journal.sequence": "\(refusal.sequence)",
                "error.message": "\(refusal.failure.message)",
            ]
        )
        reading.window.park(
            step.id,
            at: refusal.sequence,
            because: refusal.failure.message,
            needs: refusal.failure.needs
        )
    }

    /// Lists entries that were refused and are passed; false where the list is full.
    private func isListed(
        _ refused: [StepRunner.Refusal],
        of step: Step
    ) async throws -> Bool {
        guard let lane = step.lanes.first, !refused.isEmpty else { return true }
        let letters = refused.map {
            DeadLetter(
                id: DeadLetter.ID(sequence: $0.sequence, lane: lane),
                kind: step.action.kind,
                rowCount: $0.rowCount,
                reason: $0.failure.message
            )
        }
        guard try await ledger.add(letters) else { return false }
        for letter in letters {
            around.logger.warning(
                "an entry was refused and is listed",
                metadata: [
                    "lane": "\(lane)", "journal.sequence": "\(letter.id.sequence)",
                    "error.message": "\(letter.reason)",
                ]
            )
        }
        return true
    }

    private func take(_ notices: NoticeChange) {
        ledger.take(notices)
        guard let added = notices.added else { return }
        around.logger.notice(
            "something is left for a person to do",
            metadata: ["notice": "\(added.subject)"]
        )
    }

    /// Lists what the target cannot hold.
    ///
    /// Without it, nothing more of its collection can be held where it
    /// is the collection itself or its rows.
    private func passOver(_ step: Step, because reason: String) {
        let kind = step.action.kind
        ledger.add(
            SkippedOperations(
                kind: kind.name,
                lane: step.lanes.first,
                reason: reason,
                count: step.sequences.count
            )
        )
        guard kind.carriesRows || kind == .createCollection || kind == .renameCollection,
            let collection = step.collection
        else { return }
        around.logger.warning(
            "a collection is passed over",
            metadata: [
                "lane": "\(step.lanes.map(\.description).joined(separator: ", "))",
                "error.message": "\(reason)",
            ]
        )
        let skipped = SkippedCollection(
            collection: collection,
            lane: step.lanes.first,
            reason: reason
        )
        ledger.add(skipped)
        for reading in readings {
            reading.translation.passOver(skipped)
            for (kind, count) in reading.window.passOver(collection)
                .sorted(by: { $0.key.rawValue < $1.key.rawValue })
            {
                ledger.add(
                    SkippedOperations(
                        kind: kind.name,
                        lane: step.lanes.first,
                        reason: reason,
                        count: count
                    )
                )
            }
        }
    }

    func update() {
        write()
        around.board.show(ledger.current)
    }

    var isInterrupted: Bool { track.lane == nil && around.mailbox.hasWishes }

    func closing() -> End? {
        if around.mailbox.isStopping { return underWay == 0 ? .stopped : nil }
        guard readings.allSatisfy(\.window.steps.isEmpty) else { return nil }
        if isInterrupted { return .interrupted }
        return hasReachedEnd && slow == nil ? .reached : nil
    }

    func close(_ closing: End) async throws {
        for reading in readings { reading.settleReach() }
        if let slow {
            slowLanes.settle { max(slow.window.reach, slow.window.doubtReach(of: [$0])) }
        }
        write()
        if case .reached = closing {
            if case .timestamp(let last) = end {
                ledger.current.tso = max(ledger.current.tso, last)
            }
            if let lane = track.lane, main.window.parked[lane] == nil {
                ledger.current.parked.removeAll { $0.lane == lane }
            }
        }
        try await ledger.save()
        around.board.show(ledger.current)
    }
}
