import Replay
import Synchronization

/// Checkpoints of which one save fails, before or after it took place.
final class FailingCheckpoints: CheckpointStore {
    struct Failure: Error {}

    private let store: any CheckpointStore
    private let failingAt: Int
    private let isAfter: Bool
    private let count = Mutex(0)

    init(_ store: any CheckpointStore, failingAt: Int, isAfter: Bool) {
        self.store = store
        self.failingAt = failingAt
        self.isAfter = isAfter
    }

    func load() async throws -> Checkpoint? { try await store.load() }

    func letterCount() async throws -> Int { try await store.letterCount() }

    func wantedLetters() async throws -> [DeadLetter] { try await store.wantedLetters() }

    func save(_ checkpoint: Checkpoint, _ letters: DeadLetterChanges) async throws {
        let number = count.withLock { count in
            count += 1
            return count
        }
        if number == failingAt, !isAfter { throw Failure() }
        try await store.save(checkpoint, letters)
        if number == failingAt { throw Failure() }
    }
}
