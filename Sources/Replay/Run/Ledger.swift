internal import Operations

/// The checkpoint as it is now and as it is saved, during one run.
final class Ledger {
    /// What would be saved now.
    var current: Checkpoint
    /// What would be found after a crash.
    private(set) var saved: Checkpoint
    /// Whether something was done since the last save that a person would miss: not just a later time.
    var hasNews = false
    /// What is to be saved with the checkpoint.
    private var letters = DeadLetterChanges()
    /// How many dead letters are listed, at most: people may have dropped some.
    ///
    /// Not known at first.
    private var letterCount = DeadLetter.countMax

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
        guard current != saved || !letters.isEmpty else { return }
        try await store.save(current, letters)
        saved = current
        letters = DeadLetterChanges()
        savedAt = clock.now()
        hasNews = false
    }

    /// Saves if it is time to; returns whether it did.
    func saveIfDue(isIdle: Bool, options: ReplayOptions) async throws -> Bool {
        guard current != saved || !letters.isEmpty else { return false }
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

    /// Lists entries that were refused; false if that would be too many.
    func add(_ refused: [DeadLetter]) async throws -> Bool {
        if letterCount + refused.count > DeadLetter.countMax {
            letterCount = try await store.letterCount() + letters.added.count
        }
        guard letterCount + refused.count <= DeadLetter.countMax else { return false }
        letterCount += refused.count
        letters.added += refused
        hasNews = true
        return true
    }

    /// Saves what is found in doubt beside the checkpoint as it is now; it still is to be added here.
    var saving: @Sendable (DoubtCounts) async throws -> Void {
        let (checkpoint, store) = (current, store)
        return { counts in
            var checkpoint = checkpoint
            checkpoint.doubt.add(counts)
            try await store.save(checkpoint, DeadLetterChanges())
        }
    }

    /// The dead letters that are to be tried again.
    func wantedLetters() async throws -> [DeadLetter] { try await store.wantedLetters() }

    /// Notes what came of another attempt; `reason` is nil where nothing is left to do.
    func settle(_ letter: DeadLetter, reason: String?) {
        if let reason {
            var letter = letter
            letter.reason = reason
            letters.refusedAgain.append(letter)
        } else {
            letters.removed.append(letter.id)
        }
        hasNews = true
    }

    func add(_ gap: ReportedGap) {
        guard !current.gaps.contains(gap) else { return }
        current.gaps.append(gap)
        hasNews = true
    }

    /// Takes up what is left for a person to do, and lets go what is done.
    func take(_ change: NoticeChange) {
        let before = current.notices
        current.notices.removeAll {
            change.cleared.contains($0.subject) || $0.subject == change.added?.subject
        }
        if let added = change.added { current.notices.append(added) }
        hasNews = hasNews || current.notices != before
    }

    func add(_ doubt: DoubtCounts) { current.doubt.add(doubt) }
}
