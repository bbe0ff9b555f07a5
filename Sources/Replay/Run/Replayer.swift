package import Logging
internal import Operations
internal import ServiceLifecycle

/// Brings one target up with a journal, or up to a point of it, and keeps it there.
///
/// Goes on from the checkpoint in its store; without one, from the journal's start. Runs once: after it
/// ended, a new one is made, which goes on from the same checkpoint.
package final class Replayer: Service {
    private let around: ReplayPass.Surroundings
    private let store: any CheckpointStore
    private let projection: Projection
    private let end: ReplayEnd?
    private let clock: ReplayClock

    /// - Parameters:
    ///   - source: The journal.
    ///   - target: What is brought up.
    ///   - store: Where the target's checkpoint is.
    ///   - projection: What is taken, and what it is called on the target.
    ///   - end: Where to end; nil follows the journal for ever.
    ///   - options: Bounds and intervals.
    ///   - clock: The time.
    ///   - logger: Told of what a person should know, with the task in its metadata.
    package init(
        source: any EntrySource,
        target: any Target,
        store: any CheckpointStore,
        projection: Projection,
        end: ReplayEnd? = nil,
        options: ReplayOptions = ReplayOptions(),
        clock: ReplayClock = .continuous,
        logger: Logger
    ) {
        let mailbox = ReplayMailbox()
        let board = StatusBoard()
        let runner = StepRunner(
            target: target,
            clock: clock,
            options: options,
            board: board,
            logger: logger,
            isStopping: { mailbox.isStopping },
            tellRetry: { mailbox.readOn() },
            save: { try await mailbox.save($0) }
        )
        around = ReplayPass.Surroundings(
            source: source,
            runner: runner,
            mailbox: mailbox,
            options: options,
            board: board,
            logger: logger
        )
        self.store = store
        self.projection = projection
        self.end = end
        self.clock = clock
    }

    /// What it is doing, at any time and from anywhere.
    package var status: ReplayStatus { around.board.status }

    /// The present status and those to come; a slow reader sees only the newest.
    package func statuses() -> AsyncStream<ReplayStatus> { around.board.statuses() }

    /// Ends `run` once the calls under way have, without waiting for a target that does not answer.
    package func stop() { around.mailbox.stop() }

    /// Catches a parked lane up with the others, which wait meanwhile.
    ///
    /// Nothing happens if it is not parked.
    package func resume(_ lane: Lane) { around.mailbox.post(wish: lane) }

    /// Tries the dead letters again that the store says are wanted; everything else waits meanwhile.
    package func retryDeadLetters() { around.mailbox.postLetters() }

    /// Replays until the end, a stop, or a graceful shutdown.
    ///
    /// - Throws: `ReplayError` where the target refuses us; what the journal, the store or the target
    ///   throws that does not pass; `CancellationError`.
    package func run() async throws {
        do {
            let hasEnded = try await withGracefulShutdownHandler {
                try await replay()
            } onGracefulShutdown: {
                self.stop()
            }
            around.board.end(hasEnded ? .done : .stopped)
        } catch is CancellationError {
            around.board.end(.stopped)
            throw CancellationError()
        } catch {
            around.board.end(.failed, error: "\(error)")
            throw error
        }
    }

    /// Whether the end was reached.
    private func replay() async throws -> Bool {
        let stored = try await store.load()
        if stored == nil { try around.source.expectWholeHistory(of: projection) }
        let checkpoint = try stored ?? Checkpoint(at: around.source.start())
        around.board.begin(at: checkpoint, head: try around.source.head(), end: end)
        around.mailbox.begin(at: try around.source.head())
        guard let traits = try await around.runner.describe() else { return false }
        around.board.note(ended: .beforeAll)
        let ledger = Ledger(checkpoint, store: store, clock: clock)
        if try await !ledger.wantedLetters().isEmpty { retryDeadLetters() }
        while true {
            let pass = try ReplayPass(
                around,
                track: .main,
                end: end,
                traits: traits,
                projection: projection,
                ledger: ledger
            )
            switch try await pass.run() {
            case .reached:
                await around.runner.awaitLoads(of: pass.main.translation.loaded)
                return true
            case .stopped: return false
            case .interrupted:
                for lane in around.mailbox.takeWishes() {
                    guard try await catchUp(lane, ledger: ledger, traits: traits) else {
                        return false
                    }
                }
                let retry = DeadLetterRetry(
                    around: around,
                    projection: projection,
                    traits: traits,
                    ledger: ledger
                )
                guard try await retry.run() else { return false }
            }
        }
    }

    /// Replays what parked lanes missed: the lane itself, or those within a database and then that.
    ///
    /// - Returns: False if it was stopped meanwhile.
    private func catchUp(
        _ wanted: Lane,
        ledger: Ledger,
        traits: TargetTraits
    ) async throws -> Bool {
        let covered = ledger.current.parked.map(\.lane).filter { wanted.covers($0) }
        // Collections before their database.
        for lane in covered.filter({ $0 != wanted }).sorted() + covered.filter({ $0 == wanted }) {
            guard let parked = ledger.current.parked.first(where: { $0.lane == lane }) else {
                continue
            }
            // A lane ends where its whole database stopped.
            let database = ledger.current.parked.first {
                $0.lane != lane && $0.lane.covers(lane)
            }
            let position = ledger.current.position(of: lane)
            let last = min(database?.sequence.predecessor ?? position, position)
            let pass = try ReplayPass(
                around,
                track: .resumed(parked),
                end: .sequence(last),
                traits: traits,
                projection: projection,
                ledger: ledger
            )
            if case .stopped = try await pass.run() { return false }
            guard !ledger.current.parked.contains(where: { $0.lane == lane }) else { continue }
            around.logger.notice("a parked lane was caught up", metadata: ["lane": "\(lane)"])
        }
        return true
    }
}
