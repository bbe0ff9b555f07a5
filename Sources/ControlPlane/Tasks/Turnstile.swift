internal import Synchronization

/// Lets one piece of work through at a time; others wait in the order in which they came.
///
/// An actor lets others in wherever it awaits. What looks at the tasks and then changes them passes here, so
/// that nothing changes between the look and the change. Work that has passed must not pass again.
final class Turnstile: Sendable {
    private struct State {
        var isTaken = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    /// Does the work once everybody who came before is through.
    ///
    /// - Returns: What the work returns.
    /// - Throws: What the work throws.
    func pass<Value>(_ work: () async throws -> Value) async rethrows -> Value {
        await withCheckedContinuation { continuation in
            let isFree = state.withLock { state in
                guard state.isTaken else {
                    state.isTaken = true
                    return true
                }
                state.waiting.append(continuation)
                return false
            }
            if isFree { continuation.resume() }
        }
        defer { leave() }
        return try await work()
    }

    /// Lets the next one through.
    private func leave() {
        let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard !state.waiting.isEmpty else {
                state.isTaken = false
                return nil
            }
            return state.waiting.removeFirst()
        }
        next?.resume()
    }
}
