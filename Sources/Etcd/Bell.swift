internal import Synchronization

/// What one task waits for and others ring.
///
/// A ring that nobody waits for is remembered, once.
final class Bell: Sendable {
    private enum State {
        case quiet
        case rung
        case awaited(CheckedContinuation<Void, Never>)
    }

    private let state = Mutex(State.quiet)

    /// Wakes the task that waits, or lets the next one pass at once.
    func ring() {
        let waiting = state.withLock { state -> CheckedContinuation<Void, Never>? in
            if case .awaited(let continuation) = state {
                state = .quiet
                return continuation
            }
            state = .rung
            return nil
        }
        waiting?.resume()
    }

    /// Waits for the next ring, or for the task to be cancelled; one task at a time.
    func heard() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let passes = state.withLock { state in
                    switch state {
                    case .quiet where !Task.isCancelled:
                        state = .awaited(continuation)
                        return false
                    case .quiet, .rung:
                        state = .quiet
                        return true
                    case .awaited:
                        preconditionFailure("two tasks wait for one bell")
                    }
                }
                if passes { continuation.resume() }
            }
        } onCancel: {
            let waiting = state.withLock { state -> CheckedContinuation<Void, Never>? in
                guard case .awaited(let continuation) = state else { return nil }
                state = .quiet
                return continuation
            }
            waiting?.resume()
        }
    }

    /// Waits for the next ring, at most for a time.
    func heard(within limit: Duration) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.heard() }
            group.addTask { try? await Task.sleep(for: limit) }
            await group.next()
            group.cancelAll()
        }
    }
}
