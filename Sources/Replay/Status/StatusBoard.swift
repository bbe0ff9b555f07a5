internal import Operations
internal import Synchronization

/// The status of a replay, to be read at any time and from anywhere.
package final class StatusBoard: Sendable {
    private struct Board {
        var status = ReplayStatus()
        /// What the last attempt of each call that is being repeated met.
        var retrying: [Step.ID: String] = [:]
        var isRunning = false
        var watchers: [Int: AsyncStream<ReplayStatus>.Continuation] = [:]
        var watchersSoFar = 0

        /// The status with what follows from the rest.
        var shown: ReplayStatus {
            var status = status
            guard isRunning else { return status }
            status.state =
                if !retrying.isEmpty {
                    .retrying
                } else if !status.gaps.isEmpty {
                    .gap
                } else if !status.parked.isEmpty {
                    .parked
                } else {
                    .running
                }
            return status
        }
    }

    private let board = Mutex(Board())

    package init() {}

    package var status: ReplayStatus { board.withLock(\.shown) }

    /// The calls that are being repeated.
    var retrying: Dictionary<Step.ID, String>.Keys { board.withLock(\.retrying.keys) }

    /// The present status and those to come; a slow reader sees only the newest.
    package func statuses() -> AsyncStream<ReplayStatus> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: ReplayStatus.self,
            bufferingPolicy: .bufferingNewest(1)
        )
        let number = board.withLock { board in
            board.watchersSoFar += 1
            board.watchers[board.watchersSoFar] = continuation
            continuation.yield(board.shown)
            return board.watchersSoFar
        }
        continuation.onTermination = { [weak self] _ in
            self?.board.withLock { $0.watchers[number] = nil }
        }
        return stream
    }

    /// Changes the board and tells those who watch.
    private func change(_ body: (inout Board) -> Void) {
        board.withLock { board in
            body(&board)
            guard !board.watchers.isEmpty else { return }
            let status = board.shown
            for watcher in board.watchers.values { watcher.yield(status) }
        }
    }

    func begin(at checkpoint: Checkpoint, head: Mark, end: ReplayEnd?) {
        change { board in
            board.status = ReplayStatus()
            board.retrying = [:]
            board.isRunning = true
            board.status.began = checkpoint.mark
            board.status.head = head
            board.status.end = end
        }
        show(checkpoint)
    }

    /// Ends with a state of its own: failed, done or stopped.
    func end(_ state: ReplayStatus.State, error: String? = nil) {
        change { board in
            board.isRunning = false
            board.retrying = [:]
            board.status.state = state
            board.status.lastError = error ?? board.status.lastError
        }
    }

    func show(_ checkpoint: Checkpoint) {
        change { board in
            board.status.checkpoint = checkpoint.mark
            board.status.skipped = checkpoint.skipped
            board.status.parked = checkpoint.parked
            board.status.gaps = checkpoint.gaps
            board.status.doubt = checkpoint.doubt
            board.status.notices = checkpoint.notices
        }
    }

    func show(head: Mark) { change { $0.status.head = head } }

    func note(retry step: Step.ID, error: String) {
        change { board in
            board.retrying[step] = error
            board.status.lastError = error
        }
    }

    /// Notes that a call is no longer repeated, whatever came of it.
    func note(ended step: Step.ID) { change { $0.retrying[step] = nil } }

    func note(applied step: Step) {
        change { board in
            board.retrying[step.id] = nil
            if board.retrying.isEmpty { board.status.lastError = nil }
            board.status.requests += 1
            board.status.appliedRows += UInt64(step.rowCount)
            board.status.appliedBytes += UInt64(step.byteCount)
            board.status.applied[step.action.kind, default: AppliedCounts()].note(step)
        }
    }
}

extension AppliedCounts {
    fileprivate mutating func note(_ step: Step) {
        requests += 1
        entries += UInt64(step.sequences.count)
        rows += UInt64(step.rowCount)
        bytes += UInt64(step.byteCount)
    }
}
