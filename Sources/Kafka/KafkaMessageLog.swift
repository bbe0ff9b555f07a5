internal import Dispatch
internal import Synchronization

package import Capture
package import Logging
package import Operations

/// The log of a source whose channels are Kafka topics.
///
/// A topic that does not exist yet is waited for. Brokers that are away are waited for as well: `next`
/// returns nothing meanwhile and `trouble` says why; only if they never answered since the start does
/// `next` throw `unavailable`. A channel that failed stays followed: it is tried again, and the failure
/// is thrown again, until it passes or the channel is moved or unfollowed.
package final class KafkaMessageLog: MessageLog {
    /// How long `bounds(of:)` waits for the brokers.
    private static let boundsLimit = Duration.seconds(5)

    fileprivate enum State: ~Copyable {
        case open(KafkaReader)
        case closed
    }

    /// Where librdkafka's calls run: they block, which the threads of Swift's pool must not.
    private let queue = DispatchQueue(label: "flightlog.kafka")
    private let state: Mutex<State>
    private let isClosing = Atomic(false)
    private let lastTrouble = Mutex<LogFailure?>(nil)
    private let logger: Logger

    /// Does not wait for the brokers.
    ///
    /// - Throws: `KafkaOptionFailure`.
    package init(_ options: KafkaOptions, logger: Logger) throws {
        self.logger = logger
        state = Mutex(.open(try KafkaReader(options: options, logger: logger)))
    }

    /// What keeps the brokers from answering, as seen by the last call of `next`; nil while they do.
    package var trouble: LogFailure? { lastTrouble.withLock { $0 } }

    package func bounds(of channel: PhysicalChannel) async throws -> OffsetBounds? {
        try await withReader { reader in
            try reader.bounds(of: channel, within: Self.boundsLimit)
        } ?? nil
    }

    package func follow(_ channel: PhysicalChannel, from offset: Int64) async throws {
        try await withReader { reader in reader.follow(channel, from: offset) }
    }

    package func unfollow(_ channel: PhysicalChannel) async throws {
        try await withReader { reader in reader.unfollow(channel) }
    }

    package func hold(_ channels: Set<PhysicalChannel>) async throws {
        try await withReader { reader in reader.hold(channels) }
    }

    package func next(wait: Duration) async throws -> [LogMessage] {
        let wasCancelled = Flag()
        return try await withTaskCancellationHandler {
            let messages = try await withReader { reader in
                defer { self.report(reader.trouble) }
                return try reader.next(wait: wait) {
                    wasCancelled.isSet || self.isClosing.load(ordering: .relaxed)
                }
            }
            // Messages that were taken are handed over even then: they would be lost.
            if messages?.isEmpty ?? true { try Task.checkCancellation() }
            return messages ?? []
        } onCancel: {
            wasCancelled.set()
        }
    }

    package func close() async {
        isClosing.store(true, ordering: .relaxed)
        await withCheckedContinuation { continuation in
            queue.async {
                self.state.withLock { $0 = .closed }
                continuation.resume()
            }
        }
    }

    /// Runs a call on the queue; nil once closed.
    private func withReader<Result: Sendable>(
        _ body: @escaping @Sendable (inout KafkaReader) throws -> Result
    ) async throws -> Result? {
        try await withCheckedThrowingContinuation { continuation in
            queue.async {
                continuation.resume(
                    with: .init { try self.state.withLock { try $0.withReader(body) } }
                )
            }
        }
    }

    private func report(_ trouble: LogFailure?) {
        let before = lastTrouble.withLock { last in
            defer { last = trouble }
            return last
        }
        switch (before, trouble) {
        case (nil, let trouble?):
            logger.warning("waiting for Kafka", metadata: ["error": "\(trouble)"])
        case (_?, nil):
            logger.notice("Kafka answers again")
        default: break
        }
    }
}

extension KafkaMessageLog.State {
    fileprivate mutating func withReader<Result>(
        _ body: (inout KafkaReader) throws -> Result
    ) throws -> Result? {
        switch consume self {
        case .open(var reader):
            do {
                let result = try body(&reader)
                self = .open(reader)
                return result
            } catch {
                self = .open(reader)
                throw error
            }
        case .closed:
            self = .closed
            return nil
        }
    }
}

/// A flag that is raised once, from any thread.
private final class Flag: Sendable {
    private let value = Atomic(false)
    var isSet: Bool { value.load(ordering: .relaxed) }
    func set() { value.store(true, ordering: .relaxed) }
}
