internal import Operations

/// Which batches wait, in which order, and for what.
///
/// A value: it decides, `Committer` acts.
struct AppendQueue {
    /// A batch that waits for room, and who waits with it.
    private struct Waiting {
        let batch: PendingBatch
        let continuation: CheckedContinuation<Void, any Error>
    }

    /// What is to be done after a change; resuming and encoding happen outside the lock.
    struct Actions {
        var encode: [PendingBatch] = []
        var admitted: [CheckedContinuation<Void, any Error>] = []
        var closed: [CheckedContinuation<Void, Never>] = []
    }

    private let sizeMaxBytes: Int
    private var admitted: [PendingBatch] = []
    private var admittedBytes = 0
    private var waiting: [Waiting] = []
    private var closers: [CheckedContinuation<Void, Never>] = []
    /// The resolved timestamp of the last batch that was submitted: the next may not go behind it.
    private var resolved: HybridTimestamp
    /// Whether a commit is going on.
    private(set) var isCommitting = false
    /// Why nothing more is taken; nil while it is.
    private(set) var refusal: JournalError?

    init(sizeMaxBytes: Int, resolved: HybridTimestamp) {
        self.sizeMaxBytes = sizeMaxBytes
        self.resolved = resolved
    }

    /// Takes a batch in behind all others.
    mutating func submit(
        _ batch: PendingBatch,
        _ continuation: CheckedContinuation<Void, any Error>
    ) throws -> Actions {
        if let refusal { throw refusal }
        try checkOrder(batch)
        resolved = batch.position.resolved
        waiting.append(Waiting(batch: batch, continuation: continuation))
        return admit()
    }

    /// The batches to commit now: the longest run from the front that is encoded, up to a size.
    ///
    /// Nil while a commit is going on or nothing is ready.
    mutating func nextGroup(sizeMaxBytes: Int) -> [PendingBatch]? {
        guard !isCommitting else { return nil }
        var group: [PendingBatch] = []
        var size = 0
        for batch in admitted {
            guard batch.isEncoded else { break }
            size += batch.byteCount
            // A batch that cannot be encoded goes alone, so that it takes none before it along.
            guard group.isEmpty || (size <= sizeMaxBytes && !batch.isUnusable) else { break }
            group.append(batch)
            if batch.isUnusable { break }
        }
        guard !group.isEmpty else { return nil }
        isCommitting = true
        return group
    }

    /// Lets a group go that is durable.
    mutating func committed(_ count: Int) -> Actions {
        isCommitting = false
        admittedBytes -= admitted.prefix(count).reduce(0) { $0 + $1.byteCount }
        admitted.removeFirst(count)
        var actions = admit()
        if admitted.isEmpty { swap(&actions.closed, &closers) }
        return actions
    }

    /// Gives up everything that waits: a batch behind one that failed would leave a hole.
    ///
    /// The refusal says why nothing more is taken from now on; nil if the next batch may be tried.
    mutating func fail(
        resolved durable: HybridTimestamp,
        refusal: JournalError?
    ) -> (batches: [PendingBatch], actions: Actions) {
        isCommitting = false
        resolved = durable
        self.refusal = self.refusal ?? refusal
        let batches = admitted + waiting.map(\.batch)
        // Those that wait for room learn of it as those that wait for the sync: from their batch.
        var actions = Actions(admitted: waiting.map(\.continuation))
        (admitted, admittedBytes, waiting) = ([], 0, [])
        swap(&actions.closed, &closers)
        return (batches, actions)
    }

    /// Takes nothing more; the continuation is for when nothing is left.
    mutating func close(_ continuation: CheckedContinuation<Void, Never>) -> Actions {
        refuse(JournalError(.stopped, "The journal's writer was closed."))
        guard admitted.isEmpty, waiting.isEmpty else {
            closers.append(continuation)
            return Actions()
        }
        return Actions(closed: [continuation])
    }

    /// Takes nothing more.
    mutating func refuse(_ error: JournalError) { refusal = refusal ?? error }

    private mutating func admit() -> Actions {
        var actions = Actions()
        while let next = waiting.first,
            admitted.isEmpty || admittedBytes + next.batch.byteCount <= sizeMaxBytes
        {
            waiting.removeFirst()
            admitted.append(next.batch)
            admittedBytes += next.batch.byteCount
            actions.encode.append(next.batch)
            actions.admitted.append(next.continuation)
        }
        return actions
    }

    private func checkOrder(_ batch: PendingBatch) throws {
        var last = resolved
        for stamped in batch.operations {
            guard stamped.timestamp >= last else {
                throw JournalError(
                    .refused,
                    "A batch with an \(stamped.operation.kind.name) of timestamp "
                        + "\(stamped.timestamp) behind timestamp \(last): a journal never goes back."
                )
            }
            last = stamped.timestamp
        }
        guard batch.position.resolved >= last else {
            throw JournalError(
                .refused,
                "A batch resolved at \(batch.position.resolved) behind timestamp \(last): a journal "
                    + "never goes back."
            )
        }
    }
}
