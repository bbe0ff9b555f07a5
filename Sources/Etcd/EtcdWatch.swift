internal import Capture
internal import Operations
internal import Synchronization

/// A watch on the keys below the root, as the reader sees it: a queue that `WatchFeed` fills.
final class EtcdWatch: MetadataWatch {
    /// How long an event may be on its way before the keys themselves are asked.
    static let patience = Duration.milliseconds(20)
    /// The longest pause before such a question.
    static let patienceMax = Duration.seconds(1)
    /// The pause is at least so many times as long as the last question took, for etcd's sake.
    static let patienceRatio = 4
    /// How long the watch may stay behind the store before the barrier gives up.
    static let deadline = Duration.seconds(15)
    /// How much waits for the reader before the feed pauses.
    static let pendingMaxBytes = 64 << 20

    private struct State {
        var position: WatchPosition
        var pending: [MetadataChange] = []
        var pendingBytes = 0
        /// Whether the reader waits for more, however much there is.
        var isAwaited = false
        var isClosed = false
        var questionTook = Duration.zero
        var failure: EtcdError?
    }

    private let range: MetadataRange
    private let state: Mutex<State>
    private let arrival = Bell()
    private let demand = Bell()
    private let closing = Bell()

    init(of range: MetadataRange, from position: WatchPosition) {
        self.range = range
        state = Mutex(State(position: position))
    }

    // MARK: - For the reader

    func arrived() async throws -> MetadataDelivery {
        let delivery = try state.withLock { state in
            if state.pending.isEmpty, let failure = state.failure { throw failure.failure }
            return EtcdWatch.take(from: &state)
        }
        demand.ring()
        return delivery
    }

    func caughtUp() async throws -> MetadataDelivery {
        state.withLock { $0.isAwaited = true }
        demand.ring()
        defer { state.withLock { $0.isAwaited = false } }
        do {
            try await wait(for: try await range.revision())
        } catch let error as EtcdError {
            throw error.failure
        }
        return state.withLock { EtcdWatch.take(from: &$0) }
    }

    func close() async {
        state.withLock { $0.isClosed = true }
        closing.ring()
        arrival.ring()
    }

    private static func take(from state: inout State) -> MetadataDelivery {
        defer {
            state.pending = []
            state.pendingBytes = 0
        }
        return MetadataDelivery(
            changes: state.pending,
            through: MetadataRevision(rawValue: state.position.through)
        )
    }

    private func wait(for revision: Int64) async throws {
        let deadline = ContinuousClock.now + EtcdWatch.deadline
        let cost = state.withLock { $0.questionTook } * EtcdWatch.patienceRatio
        var patience = min(max(EtcdWatch.patience, cost), EtcdWatch.patienceMax)
        while true {
            let started = ContinuousClock.now
            while ContinuousClock.now - started < patience {
                if try position().through >= revision { return }
                await arrival.heard(within: patience - (ContinuousClock.now - started))
                try Task.checkCancellation()
            }
            let asked = try position()
            if asked.through >= revision { return }
            let putAt = ContinuousClock.now
            let finding = try await range.finding(newerThan: asked)
            let isConfirmed = state.withLock { state in
                state.questionTook = ContinuousClock.now - putAt
                return state.position.confirm(finding, asked: asked)
            }
            if isConfirmed { return }
            guard ContinuousClock.now < deadline else {
                throw EtcdError(
                    .unavailable,
                    "the watch is at revision \(asked.through) while etcd is at \(finding.revision)"
                )
            }
            patience = min(patience * 2, EtcdWatch.patienceMax)
        }
    }

    /// - Throws: `EtcdError` where the watch has ended.
    private func position() throws -> WatchPosition {
        try state.withLock { state in
            if let failure = state.failure { throw failure }
            if state.isClosed { throw EtcdError(.unavailable, "the watch was closed") }
            return state.position
        }
    }

    // MARK: - For the feed

    /// Where a new watch goes on.
    var resumeAfter: Int64 { state.withLock { $0.position.resumeAfter } }

    var isClosed: Bool { state.withLock { $0.isClosed } }

    /// Takes whole transactions in; waits while the reader has too much to take.
    func add(_ changes: [AssembledChange]) async {
        guard !changes.isEmpty else { return }
        state.withLock { state in
            for assembled in changes {
                let change = assembled.change
                state.position.arrived(change.revision.rawValue, keyDelta: assembled.keyDelta)
                state.pending.append(change)
                state.pendingBytes += change.records.reduce(64) {
                    $0 + $1.key.utf8.count + ($1.value?.count ?? 0)
                }
            }
        }
        arrival.ring()
        while state.withLock({ $0.pendingBytes > EtcdWatch.pendingMaxBytes && !$0.isAwaited }) {
            await demand.heard()
            if Task.isCancelled { return }
        }
    }

    /// Ends the watch for good; what arrived before can still be taken.
    func fail(_ error: EtcdError) {
        state.withLock { $0.failure = error }
        arrival.ring()
    }

    /// Returns when the reader has closed the watch, or the task is cancelled.
    func closed() async {
        await closing.heard()
    }
}
