internal import Catalog
internal import Journal
internal import Logging
internal import Operations
internal import Replay
internal import Synchronization

/// Keeps the replayer of one task at work, until it is stopped.
final class TaskRunner: Sendable {
    private enum Phase {
        case starting
        case replaying(Replayer)
        case retrying(Trouble)
        /// It needs a person.
        case failed(Trouble)
        case ended

        /// Whether nothing more comes of the run.
        var isOver: Bool {
            switch self {
            case .failed, .ended: true
            case .starting, .replaying, .retrying: false
            }
        }
    }

    private struct State {
        var phase = Phase.starting
        var isStopping = false
        var last: ReplayStatus?
        /// Parked lanes that are to be caught up once a replay has begun; nil stands for all.
        var wishes: [String?] = []
        /// What earlier replays of this runner applied, the one of `phase` included once it has ended.
        var applied: [OperationKind: AppliedCounts] = [:]
        var hasEndedReplay = false
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    let task: ReplicationTask
    private let projection: Projection
    private let source: SourceRunner
    private let target: TargetPlan
    private let store: TaskCheckpoints
    private let logger: Logger
    private let state = Mutex(State())

    /// - Throws: `ReplayError` for patterns that cannot be understood.
    init(
        _ task: ReplicationTask,
        source: SourceRunner,
        target: TargetPlan,
        catalog: Catalog,
        logger: Logger
    ) throws {
        self.task = task
        projection = try Projection(task)
        self.source = source
        self.target = target
        store = TaskCheckpoints(catalog: catalog, task: task.id)
        var logger = logger
        logger[metadataKey: "task"] = "\(task.id)"
        logger[metadataKey: "source"] = "\(task.source)"
        self.logger = logger
    }

    /// Replays until it is stopped or cancelled, through everything that passes.
    ///
    /// - Parameter predecessor: An earlier runner of the same task; its end is waited for.
    func run(after predecessor: TaskRunner?) async {
        await predecessor?.ended()
        logger.notice("task runs", metadata: ["target": "\(target.address)"])
        var attempts = 0
        while !Task.isCancelled, !state.withLock({ $0.isStopping }) {
            do {
                try await replay()
                break
            } catch is CancellationError {
                break
            } catch {
                // Whoever stopped it may have taken away what it needs.
                guard !state.withLock({ $0.isStopping }) else { break }
                let trouble = Self.trouble(error)
                guard trouble.isTransient else {
                    logger.error("task failed", metadata: ["error": "\(trouble.message)"])
                    await note("task.failed", trouble.message)
                    end(.failed(trouble))
                    return
                }
                attempts += 1
                logger.warning("task waits", metadata: ["error": "\(trouble.message)"])
                state.withLock { $0.phase = .retrying(trouble) }
                await RetryPause.wait(after: attempts) { state.withLock(\.isStopping) }
            }
        }
        logger.notice("task stopped")
        end(.ended)
    }

    /// Ends `run` soon: what is on its way to the target is waited for, nothing more is sent.
    func stop() {
        let replayer = state.withLock { state -> Replayer? in
            state.isStopping = true
            guard case .replaying(let replayer) = state.phase else { return nil }
            return replayer
        }
        replayer?.stop()
    }

    /// Catches parked lanes up with the others: one, or all; as soon as a replay has begun.
    func resumeParked(_ lane: String?) {
        let replayer = state.withLock { state -> Replayer? in
            if case .replaying(let replayer) = state.phase { return replayer }
            state.wishes.append(lane)
            return nil
        }
        guard let replayer else { return }
        for parked in replayer.status.parked where lane == nil || parked.lane.description == lane {
            replayer.resume(parked.lane)
        }
    }

    /// Has the dead letters tried again that are wanted; a replay that begins later finds them by itself.
    func retryDeadLetters() {
        guard case .replaying(let replayer) = state.withLock({ $0.phase }) else { return }
        replayer.retryDeadLetters()
    }

    /// Whether a lane waits for a person.
    func isParked(_ lane: String) -> Bool {
        status?.parked.contains { $0.lane.description == lane } ?? false
    }

    /// Returns once `run` has.
    func ended() async {
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                if !state.phase.isOver { state.waiters.append(continuation) }
                return state.phase.isOver
            }
            if isOver { continuation.resume() }
        }
    }

    /// Whether it is running, and not about to stop.
    var isAtWork: Bool { state.withLock { !$0.phase.isOver && !$0.isStopping } }

    /// Whether `run` has ended.
    var isOver: Bool { state.withLock { $0.phase.isOver } }

    /// Whether `run` has ended by a failure.
    var hasFailed: Bool {
        if case .failed = state.withLock({ $0.phase }) { return true }
        return false
    }

    /// What the replay says of itself; nil before the first one began.
    var status: ReplayStatus? {
        let (phase, last) = state.withLock { ($0.phase, $0.last) }
        if case .replaying(let replayer) = phase { return replayer.status }
        return last
    }

    /// What was applied since this runner began.
    var applied: [OperationKind: AppliedCounts] {
        let (phase, hasEnded, before) = state.withLock {
            ($0.phase, $0.hasEndedReplay, $0.applied)
        }
        guard case .replaying(let replayer) = phase, !hasEnded else { return before }
        return before.merging(replayer.status.applied, uniquingKeysWith: +)
    }

    /// What is in the way, if the replay itself cannot tell.
    var trouble: Trouble? {
        switch state.withLock({ $0.phase }) {
        case .retrying(let trouble), .failed(let trouble): trouble
        case .starting, .replaying, .ended: nil
        }
    }

    private func replay() async throws {
        let peer = try target.connect()
        let replayer = Replayer(
            source: try source.entries(),
            target: peer.target,
            store: store,
            projection: projection,
            options: ReplayOptions(
                onError: ErrorPolicy(task.onError),
                setsApartAfter: ReplayOptions.patience
            ),
            logger: logger
        )
        let parked = try await store.load()?.parked ?? []
        let wishes = state.withLock { state -> [String?]? in
            guard !state.isStopping else { return nil }
            state.phase = .replaying(replayer)
            state.hasEndedReplay = false
            defer { state.wishes = [] }
            return state.wishes
        }
        guard let wishes else { return }
        for lane in parked.map(\.lane)
        where wishes.contains(nil) || wishes.contains(lane.description) {
            replayer.resume(lane)
        }
        defer {
            let status = replayer.status
            state.withLock { state in
                state.last = status
                state.applied.merge(status.applied, uniquingKeysWith: +)
                state.hasEndedReplay = true
            }
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await peer.carry() }
            group.addTask { try await replayer.run() }
            group.addTask { await self.tellNotices(of: replayer) }
            // Whichever ends first, by failure, stop or cancellation, ends the other.
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    /// What an error means for a task: what the journal no longer holds is missing on the target for good.
    private static func trouble(_ error: any Error) -> Trouble {
        let trouble = Trouble(error)
        guard let error = error as? JournalError, error.code == .notFound else { return trouble }
        return Trouble(.gap, trouble.message, hint: trouble.hint)
    }

    /// Notes an event; that it cannot be noted is logged and stops nothing.
    func note(_ kind: String, _ sentence: String) async {
        let event = CatalogEvent(
            kind: kind,
            source: task.source,
            task: task.id,
            message: sentence
        )
        do {
            try await store.catalog.note(event)
        } catch {
            logger.warning("an event was not noted", metadata: ["error": "\(error)"])
        }
    }

    private func end(_ phase: Phase) {
        let waiters = state.withLock { state in
            state.phase = phase
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }
}

extension Projection {
    /// What a task takes, and what things are called on its target.
    ///
    /// - Throws: `ReplayError` with code `invalid`.
    init(_ task: ReplicationTask) throws {
        try self.init(
            include: task.include.map { try NamePattern($0) },
            exclude: task.exclude.map { try NamePattern($0) },
            rename: task.rename.map { try RenameRule($0) },
            leftOut: LeftOut.kinds(named: task.leftOut)
        )
    }
}
