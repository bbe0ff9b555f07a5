import Logging
import Operations
import Replay
import Synchronization
import Testing

/// A journal, a target and a checkpoint, and replayers between them.
struct ReplayHarness {
    /// Keeps nothing.
    static let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

    let journal: InMemoryJournal
    let target: InMemoryTarget
    let checkpoints: InMemoryCheckpoints
    var options = ReplayOptions()
    var projection = Projection.everything

    init(
        _ operations: [Operation] = [],
        batchSize: Int = .max,
        pieceEntriesMax: Int = 1_000,
        traits: TargetTraits = TargetTraits(
            product: "memory",
            requestSizeMaxBytes: 1 << 20,
            requestRowsMax: 10_000,
            unsupported: []
        ),
        faults: InMemoryFaults = InMemoryFaults()
    ) {
        journal = InMemoryJournal(pieceEntriesMax: pieceEntriesMax)
        journal.append(operations, batchSize: batchSize)
        target = InMemoryTarget(traits: traits, faults: faults)
        checkpoints = InMemoryCheckpoints()
    }

    func replayer(end: ReplayEnd? = nil, clock: InstantClock = InstantClock()) -> Replayer {
        replayer(end: end, clock: clock.replayClock)
    }

    func replayer(end: ReplayEnd? = nil, clock: ReplayClock) -> Replayer {
        Replayer(
            source: journal,
            target: target,
            store: checkpoints,
            projection: projection,
            end: end,
            options: options,
            clock: clock,
            logger: Self.logger
        )
    }

    /// Replays all that the journal holds.
    @discardableResult
    func replayAll() async throws -> ReplayStatus {
        let replayer = replayer(end: .sequence(journal.head().sequence))
        try await replayer.run()
        return replayer.status
    }

    /// Runs a replayer that follows the journal while `body` looks on, then stops it.
    func following(
        clock: ReplayClock = InstantClock().replayClock,
        _ body: (Replayer) async throws -> Void
    ) async throws {
        let replayer = replayer(clock: clock)
        async let run: Void = replayer.run()
        do {
            try await body(replayer)
        } catch {
            replayer.stop()
            try await run
            throw error
        }
        replayer.stop()
        try await run
    }

    /// The keys a collection of the target holds.
    func keys(_ collection: String, in database: String = "default") -> [Int64]? {
        target.contents.collections[Make.name(collection, in: database)]?.rows.map(\.key)
    }
}

/// Time that passes only by being slept, and then at once.
final class InstantClock: Sendable {
    private let time = Mutex(Duration.zero)

    var slept: Duration { time.withLock(\.self) }

    var replayClock: ReplayClock {
        ReplayClock(
            now: { self.slept },
            sleep: { duration in
                self.time.withLock { $0 += duration }
                await Task.yield()
                try Task.checkCancellation()
            }
        )
    }
}

/// Waits until something holds, which is looked at whenever the replayer's status changes.
func until(_ replayer: Replayer, _ condition: (ReplayStatus) -> Bool) async throws {
    for await status in replayer.statuses() where condition(status) { return }
    throw CancellationError()
}

/// Runs a replayer and cancels it at the next call that hangs; returns false if it ends before that.
@discardableResult
func crash(
    _ replayer: Replayer,
    at hangs: inout AsyncStream<Int>.Iterator,
    of target: InMemoryTarget
) async throws -> Bool {
    let run = Task { try await replayer.run() }
    // Tells the end like a hang, so that there is one thing to wait for.
    let watch = Task {
        _ = await run.result
        target.tellHang()
    }
    let hung = await hangs.next(isolation: nil)
    run.cancel()
    await watch.value
    if hung != 0 { _ = await hangs.next(isolation: nil) }
    switch await run.result {
    case .success: return false
    case .failure(is CancellationError): return true
    case .failure(let error): throw error
    }
}
