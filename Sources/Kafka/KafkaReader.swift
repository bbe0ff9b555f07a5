internal import Capture
internal import Logging
internal import Operations

/// Reads followed channels through one librdkafka client.
///
/// All of its calls block, so it lives on a thread of its own; `KafkaMessageLog` is the way to it.
///
/// A followed channel is in one of three states:
///
///     waiting ──the brokers say that it can be read──▶ being fetched
///        ▲ ▲──────────────any failure────────────────────┘   │
///        └───────── set free ───────── held ◀────────────────┘
///
/// Each start is from the offset after the last message that was handed over, so nothing is lost or
/// doubled whatever librdkafka had fetched in the meantime.
struct KafkaReader: ~Copyable {
    /// One answer of `next`.
    static let batchMaxMessages = 1_000
    static let batchMaxBytes = 4 << 20
    /// How often the brokers are asked about channels that wait: how late a new topic is seen.
    static let waitingInterval = Duration.milliseconds(100)
    /// How often they are asked whether they are back.
    static let troubleInterval = Duration.seconds(1)
    /// How long the brokers have to answer even if the caller of `next` has less time.
    static let answerLimitMin = Duration.milliseconds(250)
    /// How long librdkafka is waited for at a stretch; `close` and cancellation are noticed this late.
    static let pollSliceMax = Duration.milliseconds(100)

    private var handle: KafkaHandle
    private let startDeadline: ContinuousClock.Instant
    private let logger: Logger
    private var followed: [PhysicalChannel: FollowedChannel] = [:]
    private var waiting: Set<PhysicalChannel> = []
    private var held: Set<PhysicalChannel> = []
    private var nextLook = ContinuousClock.now
    /// Whether a broker ever answered.
    private var wasAnswered = false
    /// To be thrown before anything else is read.
    private var failure: LogFailure?
    /// What keeps the brokers from answering; nil while they do.
    private(set) var trouble: LogFailure?

    /// - Throws: `KafkaOptionFailure`.
    init(options: KafkaOptions, logger: Logger) throws {
        handle = try KafkaHandle(properties: options.librdkafkaProperties())
        startDeadline = .now + options.startDeadline
        self.logger = logger
    }

    // MARK: What to read

    mutating func follow(_ channel: PhysicalChannel, from offset: Int64) {
        followed[channel] = FollowedChannel(next: offset)
        rest(channel, for: .zero)
    }

    mutating func unfollow(_ channel: PhysicalChannel) {
        handle.stop(channel)
        followed[channel] = nil
        waiting.remove(channel)
    }

    mutating func hold(_ channels: Set<PhysicalChannel>) {
        let freed = held.subtracting(channels)
        held = channels
        for channel in channels where followed[channel] != nil {
            handle.stop(channel)
            waiting.remove(channel)
        }
        for channel in freed where followed[channel] != nil { rest(channel, for: .zero) }
    }

    /// The offsets of a channel; nil if there is no such channel.
    ///
    /// - Throws: `LogFailure`.
    mutating func bounds(
        of channel: PhysicalChannel,
        within limit: Duration
    ) throws
        -> OffsetBounds?
    {
        let deadline = ContinuousClock.now + limit
        do {
            let state = try handle.state(
                of: [channel],
                milliseconds: limit.milliseconds
            )
            wasAnswered = true
            if let obstacle = state[channel] ?? nil {
                if obstacle.kind == .unknownTopic { return nil }
                throw obstacle
            }
            let left = max(Self.left(until: deadline), Self.waitingInterval)
            let found = try handle.bounds(of: channel, milliseconds: left.milliseconds)
            return OffsetBounds(first: found.first, end: found.end)
        } catch let error as KafkaError {
            throw error.kind == .refused
                ? LogFailure(code: .refused, message: "Kafka refuses \(channel): \(error).")
                : LogFailure(
                    code: .unavailable,
                    message: "Kafka does not tell what \(channel) holds: \(error)."
                )
        }
    }

    // MARK: Reading

    /// The messages that came; waits for one, unless it is interrupted.
    ///
    /// - Throws: `LogFailure`.
    mutating func next(wait: Duration, isInterrupted: () -> Bool) throws -> [LogMessage] {
        let deadline = ContinuousClock.now + wait
        while true {
            listen()
            if let failure {
                self.failure = nil
                throw failure
            }
            look(until: deadline)
            let messages = collect(until: deadline)
            if !messages.isEmpty { return messages }
            if failure != nil { continue }
            if isInterrupted() || .now >= deadline { return [] }
        }
    }

    /// Takes what librdkafka says outside of any topic.
    private mutating func listen() {
        while let event = handle.event() {
            switch event {
            case .log(_, let text):
                logger.debug("librdkafka", metadata: ["kafka.text": "\(text)"])
            case .error(let error):
                // After a success, a broken handshake is a broker that starts or stops.
                if error.kind == .refused, !(wasAnswered && error.name == "_SSL") {
                    failure = LogFailure(code: .refused, message: "Kafka refuses us: \(error).")
                }
                trouble = LogFailure(
                    code: .unavailable,
                    message: "Kafka does not answer: \(error)."
                )
            }
        }
    }

    /// Asks the brokers, when it is time to, which waiting channels can be read, and starts those.
    private mutating func look(until deadline: ContinuousClock.Instant) {
        guard !waiting.isEmpty || trouble != nil || !wasAnswered, .now >= nextLook else { return }
        let patience = min(
            max(Self.left(until: deadline), Self.answerLimitMin),
            Self.troubleInterval
        )
        defer {
            nextLook = .now + (waiting.isEmpty ? Self.troubleInterval : Self.waitingInterval)
        }
        do throws(KafkaError) {
            let state = try handle.state(
                of: waiting.sorted(),
                milliseconds: patience.milliseconds
            )
            wasAnswered = true
            trouble = nil
            for channel in waiting.sorted() {
                guard let found = state[channel] else { continue }
                if let obstacle = found {
                    failed(channel, obstacle)
                } else if let next = followed[channel]?.next {
                    try handle.start(channel, at: next)
                    waiting.remove(channel)
                }
            }
        } catch {
            if trouble == nil {
                trouble = LogFailure(
                    code: .unavailable,
                    message: "Kafka does not answer: \(error)."
                )
            }
            if !wasAnswered, .now >= startDeadline, failure == nil { failure = trouble }
        }
    }

    /// Takes what was fetched: waits for one message, not for more.
    private mutating func collect(until deadline: ContinuousClock.Instant) -> [LogMessage] {
        var result: [LogMessage] = []
        var bytes = 0
        var slice = min(Self.left(until: deadline), Self.pollSliceMax)
        if !waiting.isEmpty { slice = min(slice, Self.left(until: nextLook)) }
        var patience = slice.milliseconds
        while result.count < Self.batchMaxMessages, bytes < Self.batchMaxBytes, failure == nil {
            switch handle.poll(milliseconds: patience) {
            case .nothing:
                return result
            case .stale: break
            case .failure(let channel, let error):
                failed(channel, error)
            case .message(let channel, let offset, let value, let headers):
                // Not nil: what is not followed was stopped.
                switch followed[channel]?.arrived(offset) {
                case .deliver:
                    bytes += value.count
                    result.append(
                        LogMessage(
                            channel: channel,
                            offset: offset,
                            value: value,
                            headers: headers.map { .init(name: $0.name, value: $0.value) }
                        )
                    )
                case .readAgain: rest(channel, for: .zero)
                case .ignore, nil: break
                }
            }
            patience = 0
        }
        return result
    }

    private static func left(until time: ContinuousClock.Instant) -> Duration {
        max(ContinuousClock.now.duration(to: time), .zero)
    }

    // MARK: Failures

    private mutating func failed(_ channel: PhysicalChannel, _ error: KafkaError) {
        guard let remedy = followed[channel]?.failed(error.kind) else { return }
        rest(channel)
        if error.kind != .unknownTopic {
            logger.debug(
                "reading a channel failed",
                metadata: ["channel": "\(channel)", "error": "\(error)"]
            )
        }
        switch remedy {
        case .wait: break
        case .compareBounds: compareBounds(channel)
        case .report:
            let next = followed[channel]?.next ?? 0
            failure =
                error.kind == .refused
                ? LogFailure(code: .refused, message: "Kafka refuses \(channel): \(error).")
                : LogFailure(
                    code: .corrupt,
                    message: "\(channel) cannot be read at offset \(next): \(error)."
                )
        }
    }

    private mutating func compareBounds(_ channel: PhysicalChannel) {
        guard let next = followed[channel]?.next,
            let found = try? handle.bounds(
                of: channel,
                milliseconds: Self.troubleInterval.milliseconds
            )
        else {
            // No answer now: the channel waits, starts again and fails again.
            return
        }
        guard followed[channel]?.found(first: found.first, end: found.end) == .report else {
            return
        }
        failure = .outOfRange(
            channel,
            offset: next,
            bounds: OffsetBounds(first: found.first, end: found.end)
        )
    }

    /// Stops fetching a channel until the brokers were asked about it, which is done after a time.
    private mutating func rest(
        _ channel: PhysicalChannel,
        for pause: Duration = Self.waitingInterval
    ) {
        handle.stop(channel)
        guard !held.contains(channel) else { return }
        waiting.insert(channel)
        nextLook = min(nextLook, .now + pause)
    }
}

extension Duration {
    /// Whole milliseconds, rounded up, as librdkafka takes them.
    fileprivate var milliseconds: Int32 {
        let (seconds, attoseconds) = components
        return Int32(
            clamping: seconds * 1_000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
        )
    }
}
