internal import Synchronization

/// Where the checkpoint of one replay is kept, and its dead letters.
package protocol CheckpointStore: Sendable {
    /// The last one saved; nil if none was.
    func load() async throws -> Checkpoint?
    /// Returns once both would survive a crash, as one step.
    ///
    /// The checkpoint replaces what was saved, as a whole; of the dead letters only what is named changes.
    func save(_ checkpoint: Checkpoint, _ letters: DeadLetterChanges) async throws
    /// How many dead letters there are.
    func letterCount() async throws -> Int
    /// The dead letters that a person wants to be tried again, in the order of the journal.
    func wantedLetters() async throws -> [DeadLetter]
}

/// A checkpoint that is kept in memory.
package final class InMemoryCheckpoints: CheckpointStore {
    private struct State {
        var checkpoint: Checkpoint?
        var saves = 0
        var letters: [DeadLetter] = []
        var wanted: Set<DeadLetter.ID> = []
    }

    private let state: Mutex<State>

    package init(_ checkpoint: Checkpoint? = nil) {
        state = Mutex(State(checkpoint: checkpoint))
    }

    /// What is saved now.
    package var saved: Checkpoint? { state.withLock(\.checkpoint) }

    /// How often something was saved.
    package var saveCount: Int { state.withLock(\.saves) }

    /// The dead letters, in the order of the journal.
    package var letters: [DeadLetter] { state.withLock(\.letters) }

    /// Wants every dead letter to be tried again.
    package func wantAll() {
        state.withLock { $0.wanted = Set($0.letters.map(\.id)) }
    }

    package func load() async throws -> Checkpoint? { saved }

    package func save(_ checkpoint: Checkpoint, _ letters: DeadLetterChanges) async throws {
        state.withLock { state in
            state.checkpoint = checkpoint
            state.saves += 1
            let listed = Set(state.letters.map(\.id))
            let again = letters.refusedAgain.filter { listed.contains($0.id) }
            let gone = Set((letters.added + again).map(\.id) + letters.removed)
            state.letters.removeAll { gone.contains($0.id) }
            state.letters += letters.added + again
            state.letters.sort { ($0.id.sequence, $0.id.lane) < ($1.id.sequence, $1.id.lane) }
            state.wanted.subtract(again.map(\.id) + letters.removed)
        }
    }

    /// How many dead letters there are.
    package func letterCount() async throws -> Int { letters.count }

    /// The dead letters that a test wants to be tried again.
    package func wantedLetters() async throws -> [DeadLetter] {
        state.withLock { state in state.letters.filter { state.wanted.contains($0.id) } }
    }
}
