package import Capture
package import Operations
internal import Testing

/// A log and the other end of it, for the promises that every `MessageLog` keeps.
package struct MessageLogBench: Sendable {
    package let log: any MessageLog
    /// Writes to a channel's end; the channel comes to exist by it.
    package let append:
        @Sendable (_ values: [[UInt8]], _ channel: PhysicalChannel) async throws -> Void
    /// Removes what is before an offset; returns once that is so.
    package let truncate:
        @Sendable (_ channel: PhysicalChannel, _ offset: Int64) async throws -> Void

    package init(
        log: any MessageLog,
        append: @escaping @Sendable ([[UInt8]], PhysicalChannel) async throws -> Void,
        truncate: @escaping @Sendable (PhysicalChannel, Int64) async throws -> Void
    ) {
        self.log = log
        self.append = append
        self.truncate = truncate
    }

    /// Reads until so many messages came, or nothing came for five seconds.
    package func read(_ count: Int) async throws -> [LogMessage] {
        var result: [LogMessage] = []
        let deadline = ContinuousClock.now + .seconds(20)
        while result.count < count, .now < deadline {
            result += try await log.next(wait: .seconds(5))
        }
        return result
    }

    /// Reads whatever comes within a time.
    package func read(for time: Duration) async throws -> [LogMessage] {
        var result: [LogMessage] = []
        let deadline = ContinuousClock.now + time
        while .now < deadline { result += try await log.next(wait: .milliseconds(50)) }
        return result
    }

    /// Reads until the log fails or two minutes have passed; `seen` takes what came before.
    package func failure(
        _ seen: ([LogMessage]) -> Void = { _ in }
    ) async throws -> LogFailure? {
        let deadline = ContinuousClock.now + .seconds(120)
        do {
            while .now < deadline { seen(try await log.next(wait: .milliseconds(100))) }
            return nil
        } catch let failure as LogFailure {
            return failure
        }
    }
}

/// What every `MessageLog` promises, each to be checked on a log of its own.
package enum MessageLogPromise: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case messagesComeInOrder
    case readingStartsAtTheOffset
    case theEndIsInRange
    case aChannelThatDoesNotExistHasNoBounds
    case boundsFollowTheLog
    case aChannelIsWaitedFor
    case nothingIsAnEmptyAnswer
    case aMessageEndsTheWait
    case cancellationEndsTheWait
    case followingAgainMoves
    case anUnfollowedChannelIsSilent
    case aHeldChannelIsSilentAndThenComplete
    case anOffsetBeforeTheFirstIsReported
    case anOffsetBehindTheEndIsReported
    case truncationWhileReadingIsReported
    case oneFailureDoesNotStopOthers
    case closingTwiceIsSafe

    package var testDescription: String { rawValue }

    /// Checks the promise.
    package func check(_ bench: MessageLogBench) async throws {
        let channel = Self.channel()
        switch self {
        case .messagesComeInOrder: try await Self.order(bench, channel, Self.channel())
        case .readingStartsAtTheOffset:
            try await bench.append(Self.values(0..<10), channel)
            try await bench.log.follow(channel, from: 7)
            #expect(try await bench.read(3).map(\.offset) == [7, 8, 9])
        case .theEndIsInRange:
            try await bench.append(Self.values(0..<3), channel)
            try await bench.log.follow(channel, from: 3)
            #expect(try await bench.read(for: .milliseconds(200)).isEmpty)
            try await bench.append(Self.values(3..<5), channel)
            #expect(try await bench.read(2).map(\.value) == Self.values(3..<5))
        case .aChannelThatDoesNotExistHasNoBounds:
            #expect(try await bench.log.bounds(of: channel) == nil)
        case .boundsFollowTheLog:
            try await bench.append(Self.values(0..<5), channel)
            #expect(try await bench.log.bounds(of: channel) == OffsetBounds(first: 0, end: 5))
            try await bench.truncate(channel, 2)
            #expect(try await bench.log.bounds(of: channel) == OffsetBounds(first: 2, end: 5))
        case .aChannelIsWaitedFor:
            try await bench.log.follow(channel, from: 0)
            #expect(try await bench.read(for: .milliseconds(300)).isEmpty)
            try await bench.append(Self.values(0..<2), channel)
            #expect(try await bench.read(2).map(\.value) == Self.values(0..<2))
        case .nothingIsAnEmptyAnswer:
            #expect(try await bench.log.next(wait: .zero).isEmpty)
            #expect(try await bench.log.next(wait: .milliseconds(20)).isEmpty)
        case .aMessageEndsTheWait:
            try await bench.append(Self.values(0..<1), channel)
            try await bench.log.follow(channel, from: 0)
            let before = ContinuousClock.now
            #expect(try await bench.log.next(wait: .seconds(600)).count == 1)
            #expect(before.duration(to: .now) < .seconds(300))
        case .cancellationEndsTheWait: try await Self.cancellation(bench)
        case .followingAgainMoves:
            try await bench.append(Self.values(0..<10), channel)
            try await bench.log.follow(channel, from: 0)
            #expect(try await bench.read(10).count == 10)
            try await bench.log.follow(channel, from: 4)
            #expect(try await bench.read(6).map(\.offset) == Array(4..<10))
        case .anUnfollowedChannelIsSilent:
            try await bench.append(Self.values(0..<1), channel)
            try await bench.log.follow(channel, from: 0)
            #expect(try await bench.read(1).count == 1)
            try await bench.log.unfollow(channel)
            try await bench.append(Self.values(1..<2), channel)
            #expect(try await bench.read(for: .milliseconds(300)).isEmpty)
        case .aHeldChannelIsSilentAndThenComplete:
            try await Self.hold(bench, channel, Self.channel())
        case .anOffsetBeforeTheFirstIsReported:
            try await bench.append(Self.values(0..<5), channel)
            try await bench.truncate(channel, 3)
            try await Self.expectOutOfRange(bench, channel, offset: 1, first: 3, end: 5)
        case .anOffsetBehindTheEndIsReported:
            try await bench.append(Self.values(0..<5), channel)
            try await Self.expectOutOfRange(bench, channel, offset: 6, first: 0, end: 5)
        case .truncationWhileReadingIsReported:
            try await bench.append(Self.values(0..<5), channel)
            try await bench.log.follow(channel, from: 0)
            #expect(try await bench.read(5).count == 5)
            try await bench.log.hold([channel])
            try await bench.append(Self.values(5..<9), channel)
            try await bench.truncate(channel, 8)
            try await bench.log.hold([])
            let code = LogFailure.Code.offsetOutOfRange(
                channel,
                offset: 5,
                bounds: OffsetBounds(first: 8, end: 9)
            )
            #expect(try await bench.failure()?.code == code)
        case .oneFailureDoesNotStopOthers: try await Self.others(bench, channel, Self.channel())
        case .closingTwiceIsSafe:
            await bench.log.close()
            await bench.log.close()
            #expect(try await bench.log.next(wait: .seconds(600)).isEmpty)
        }
    }
}

extension MessageLogPromise {
    /// A channel that no other check uses.
    package static func channel() -> PhysicalChannel {
        PhysicalChannel("promise-\(UInt64.random(in: 0...UInt64.max))")
    }

    /// A distinct value for each number.
    package static func values(_ numbers: Range<Int>) -> [[UInt8]] {
        numbers.map { Array("message \($0)".utf8) }
    }

    private static func order(
        _ bench: MessageLogBench,
        _ first: PhysicalChannel,
        _ second: PhysicalChannel
    ) async throws {
        try await bench.append(values(0..<500), first)
        try await bench.append(values(0..<300), second)
        try await bench.log.follow(first, from: 0)
        try await bench.log.follow(second, from: 0)
        let messages = try await bench.read(800)
        for (channel, count) in [(first, 500), (second, 300)] {
            let own = messages.filter { $0.channel == channel }
            #expect(own.map(\.offset) == Array(0..<Int64(count)))
            #expect(own.map(\.value) == values(0..<count))
        }
    }

    private static func cancellation(_ bench: MessageLogBench) async throws {
        let before = ContinuousClock.now
        await withTaskGroup { group in
            group.addTask { _ = try? await bench.log.next(wait: .seconds(600)) }
            group.addTask { try? await Task.sleep(for: .milliseconds(50)) }
            await group.next()
            group.cancelAll()
        }
        #expect(before.duration(to: .now) < .seconds(300))
    }

    private static func hold(
        _ bench: MessageLogBench,
        _ channel: PhysicalChannel,
        _ other: PhysicalChannel
    ) async throws {
        try await bench.append(values(0..<100), channel)
        try await bench.log.follow(channel, from: 0)
        try await bench.log.follow(other, from: 0)
        var messages = try await bench.read(100)
        try await bench.append(values(100..<200), channel)
        for round in 0..<5 {
            try await bench.log.hold([channel])
            // What was fetched before may still come, and then nothing of this channel.
            messages += try await bench.read(for: .milliseconds(50))
            try await bench.append(values(round..<(round + 1)), other)
            let next = 200 + round * 100
            try await bench.append(values(next..<(next + 100)), channel)
            let came = try await bench.read(1)
            #expect(came.allSatisfy { $0.channel == other })
            messages += came
            try await bench.log.hold([])
            messages += try await bench.log.next(wait: .seconds(5))
        }
        messages += try await bench.read(700 + 5 - messages.count)
        #expect(messages.filter { $0.channel == channel }.map(\.value) == values(0..<700))
        #expect(messages.filter { $0.channel == other }.map(\.value) == values(0..<5))
        #expect(try await bench.read(for: .milliseconds(200)).isEmpty)
    }

    private static func expectOutOfRange(
        _ bench: MessageLogBench,
        _ channel: PhysicalChannel,
        offset: Int64,
        first: Int64,
        end: Int64
    ) async throws {
        try await bench.log.follow(channel, from: offset)
        let failure = try await bench.failure()
        let bounds = OffsetBounds(first: first, end: end)
        #expect(failure?.code == .offsetOutOfRange(channel, offset: offset, bounds: bounds))
        #expect(failure?.isTransient == false)
        #expect(failure?.message.contains(channel.name) == true)
        // It is said again until somebody does something about it.
        #expect(try await bench.failure()?.code == failure?.code)
        try await bench.log.follow(channel, from: first)
        #expect(try await bench.read(Int(end - first)).map(\.offset) == Array(first..<end))
    }

    private static func others(
        _ bench: MessageLogBench,
        _ broken: PhysicalChannel,
        _ sound: PhysicalChannel
    ) async throws {
        try await bench.append(values(0..<1), broken)
        try await bench.append(values(0..<20), sound)
        try await bench.log.follow(broken, from: 9)
        try await bench.log.follow(sound, from: 0)
        var messages: [LogMessage] = []
        var failures = 0
        let deadline = ContinuousClock.now + .seconds(20)
        while messages.count < 20 || failures == 0, .now < deadline {
            do {
                messages += try await bench.log.next(wait: .milliseconds(200))
            } catch is LogFailure {
                failures += 1
            }
        }
        #expect(failures > 0)
        #expect(messages.map(\.value) == values(0..<20))
    }
}
