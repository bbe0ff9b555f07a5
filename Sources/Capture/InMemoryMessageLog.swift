package import Operations

/// A log in memory: channels appear when they are first written to, as the source's do.
///
/// It keeps the promises of `MessageLog`; both run the same contract tests.
package actor InMemoryMessageLog: MessageLog {
    /// How many messages one call of `next` returns at most.
    private static let batchMaxMessages = 1_000

    private struct Stored {
        var first: Int64 = 0
        var messages: [LogMessage] = []
        var end: Int64 { first + Int64(messages.count) }
        var bounds: OffsetBounds { OffsetBounds(first: first, end: end) }
    }

    private var channels: [PhysicalChannel: Stored] = [:]
    private var followed: [PhysicalChannel: Int64] = [:]
    private var held: Set<PhysicalChannel> = []
    private var trouble: LogFailure?
    private var isClosed = false
    /// Grows with everything that may give a waiting `next` something to return.
    private var changes = 0
    private var waiting: CheckedContinuation<Void, Never>?

    package init() {}

    // MARK: What a test does

    /// Writes a message at the end of a channel, which comes to exist by it.
    ///
    /// - Returns: The message's offset.
    @discardableResult
    package func append(
        _ value: [UInt8],
        to channel: PhysicalChannel,
        headers: [LogMessage.Header] = []
    ) -> Int64 {
        let offset = channels[channel, default: Stored()].end
        let message = LogMessage(channel: channel, offset: offset, value: value, headers: headers)
        channels[channel, default: Stored()].messages.append(message)
        changed()
        return offset
    }

    /// Makes a channel exist without a message.
    package func create(_ channel: PhysicalChannel) {
        channels[channel, default: Stored()].first += 0
        changed()
    }

    /// Removes what is before an offset, as retention does.
    package func truncate(_ channel: PhysicalChannel, before offset: Int64) {
        guard var stored = channels[channel], offset > stored.first else { return }
        let first = min(offset, stored.end)
        stored.messages.removeFirst(Int(first - stored.first))
        stored.first = first
        channels[channel] = stored
        changed()
    }

    /// Makes every call fail until it is called with nil.
    package func fail(with failure: LogFailure?) {
        trouble = failure
        changed()
    }

    /// The channels that are held back.
    package var heldChannels: Set<PhysicalChannel> { held }

    /// The channels that are followed and the offset that comes next of each.
    package var followedChannels: [PhysicalChannel: Int64] { followed }

    // MARK: MessageLog

    package func bounds(of channel: PhysicalChannel) throws -> OffsetBounds? {
        if let trouble { throw trouble }
        return channels[channel]?.bounds
    }

    package func follow(_ channel: PhysicalChannel, from offset: Int64) throws {
        followed[channel] = offset
        changed()
    }

    package func unfollow(_ channel: PhysicalChannel) throws { followed[channel] = nil }

    package func hold(_ channels: Set<PhysicalChannel>) throws {
        held = channels
        changed()
    }

    package func next(wait: Duration) async throws -> [LogMessage] {
        let before = changes
        let messages = try take()
        guard messages.isEmpty, !isClosed, wait > .zero else { return messages }
        await withTaskGroup { group in
            group.addTask { await self.change(after: before) }
            group.addTask {
                // Waking early because of a cancellation is what is wanted.
                try? await Task.sleep(for: wait)
                await self.changed()
            }
            await group.next()
            group.cancelAll()
        }
        try Task.checkCancellation()
        return try take()
    }

    package func close() {
        isClosed = true
        followed = [:]
        changed()
    }

    // MARK: Inside

    private func changed() {
        changes += 1
        waiting?.resume()
        waiting = nil
    }

    private func change(after before: Int) async {
        guard changes == before else { return }
        await withCheckedContinuation { waiting = $0 }
    }

    private func take() throws -> [LogMessage] {
        if let trouble { throw trouble }
        var result: [LogMessage] = []
        var failure: LogFailure?
        for (channel, next) in followed.sorted(by: { $0.key < $1.key }) {
            guard !held.contains(channel), let stored = channels[channel] else { continue }
            guard next >= stored.first, next <= stored.end else {
                failure = .outOfRange(channel, offset: next, bounds: stored.bounds)
                continue
            }
            let from = Int(next - stored.first)
            let count = min(stored.messages.count - from, Self.batchMaxMessages - result.count)
            result += stored.messages[from..<(from + count)]
            followed[channel] = next + Int64(count)
        }
        if let failure, result.isEmpty { throw failure }
        return result
    }
}

extension LogFailure {
    /// The failure of a channel whose wanted offset the log does not have.
    package static func outOfRange(
        _ channel: PhysicalChannel,
        offset: Int64,
        bounds: OffsetBounds?
    ) -> LogFailure {
        let what =
            switch bounds {
            case .some(let bounds) where offset < bounds.first:
                "it begins at \(bounds.first) now, \(bounds.first - offset) messages are gone"
            case .some(let bounds):
                "it ends at \(bounds.end), so its tail was lost or it was made anew"
            case .none: "the channel no longer exists"
            }
        return LogFailure(
            code: .offsetOutOfRange(channel, offset: offset, bounds: bounds),
            message: "\(channel) cannot be read from offset \(offset): \(what)."
        )
    }
}
