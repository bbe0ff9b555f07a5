/// A channel that is followed: where it stands and what its messages and failures mean.
///
/// It decides; `KafkaReader` does.
struct FollowedChannel {
    /// A log that cannot be read at one place this many times in a row is reported.
    static let attemptsMax = 3

    /// What to do with a message.
    enum Verdict: Hashable {
        case deliver
        /// It was delivered before.
        case ignore
        /// It is not the one that comes next: fetch again from `next` before believing it.
        case readAgain
    }

    /// What to do about a failure.
    enum Remedy: Hashable {
        /// Start again from `next` once the brokers say that the topic can be read.
        case wait
        /// Ask which offsets there are.
        case compareBounds
        /// Tell the caller, and then `wait`.
        case report
    }

    /// The offset of the message to deliver next.
    private(set) var next: Int64
    private var attempts = 0
    /// An offset that came where `next` was expected.
    private var doubted: Int64?

    init(next: Int64) { self.next = next }

    /// A message came.
    ///
    /// Milvus' topics have no holes, so a jump is most likely a damaged batch header, which no checksum
    /// covers, or a fault of the client. Compaction and transactions leave holes, though, so a jump that
    /// is the same when read again is taken.
    mutating func arrived(_ offset: Int64) -> Verdict {
        if offset < next { return .ignore }
        if offset > next, doubted != offset {
            doubted = offset
            return .readAgain
        }
        next = offset + 1
        attempts = 0
        doubted = nil
        return .deliver
    }

    /// Reading failed.
    mutating func failed(_ kind: KafkaError.Kind) -> Remedy {
        switch kind {
        case .unknownTopic, .transient: return .wait
        case .outOfRange: return .compareBounds
        case .refused: return .report
        case .corrupt:
            attempts += 1
            guard attempts >= Self.attemptsMax else { return .wait }
            attempts = 0
            return .report
        }
    }

    /// The brokers said that `next` is out of range; they hold `first` to `end`.
    ///
    /// A leader that has just been elected may not know yet what it has, and librdkafka may have asked
    /// for another offset than it was told to (it does so behind a damaged batch).
    func found(first: Int64, end: Int64) -> Remedy {
        first <= next && next <= end ? .wait : .report
    }
}
