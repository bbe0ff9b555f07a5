internal import Dispatch
internal import Operations
internal import Synchronization

/// Commits batches in the order they were submitted, those that are ready together with one sync.
///
/// Writing and syncing block, so they have a queue of their own; no caller's thread does either.
final class Committer: Sendable {
    private struct State {
        var queue: AppendQueue
        var head: JournalHead
        var definitions: Definitions
        var followers = Followers()
        var counts = AppendCounts()
    }

    private let state: Mutex<State>
    /// Used on `queue` only; nil once closed.
    private let end: Mutex<JournalEnd?>
    private let queue = DispatchQueue(label: "flightlog.journal.committer")
    private let encoders: FrameEncoders
    private let options: JournalOptions

    init(_ recovered: RecoveredJournal, options: JournalOptions, surroundings: Surroundings) {
        let head = recovered.point.head
        state = Mutex(
            State(
                queue: AppendQueue(
                    sizeMaxBytes: options.queueSizeMaxBytes,
                    resolved: head.resolved
                ),
                head: head,
                definitions: recovered.definitions
            )
        )
        end = Mutex(JournalEnd(recovered, options: options, surroundings: surroundings))
        encoders = FrameEncoders(options: options)
        self.options = options
    }

    var head: JournalHead { state.withLock { $0.head } }

    var definitions: Definitions { state.withLock { $0.definitions } }

    var counts: AppendCounts { state.withLock { $0.counts } }

    /// Why nothing more is taken; nil while it is.
    var refusal: JournalError? { state.withLock { $0.queue.refusal } }

    /// Takes a batch in; returns once there is room for it.
    func submit(_ batch: PendingBatch) async throws {
        try await withCheckedThrowingContinuation { continuation in
            do {
                let actions = try state.withLock { try $0.queue.submit(batch, continuation) }
                perform(actions)
            } catch {
                continuation.resume(throwing: error)
            }
        }
    }

    /// The heads to come, beginning with the present one.
    func heads() -> AsyncStream<JournalHead> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: JournalHead.self,
            bufferingPolicy: .bufferingNewest(1)
        )
        let number = state.withLock { state in
            continuation.yield(state.head)
            return state.followers.add(continuation)
        }
        continuation.onTermination = { [weak self] _ in
            self?.state.withLock { $0.followers.remove(number) }
        }
        return stream
    }

    /// Waits until everything that was submitted is durable or failed, then lets go of the files.
    func close() async {
        await withCheckedContinuation { continuation in
            let actions = state.withLock { $0.queue.close(continuation) }
            perform(actions)
        }
        end.withLock { $0 = nil }
        let followers = state.withLock { $0.followers.removeAll() }
        for follower in followers { follower.finish() }
    }

    private func perform(_ actions: AppendQueue.Actions) {
        for batch in actions.encode {
            encoders.encode(batch) { [self] in queue.async { [self] in commitReady() } }
        }
        for continuation in actions.admitted { continuation.resume() }
        for continuation in actions.closed { continuation.resume() }
    }

    private func commitReady() {
        while let group = state.withLock({
            $0.queue.nextGroup(sizeMaxBytes: options.groupSizeMaxBytes)
        }) {
            do {
                let heads = try commit(group)
                let actions = state.withLock { state in
                    for pending in group {
                        state.counts.add(pending.counts)
                        for operation in pending.definitions {
                            state.definitions.apply(operation)
                        }
                    }
                    if let head = heads.last {
                        state.head = head
                        state.followers.yield(head)
                    }
                    return state.queue.committed(group.count)
                }
                for (pending, head) in zip(group, heads) { pending.finish(.success(head)) }
                perform(actions)
            } catch {
                fail(error)
            }
        }
    }

    private func commit(_ group: [PendingBatch]) throws -> [JournalHead] {
        var batches = try group.map { try $0.takeEncoded() }
        return try end.withLock { end in
            let heads = try end?.append(&batches) { state.withLock { $0.definitions } }
            do {
                try end?.publish()
            } catch {
                // The batches are durable, so they are acknowledged; but readers elsewhere would no longer
                // learn of new ones, and a disk that fails here fails.
                let error = JournalError(
                    .stopped,
                    "The writer stopped: HEAD cannot be written (\(error)).",
                    cause: error
                )
                state.withLock { $0.queue.refuse(error) }
            }
            guard let heads else { preconditionFailure("a group is committed before closing") }
            return heads
        }
    }

    /// Fails everything that waits.
    ///
    /// A full disk and a batch that cannot be encoded leave the journal as it was; after anything
    /// else nothing is known about the files, and the writer stops.
    private func fail(_ error: any Error) {
        let code = (error as? JournalError)?.code
        let mayGoOn = code == .full || code == .refused
        let refusal =
            mayGoOn
            ? nil
            : JournalError(
                .stopped,
                "The writer stopped after an error: \(error)",
                cause: error
            )
        let (batches, actions) = state.withLock { state in
            state.queue.fail(resolved: state.head.resolved, refusal: refusal)
        }
        for batch in batches { batch.finish(.failure(error)) }
        perform(actions)
    }
}

/// Who wants to know of new heads.
private struct Followers {
    private var continuations: [Int: AsyncStream<JournalHead>.Continuation] = [:]
    private var nextNumber = 0

    mutating func add(_ continuation: AsyncStream<JournalHead>.Continuation) -> Int {
        defer { nextNumber += 1 }
        continuations[nextNumber] = continuation
        return nextNumber
    }

    mutating func remove(_ number: Int) { continuations[number] = nil }

    mutating func removeAll() -> [AsyncStream<JournalHead>.Continuation] {
        defer { continuations = [:] }
        return Array(continuations.values)
    }

    func yield(_ head: JournalHead) {
        for continuation in continuations.values { continuation.yield(head) }
    }
}
