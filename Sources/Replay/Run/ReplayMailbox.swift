internal import Operations
internal import Synchronization

/// What a replay waits for: ends of calls, a longer journal, wishes of a person.
final class ReplayMailbox: Sendable {
    enum Event: Sendable {
        case finished(Step.ID, StepRunner.Outcome)
        /// Something in doubt is to be counted and saved before it is replaced; the stream is told then.
        case doubt(DoubtCounts, saved: AsyncStream<Void>.Continuation)
        /// The journal is longer than it was; `head` says how long.
        case headMoved
        /// There is more to read at once.
        case readOn
        /// To end once the calls under way have.
        case stop
        /// A parked lane is to be caught up, as `takeWishes` says, or dead letters are to be tried again.
        case wish
        /// The head cannot be followed.
        case failed(any Error)
    }

    private struct State {
        var head = Mark.start
        /// Whether a `headMoved` waits to be received.
        var tellsHead = false
        var isStopping = false
        var wishes: [Lane] = []
        var wantsLetters = false
        /// Whether a `readOn` waits to be received.
        var tellsReadOn = false
    }

    private let state = Mutex(State())
    private let events: AsyncStream<Event>
    private let continuation: AsyncStream<Event>.Continuation

    init() { (events, continuation) = AsyncStream.makeStream(of: Event.self) }

    /// The newest head that was told.
    var head: Mark { state.withLock(\.head) }

    var isStopping: Bool { state.withLock(\.isStopping) }

    func begin(at head: Mark) { state.withLock { $0.head = head } }

    var hasWishes: Bool { state.withLock { !$0.wishes.isEmpty || $0.wantsLetters } }

    /// The lanes to be caught up, in the order they were asked for; each wish is given once, that for dead letters
    /// with them.
    func takeWishes() -> [Lane] {
        state.withLock { state in
            defer {
                state.wishes = []
                state.wantsLetters = false
            }
            return state.wishes
        }
    }

    /// Has dead letters tried again.
    func postLetters() {
        state.withLock { $0.wantsLetters = true }
        continuation.yield(.wish)
    }

    func post(wish lane: Lane) {
        state.withLock { $0.wishes.append(lane) }
        continuation.yield(.wish)
    }

    func stop() {
        state.withLock { $0.isStopping = true }
        continuation.yield(.stop)
    }

    func post(_ event: Event) { continuation.yield(event) }

    /// Has something in doubt counted; returns once that is saved.
    ///
    /// - Throws: `CancellationError` if the replay ends before that.
    func save(_ doubt: DoubtCounts) async throws {
        let (stream, saved) = AsyncStream.makeStream(of: Void.self)
        post(.doubt(doubt, saved: saved))
        for await _ in stream { return }
        throw CancellationError()
    }

    /// One at a time is enough.
    func readOn() {
        let isNews = state.withLock { state in
            defer { state.tellsReadOn = true }
            return !state.tellsReadOn
        }
        if isNews { continuation.yield(.readOn) }
    }

    /// Many heads between two receipts are one event.
    func post(head: Mark) {
        let isNews = state.withLock { state in
            state.head = head
            defer { state.tellsHead = true }
            return !state.tellsHead
        }
        if isNews { continuation.yield(.headMoved) }
    }

    /// The next event, in the order they were posted.
    ///
    /// - Throws: `CancellationError`.
    func receive() async throws -> Event {
        for await event in events {
            switch event {
            case .headMoved: state.withLock { $0.tellsHead = false }
            case .readOn: state.withLock { $0.tellsReadOn = false }
            default: break
            }
            return event
        }
        throw CancellationError()
    }
}
