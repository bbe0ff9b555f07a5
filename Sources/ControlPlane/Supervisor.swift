package import Catalog
internal import Journal
package import Logging
internal import Operations
internal import Replay
internal import ServiceLifecycle

/// Runs a reader for every source and a replayer for every task that is wanted.
///
/// What is wanted stands in the catalog; what is, in the runners. Each runner looks after its own failures,
/// so that one peer that is away, or one task that failed, stops nothing else.
package actor Supervisor: Service {
    let catalog: Catalog
    let findTarget: TargetLookup
    /// The directory that is locked; nil in tests.
    let data: DataDirectory?
    /// What callers gave tasks to log in with; nil where none is kept.
    let secrets: TaskSecrets?
    /// Makes the whole program log this and what is worse.
    let setLogLevel: @Sendable (Logger.Level) -> Void
    /// Milliseconds since 1970.
    let now: @Sendable () -> Int64
    /// In the configuration's order.
    let sources: [SourceRunner]
    /// The task's runner that was started last; it may have ended.
    var runners: [TaskID: TaskRunner] = [:]
    /// The runners of the restores that have not ended, and of some that have.
    var restores: [TaskID: RestoreRunner] = [:]
    /// Whether a caller may name a target, by name or address.
    let mayName: @Sendable (_ target: String) -> Bool
    let logger: Logger
    /// Changes of tasks pass here, one after another.
    let turnstile = Turnstile()
    private let beginnings: AsyncStream<Beginning>
    private let beginningsInput: AsyncStream<Beginning>.Continuation

    /// Work that is to be started.
    private typealias Beginning = @Sendable () async -> Void

    /// `journals` is the directory that holds a journal for each source; `mayName` says which targets a caller
    /// may name.
    package init(
        sources: [SourcePlan],
        journals: String,
        catalog: Catalog,
        findTarget: @escaping TargetLookup,
        mayName: @escaping @Sendable (_ target: String) -> Bool = { _ in true },
        data: DataDirectory? = nil,
        secrets: String? = nil,
        setLogLevel: @escaping @Sendable (Logger.Level) -> Void = { _ in },
        now: @escaping @Sendable () -> Int64 = { WallClock.now },
        logger: Logger
    ) {
        self.catalog = catalog
        self.findTarget = findTarget
        self.mayName = mayName
        self.data = data
        self.secrets = (secrets ?? data?.secrets).map { TaskSecrets(directory: $0) }
        self.setLogLevel = setLogLevel
        self.now = now
        self.logger = logger
        self.sources = sources.map {
            SourceRunner($0, directory: "\(journals)/\($0.name)", logger: logger)
        }
        (beginnings, beginningsInput) = AsyncStream.makeStream()
    }

    /// Opens the journals and has the tasks that are wanted ready.
    ///
    /// Comes before `run` and before any request.
    ///
    /// - Throws: `CatalogError`. A journal that cannot be opened shows in its source's state.
    package func prepare() async throws {
        let tasks = try await catalog.tasks()
        for source in sources { source.open(witness: try await witness(for: source, tasks)) }
        for task in tasks {
            let task = try await pauseWhatStartsByHand(task)
            if task.wantedState == .running { begin(task) }
        }
        try await beginRestores()
    }

    /// Runs until a graceful shutdown or cancellation: first the tasks end, then the readers, then the journals
    /// are closed.
    ///
    /// - Throws: `Trouble` where the only source cannot even begin, and waiting would not help.
    package func run() async throws {
        do {
            try await readAndReplay()
        } catch is CancellationError {
            // Ended from outside; the journals are closed all the same.
        } catch {
            await closeJournals()
            throw error
        }
        await closeJournals()
    }

    private func readAndReplay() async throws {
        let mayRefuse = sources.count == 1
        let sources = sources
        try await withThrowingTaskGroup(of: Void.self) { group in
            for source in sources {
                group.addTask { try await source.run(mayRefuse: mayRefuse) }
            }
            group.addTask { await self.replay() }
            group.addTask { await self.keepTidy() }
            defer { group.cancelAll() }
            // All but the tasks return only when they are cancelled, or refuse.
            try await group.next()
        }
    }

    /// Runs tasks as they are begun; returns when all have ended after a shutdown.
    private func replay() async {
        let (beginnings, input) = (beginnings, beginningsInput)
        await withDiscardingTaskGroup { group in
            await withTaskCancellationOrGracefulShutdownHandler {
                for await beginning in beginnings {
                    group.addTask { await beginning() }
                }
            } onCancelOrGracefulShutdown: {
                input.finish()
            }
            for runner in self.runners.values { runner.stop() }
            for runner in self.restores.values { runner.stop() }
        }
    }

    /// The furthest entry that a task of the source has seen: the journal must go there.
    private func witness(
        for source: SourceRunner,
        _ tasks: [ReplicationTask]
    ) async throws -> SequenceNumber? {
        var furthest: SequenceNumber?
        for task in tasks where task.source == source.plan.name {
            guard let seen = try await catalog.checkpoint(of: task.id)?.sequence else { continue }
            furthest = max(furthest ?? .zero, seen)
        }
        return furthest
    }

    /// Begins a task, after its last runner if there is one.
    func begin(_ task: ReplicationTask) {
        do {
            guard let source = sources.first(where: { $0.plan.name == task.source }) else {
                throw Trouble(
                    .configuration,
                    "The configuration has no source \(task.source) any more."
                )
            }
            let runner = try TaskRunner(
                task,
                source: source,
                target: try target(of: task),
                catalog: catalog,
                logger: logger
            )
            let predecessor = runners.updateValue(runner, forKey: task.id)
            idle[task.id] = nil
            start { await runner.run(after: predecessor) }
        } catch {
            let trouble = Trouble(error)
            idle[task.id] = trouble
            logger.error(
                "task cannot run",
                metadata: ["task": "\(task.id)", "error": "\(trouble.message)"]
            )
        }
    }

    /// Has work done until it ends; what comes after a shutdown is not begun.
    func start(_ work: @escaping @Sendable () async -> Void) { beginningsInput.yield(work) }

    /// The target of a task, with the login that its caller gave it.
    private func target(of task: ReplicationTask) throws -> TargetPlan {
        let plan = try findTarget(task.target)
        guard task.hasLogin else { return plan }
        guard let token = try secrets?.secret(of: task.id.rawValue) else {
            throw Trouble(
                .configuration,
                "What the task \(task.id) logs in to its target with is no longer there.",
                hint: "Create the task again, or give the target its token in the configuration."
            )
        }
        return plan.loggedIn(with: token)
    }

    /// Why tasks that are wanted have no runner.
    var idle: [TaskID: Trouble] = [:]
    /// Why journals were not trimmed, by source.
    var untidy: [String: Trouble] = [:]

    private func closeJournals() async {
        for source in sources { await source.close() }
    }
}
