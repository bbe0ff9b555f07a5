internal import Catalog
internal import Journal
internal import Logging
internal import Operations
internal import Replay
internal import Synchronization

/// Runs one restore until it is done, has failed or was cancelled; a restart goes on where it was.
final class RestoreRunner: Sendable {
    /// How long a pin outlives what renews it, and how often that happens.
    private static let leaseSpanMilliseconds: Int64 = 600_000
    private static let leaseRenewal = Duration.seconds(120)

    private struct State {
        var replayer: Replayer?
        var trouble: Trouble?
        var isStopping = false
        var hasEnded = false
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    let id: TaskID
    private let end: ReplayEnd
    private let projection: Projection
    private let source: SourceRunner
    private let target: TargetPlan
    private let catalog: Catalog
    private let logger: Logger
    private let state = Mutex(State())

    init(
        _ id: TaskID,
        end: ReplayEnd,
        projection: Projection,
        source: SourceRunner,
        target: TargetPlan,
        catalog: Catalog,
        logger: Logger
    ) {
        self.id = id
        self.end = end
        self.projection = projection
        self.source = source
        self.target = target
        self.catalog = catalog
        var logger = logger
        logger[metadataKey: "operation"] = "\(id)"
        self.logger = logger
    }

    /// Restores, through everything that passes.
    func run() async {
        logger.notice("restore runs", metadata: ["target": "\(target.address)"])
        var attempts = 0
        while !Task.isCancelled, !state.withLock({ $0.isStopping }) {
            do {
                try await attempt()
                break
            } catch is CancellationError {
                break
            } catch {
                let trouble = Trouble(error)
                guard trouble.isTransient else {
                    await finish(.failed, trouble)
                    break
                }
                attempts += 1
                logger.warning("restore waits", metadata: ["error": "\(trouble.message)"])
                state.withLock { $0.trouble = trouble }
                await RetryPause.wait(after: attempts) { state.withLock(\.isStopping) }
            }
        }
        let waiters = state.withLock { state in
            state.hasEnded = true
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Ends `run` soon; what is on its way to the target is waited for.
    func stop() {
        let replayer = state.withLock { state -> Replayer? in
            state.isStopping = true
            return state.replayer
        }
        replayer?.stop()
    }

    /// Returns once `run` has.
    func ended() async {
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                if !state.hasEnded { state.waiters.append(continuation) }
                return state.hasEnded
            }
            if isOver { continuation.resume() }
        }
    }

    /// What the run under way says of itself; nil between runs.
    var status: ReplayStatus? { state.withLock(\.replayer)?.status }

    /// What it waits for.
    var trouble: Trouble? { state.withLock(\.trouble) }

    private func attempt() async throws {
        guard let stored = try await catalog.operation(id), stored.state == .running else { return }
        let base = try RestoreProgress(json: stored.progress)
        let peer = try target.connect()
        let entries = try source.entries()
        try renewLease(entries)
        let replayer = Replayer(
            source: entries,
            target: peer.target,
            store: RestoreCheckpoints(catalog: catalog, operation: id, base: base) { [weak self] in
                self?.status
            },
            projection: projection,
            end: end,
            options: ReplayOptions(refusesExistingRows: true),
            logger: logger
        )
        let mayBegin = state.withLock { state in
            guard !state.isStopping else { return false }
            (state.replayer, state.trouble) = (replayer, nil)
            return true
        }
        guard mayBegin else { return }
        defer { state.withLock { $0.replayer = nil } }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await peer.carry() }
            group.addTask { try await replayer.run() }
            group.addTask { try await self.keepLease(entries) }
            // Whichever ends first, by failure, stop or cancellation, ends the others.
            defer { group.cancelAll() }
            try await group.next()
        }
        guard replayer.status.state == .done else { return }
        try await catalog.updateOperation(id, state: .done)
        await ended(as: "restore.done", "Restore \(id) is done.")
    }

    private func finish(_ end: LongOperation.State, _ trouble: Trouble) async {
        logger.error("restore failed", metadata: ["error": "\(trouble.message)"])
        do {
            try await catalog.updateOperation(id, state: end, error: trouble.message)
        } catch {
            logger.error("a restore's end was not noted", metadata: ["error": "\(error)"])
        }
        await ended(as: "restore.failed", trouble.message)
    }

    /// Gives up the journal and notes an event; that it cannot be noted is logged and stops nothing.
    private func ended(as kind: String, _ sentence: String) async {
        do {
            try source.pins.remove(.lease, leaseName)
            try await catalog.note(
                CatalogEvent(kind: kind, source: source.plan.name, message: sentence)
            )
        } catch {
            logger.warning("an event was not noted", metadata: ["error": "\(error)"])
        }
    }

    private var leaseName: String { "restore-\(id)" }

    /// Keeps retention from what is still to be read.
    private func keepLease(_ entries: JournalEntries) async throws {
        while true {
            try await Task.sleep(for: Self.leaseRenewal)
            try renewLease(entries)
        }
    }

    private func renewLease(_ entries: JournalEntries) throws {
        let now = WallClock.now
        try source.pins.put(
            JournalPin(
                .lease,
                leaseName,
                first: try entries.start().sequence.next,
                createdUnixMilliseconds: now,
                expiresUnixMilliseconds: now + Self.leaseSpanMilliseconds
            )
        )
    }
}
