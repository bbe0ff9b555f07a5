internal import Synchronization

/// Where the checkpoint of one replay is kept.
package protocol CheckpointStore: Sendable {
    /// The last one saved; nil if none was.
    func load() async throws -> Checkpoint?
    /// Returns once it would survive a crash. Replaces what was saved, as a whole.
    func save(_ checkpoint: Checkpoint) async throws
}

/// A checkpoint that is kept in memory.
package final class InMemoryCheckpoints: CheckpointStore {
    private struct State {
        var checkpoint: Checkpoint?
        var saves = 0
    }

    private let state: Mutex<State>

    package init(_ checkpoint: Checkpoint? = nil) {
        state = Mutex(State(checkpoint: checkpoint))
    }

    /// What is saved now.
    package var saved: Checkpoint? { state.withLock(\.checkpoint) }

    /// How often something was saved.
    package var saveCount: Int { state.withLock(\.saves) }

    package func load() async throws -> Checkpoint? { saved }

    package func save(_ checkpoint: Checkpoint) async throws {
        state.withLock {
            $0.checkpoint = checkpoint
            $0.saves += 1
        }
    }
}
