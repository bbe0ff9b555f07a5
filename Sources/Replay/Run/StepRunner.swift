internal import Logging
internal import Operations

/// Carries out steps on a target, and repeats what fails for a reason that passes.
struct StepRunner: Sendable {
    /// What came of a step.
    enum Outcome: Sendable {
        /// Applied, but for the entries that were refused and are to be passed; with what is left for a person.
        case applied(refused: [Refusal], notices: NoticeChange?)
        /// The target cannot hold it.
        case unsupported(String)
        /// The target refuses an entry, and will go on doing so; those before it are applied.
        case refused(Refusal)
        /// Given up because the replay is to stop; it may have been applied.
        case abandoned
        /// The replay cannot go on.
        case failed(any Error)
    }

    /// An entry that the target refuses for good.
    struct Refusal: Sendable {
        let sequence: SequenceNumber
        let rowCount: Int
        let failure: TargetFailure
    }

    /// What came of one call, repeated as often as it takes.
    private enum Answer {
        case applied(NoticeChange?)
        /// For good; with whether part of it may have been applied.
        case failed(TargetFailure, Doubt)
        case abandoned
        case broken(any Error)
    }

    /// While a call is not repeated, whether it is to be given up is looked up this often.
    static let patience = Duration.milliseconds(250)

    /// At the end of a replay, loads that are still under way are waited for this long.
    static let loadLimit = Duration.seconds(300)

    /// Until a collection is loaded it cannot be told what it holds; so long this is waited for.
    static let loadLimitInDoubt = Duration.seconds(60)

    let target: any Target
    let clock: ReplayClock
    let options: ReplayOptions
    let board: StatusBoard
    let logger: Logger
    let isStopping: @Sendable () -> Bool
    /// Called when a call failed and is going to be repeated, which leaves room for others meanwhile.
    let tellRetry: @Sendable () -> Void
    /// Saves what is found in doubt; returns once it is saved.
    var save: @Sendable (DoubtCounts) async throws -> Void

    /// What the target is; nil if the replay is to stop before it answers.
    func describe() async throws -> TargetTraits? {
        var attempt = 0
        while true {
            do {
                return try await target.describe()
            } catch let failure as TargetFailure where failure.isTransient {
                attempt += 1
                board.note(retry: .beforeAll, error: failure.message)
                guard await waited(after: attempt, failure) else { return nil }
            } catch let failure as TargetFailure where failure.code == .unauthorized {
                throw ReplayError(.unauthorized, failure.message, cause: failure)
            }
        }
    }

    /// Whether what a notice asks for is done; that it cannot be done now stops nothing.
    func settle(_ notice: Notice, in access: AccessDefinitions) async -> Bool {
        do {
            return try await target.settle(notice, in: access)
        } catch {
            logger.warning(
                "what a notice asks for could not be done",
                metadata: ["notice": "\(notice.subject)", "error.message": "\(error)"]
            )
            return false
        }
    }

    /// Returns once the target has taken the step or will not.
    ///
    /// A request of several entries that is refused is sent again in halves, in their order, until what is
    /// refused is one entry: it does not take its neighbours along.
    func run(_ step: Step) async -> Outcome {
        var refused: [Refusal] = []
        var notices: NoticeChange?
        var open = [(range: 0..<step.action.partCount, doubt: Doubt(exists: step.isInDoubt))]
        while let (range, doubt) = open.popLast() {
            let part = step.action.part(range)
            switch await send(part, of: step.id, doubt) {
            case .applied(let change): notices = change ?? notices
            case .abandoned: return .abandoned
            case .broken(let error): return .failed(error)
            case .failed(let failure, let doubt):
                if failure.code == .rejected, range.count > 1 {
                    let middle = range.lowerBound + range.count / 2
                    open.append((middle..<range.upperBound, doubt))
                    open.append((range.lowerBound..<middle, doubt))
                    continue
                }
                let refusal = Refusal(
                    sequence: step.sequences[range.lowerBound],
                    rowCount: part.rowCount,
                    failure: failure
                )
                // Where the lane is parked, what was refused before is not passed either.
                let first = refused.first?.sequence ?? refusal.sequence
                switch failure.code {
                case .unauthorized:
                    return .failed(ReplayError(.unauthorized, failure.message, cause: failure))
                case .unsupported: return .unsupported(failure.message)
                case .rejected where options.onError == .deadLetter && part.canBePassed:
                    refused.append(refusal)
                default:
                    let stop = Refusal(
                        sequence: first,
                        rowCount: refusal.rowCount,
                        failure: failure
                    )
                    return .refused(stop)
                }
            }
        }
        return .applied(refused: refused, notices: notices)
    }

    /// Makes one call until it succeeds, or fails for good.
    private func send(
        _ action: StepAction,
        of id: Step.ID,
        _ known: Doubt
    ) async -> Answer {
        var doubt = known
        var attempt = 0
        while true {
            do {
                return .applied(try await apply(action, &doubt))
            } catch let failure as TargetFailure {
                doubt.exists = doubt.exists || !failure.hadNoEffect
                guard failure.isTransient else { return .failed(failure, doubt) }
                guard !Task.isCancelled else { return .abandoned }
                attempt += 1
                board.note(retry: id, error: failure.message)
                if attempt == 1 { tellRetry() }
                guard await waited(after: attempt, failure) else { return .abandoned }
            } catch is CancellationError {
                return .abandoned
            } catch {
                return .broken(error)
            }
        }
    }

    /// Waits until what was loaded can be searched; that a load takes longer is no failure.
    func awaitLoads(of names: [CollectionName], within limit: Duration = loadLimit) async {
        var waits = Int(limit / Self.patience)
        for name in names {
            while waits > 0, !isStopping(), (try? await target.isLoading(name)) == true {
                guard (try? await clock.sleep(Self.patience)) != nil else { return }
                waits -= 1
            }
        }
    }

    /// Waits before the next attempt; false if the replay is to stop meanwhile.
    private func waited(after attempt: Int, _ failure: TargetFailure) async -> Bool {
        if attempt == 1 {
            logger.warning(
                "a call on the target failed and is repeated",
                metadata: ["error.message": "\(failure.message)"]
            )
        }
        var random = SystemRandomNumberGenerator()
        var rest = options.backoff.delay(after: attempt, using: &random)
        while rest > .zero {
            guard !isStopping() else { return false }
            do {
                try await clock.sleep(min(rest, Self.patience))
            } catch {
                return false
            }
            rest -= Self.patience
        }
        return !isStopping()
    }

    /// Whether a step may have been applied before.
    private struct Doubt {
        var exists: Bool
        /// Whether what the target holds was looked up.
        ///
        /// What it holds at a later attempt came of an earlier one.
        var isNoted = false
    }

    /// One attempt.
    private func apply(_ action: StepAction, _ doubt: inout Doubt) async throws -> NoticeChange? {
        switch action {
        case .access(let change):
            return try await target.change(change, isInDoubt: doubt.exists)
        case .insert(let request) where doubt.exists:
            await awaitLoads(of: [request.name], within: Self.loadLimitInDoubt)
            try await target.insertInDoubt(request) { held in
                guard !doubt.isNoted else { return }
                var counts = DoubtCounts()
                counts.add(rows: request.rowCount, held: held)
                // What is removed can no longer be counted after a crash.
                try await save(counts)
                doubt.isNoted = true
            }
        case .insert(let request): try await target.insert(request)
        case .upsert(let request): try await target.upsert(request)
        case .delete(let request): try await target.delete(request)
        case .createCollection(let name, let definition):
            if options.refusesExistingRows, !doubt.exists { try await refuseRows(in: name) }
            try await target.createCollection(name, definition)
        case .expectCollection(let name, let definition):
            try await target.expectCollection(name, definition)
        default: try await define(action)
        }
        return nil
    }

    private func refuseRows(in name: CollectionName) async throws {
        let held: HeldRows
        do {
            held = try await target.heldRows(of: name)
        } catch let failure as TargetFailure {
            throw TargetFailure(code: failure.code, message: failure.message, hadNoEffect: true)
        }
        let what: String
        switch held {
        case .absent, .counted(0): return
        case .counted(let count): what = "with \(count) rows"
        case .uncounted: what = "which is not loaded, so whether it holds rows cannot be told"
        }
        throw ReplayError(
            .conflict,
            "The target already has a collection \(name), \(what).",
            hint: "Drop it there, or restore under another name with --rename."
        )
    }

    private func define(_ action: StepAction) async throws {
        switch action {
        case .insert, .upsert, .delete, .createCollection, .expectCollection, .access: break
        case .createDatabase(let name, let properties):
            try await target.createDatabase(name, properties: properties)
        case .alterDatabase(let name, let properties):
            try await target.alterDatabase(name, properties: properties)
        case .dropDatabase(let name): try await target.dropDatabase(name)
        case .alterCollection(let name, let definition):
            try await target.alterCollection(name, definition)
        case .renameCollection(let name, let newName):
            try await target.renameCollection(name, to: newName)
        case .dropCollection(let name): try await target.dropCollection(name)
        case .truncateCollection(let name, let empty):
            try await target.truncateCollection(name, empty)
        case .createPartition(let partition, let name):
            try await target.createPartition(partition, of: name)
        case .dropPartition(let partition, let name):
            try await target.dropPartition(partition, of: name)
        case .createIndex(let index, let name): try await target.createIndex(index, on: name)
        case .alterIndex(let index, let name): try await target.alterIndex(index, on: name)
        case .dropIndex(let index, let name): try await target.dropIndex(index, on: name)
        case .load(let name, let partitions, let replicas):
            try await target.load(name, partitions: partitions, replicas: replicas)
        case .release(let name, let partitions):
            try await target.release(name, partitions: partitions)
        case .flush(let name): try await target.flush(name)
        case .createAlias(let alias, let name): try await target.createAlias(alias, of: name)
        case .alterAlias(let alias, let name): try await target.alterAlias(alias, of: name)
        case .dropAlias(let alias, let database):
            try await target.dropAlias(alias, in: database)
        case .refuse(_, let reason): throw TargetFailure(code: .rejected, message: reason)
        }
    }
}
