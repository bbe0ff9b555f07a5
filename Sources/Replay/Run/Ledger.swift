internal import Operations

/// The checkpoint as it is now and as it is saved, during one run.
final class Ledger {
    /// What would be saved now.
    var current: Checkpoint
    /// What would be found after a crash.
    private(set) var saved: Checkpoint
    /// Whether something was done since the last save that a person would miss: not just a later time.
    var hasNews = false

    private let store: any CheckpointStore
    private let clock: ReplayClock
    private var savedAt: Duration

    init(_ checkpoint: Checkpoint, store: any CheckpointStore, clock: ReplayClock) {
        current = checkpoint
        saved = checkpoint
        self.store = store
        self.clock = clock
        savedAt = clock.now()
    }

    /// Saves now, if anything changed.
    func save() async throws {
        guard current != saved else { return }
        try await store.save(current)
        saved = current
        savedAt = clock.now()
        hasNews = false
    }

    /// Saves if it is time to; returns whether it did.
    func saveIfDue(isIdle: Bool, options: ReplayOptions) async throws -> Bool {
        guard current != saved else { return false }
        let age = clock.now() - savedAt
        let isDue =
            hasNews
            ? isIdle || age >= options.saveInterval : age >= options.idleSaveInterval
        if isDue { try await save() }
        return isDue
    }

    func add(_ skipped: SkippedOperations) {
        let known = current.skipped.firstIndex {
            $0.kind == skipped.kind && $0.lane == skipped.lane && $0.reason == skipped.reason
        }
        if let known {
            current.skipped[known].count += skipped.count
        } else {
            current.skipped.append(skipped)
        }
        hasNews = true
    }

    func add(_ skipped: SkippedCollection) {
        guard !current.skippedCollections.contains(skipped) else { return }
        current.skippedCollections.append(skipped)
        hasNews = true
    }

    func add(_ gap: ReportedGap) {
        guard !current.gaps.contains(gap) else { return }
        current.gaps.append(gap)
        hasNews = true
    }

    func add(_ doubt: DoubtCounts) {
        current.doubt.requests += doubt.requests
        current.doubt.rows += doubt.rows
        current.doubt.rowsHeld += doubt.rowsHeld
        current.doubt.requestsUntold += doubt.requestsUntold
    }
}
