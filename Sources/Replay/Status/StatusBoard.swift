internal import Operations
internal import Synchronization

/// The status of a replay, to be read at any time and from anywhere.
package final class StatusBoard: Sendable {
    private struct Board {
        var status = ReplayStatus()
        /// What the last attempt of each call that is being repeated met.
        var retrying: [Step.ID: String] = [:]
        var isRunning = false
    }

    private let board = Mutex(Board())

    package init() {}

    package var status: ReplayStatus {
        board.withLock { board in
            var status = board.status
            if board.isRunning {
                status.state =
                    if !board.retrying.isEmpty {
                        .retrying
                    } else if !status.gaps.isEmpty {
                        .gap
                    } else if !status.parked.isEmpty {
                        .parked
                    } else {
                        .running
                    }
            }
            return status
        }
    }

    func begin(at checkpoint: Checkpoint, head: Mark, end: ReplayEnd?) {
        board.withLock { board in
            board = Board()
            board.isRunning = true
            board.status.began = checkpoint.mark
            board.status.head = head
            board.status.end = end
        }
        show(checkpoint)
    }

    /// Ends with a state of its own: failed, done or stopped.
    func end(_ state: ReplayStatus.State, error: String? = nil) {
        board.withLock { board in
            board.isRunning = false
            board.retrying = [:]
            board.status.state = state
            board.status.lastError = error ?? board.status.lastError
        }
    }

    func show(_ checkpoint: Checkpoint) {
        board.withLock { board in
            board.status.checkpoint = checkpoint.mark
            board.status.skipped = checkpoint.skipped
            board.status.parked = checkpoint.parked
            board.status.gaps = checkpoint.gaps
            board.status.doubt = checkpoint.doubt
        }
    }

    func show(head: Mark) { board.withLock { $0.status.head = head } }

    func note(retry step: Step.ID, error: String) {
        board.withLock { board in
            board.retrying[step] = error
            board.status.lastError = error
        }
    }

    /// Notes that a call is no longer repeated, whatever came of it.
    func note(ended step: Step.ID) { board.withLock { $0.retrying[step] = nil } }

    func note(applied step: Step) {
        board.withLock { board in
            board.retrying[step.id] = nil
            if board.retrying.isEmpty { board.status.lastError = nil }
            board.status.requests += 1
            board.status.appliedRows += UInt64(step.rowCount)
            board.status.appliedBytes += UInt64(step.byteCount)
        }
    }
}
