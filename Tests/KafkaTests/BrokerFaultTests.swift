import Capture
import FoundationEssentials
import Kafka
import Operations
import TestSupport
import Testing

/// What goes wrong at the broker's side must lose nothing and double nothing.
@Suite(.serialized) struct BrokerFaultTests {
    private static let channel = PhysicalChannel("dml_0")

    @Test func `a topic created after it is followed is read soon`() async throws {
        try await withBroker { broker, bench, _ in
            try await bench.append([[0]], PhysicalChannel("other"))
            try await bench.log.follow(PhysicalChannel("other"), from: 0)
            var latencies: [Duration] = []
            for number in 0..<10 {
                let channel = PhysicalChannel("new_\(number)")
                try await bench.log.follow(channel, from: 0)
                _ = try await bench.read(for: .milliseconds(250))
                let producer = try Producer(broker.address)
                try producer.append([[1]], to: channel)
                let written = ContinuousClock.now
                #expect(try await bench.read(1).map(\.channel) == [channel])
                latencies.append(written.duration(to: .now))
            }
            latencies.sort()
            print(
                "a new topic is read after",
                latencies[5],
                "at the median,",
                latencies[9],
                "at worst, of ten"
            )
        }
    }

    @Test(arguments: [false, true])
    func `a broker that crashes in the middle loses and doubles nothing`(
        isGraceful: Bool
    ) async throws {
        try await withBroker { broker, bench, log in
            let values = (0..<4_000).map {
                Array("\($0) \(String(repeating: "x", count: 500))".utf8)
            }
            let channels = (0..<4).map { PhysicalChannel("dml_\($0)") }
            for channel in channels {
                try await bench.append(Array(values[..<2_000]), channel)
                try await bench.log.follow(channel, from: 0)
            }
            var messages = try await bench.read(3_000)
            if isGraceful { try await broker.command("down 1") }
            broker.stop()
            messages += try await bench.read(for: .seconds(1))
            #expect(log.trouble != nil)
            try await broker.start()
            for channel in channels { try await bench.append(Array(values[2_000...]), channel) }
            messages += try await bench.read(16_000 - messages.count)
            for channel in channels {
                let own = messages.filter { $0.channel == channel }
                #expect(own.map(\.offset) == Array(0..<4_000))
                #expect(own.map(\.value) == values)
            }
            #expect(try await bench.read(for: .milliseconds(300)).isEmpty)
            #expect(log.trouble == nil)
        }
    }

    @Test(arguments: ["drop", "half 3", "err 1 -1 3", "err 1 6 2", "err 1 3 1", "err 1 1 1"])
    func `a fault that passes is not seen`(fault: String) async throws {
        try await withBroker { broker, bench, _ in
            let values = MessageLogPromise.values(0..<300)
            try await bench.log.follow(Self.channel, from: 0)
            var messages: [LogMessage] = []
            for start in stride(from: 0, to: 300, by: 100) {
                if start == 100 { try await broker.command(fault) }
                try await bench.append(Array(values[start..<(start + 100)]), Self.channel)
                messages += try await bench.read(100)
            }
            #expect(messages.map(\.value) == values)
            #expect(try await bench.read(for: .milliseconds(200)).isEmpty)
        }
    }

    @Test(arguments: 1...2)
    func `a damaged answer is read again`(times: Int) async throws {
        try await withBroker { broker, bench, _ in
            let values = (0..<200).map { [UInt8](repeating: UInt8($0), count: 1_000) }
            for value in values { try await bench.append([value], Self.channel) }
            try await broker.command("corrupt \(times)")
            try await bench.log.follow(Self.channel, from: 0)
            #expect(try await bench.read(200).map(\.value) == values)
        }
    }

    @Test func `a message that stays damaged is reported, and read once it is sound`() async throws
    {
        try await withBroker { broker, bench, _ in
            let values = (0..<20).map { [UInt8](repeating: UInt8($0), count: 1_000) }
            try Producer(broker.address, compression: "none").append(values, to: Self.channel)
            try await broker.command("corrupt 1000")
            try await bench.log.follow(Self.channel, from: 0)
            var messages: [LogMessage] = []
            // The producer may have made several batches of them; those before the damaged one are sound.
            let failure = try await bench.failure { messages += $0 }
            #expect(failure?.code == .corrupt)
            #expect(failure?.message.contains("dml_0") == true)
            try await broker.command("corrupt 0")
            let deadline = ContinuousClock.now + .seconds(120)
            while messages.count < 20, .now < deadline {
                do { messages += try await bench.log.next(wait: .seconds(1)) } catch is LogFailure {
                }
            }
            #expect(messages.map(\.value) == values)
        }
    }

    @Test func `a partition without a leader is waited for`() async throws {
        try await withBroker { broker, bench, _ in
            try await bench.append([[1]], Self.channel)
            try await broker.command("leader dml_0 0 -1")
            try await bench.log.follow(Self.channel, from: 0)
            #expect(try await bench.read(for: .milliseconds(300)).isEmpty)
            try await broker.command("leader dml_0 0 1")
            #expect(try await bench.read(1).count == 1)
            try await broker.command("leader dml_0 0 -1")
            #expect(try await bench.read(for: .milliseconds(300)).isEmpty)
            try await broker.command("leader dml_0 0 1")
            try await bench.append([[2]], Self.channel)
            #expect(try await bench.read(1).map(\.value) == [[2]])
        }
    }

    @Test func `a log whose tail was lost is reported`() async throws {
        try await withBroker { broker, bench, _ in
            for value in MessageLogPromise.values(0..<10) {
                try await bench.append([value], Self.channel)
            }
            try await bench.log.follow(Self.channel, from: 0)
            #expect(try await bench.read(10).count == 10)
            try await broker.command("cut dml_0 0 6")
            let bounds = OffsetBounds(first: 0, end: 6)
            let failure = try await bench.failure()
            #expect(failure?.code == .offsetOutOfRange(Self.channel, offset: 10, bounds: bounds))
        }
    }

    @Test func `a topic that is removed is waited for, and another of its name is not it`()
        async throws
    {
        try await withBroker { broker, bench, _ in
            try await bench.append(MessageLogPromise.values(0..<10), Self.channel)
            try await bench.log.follow(Self.channel, from: 0)
            #expect(try await bench.read(10).count == 10)
            try await broker.command("rmtopic dml_0")
            #expect(try await bench.read(for: .seconds(1)).isEmpty)
            #expect(try await bench.log.bounds(of: Self.channel) == nil)
            try await bench.append(MessageLogPromise.values(0..<2), Self.channel)
            let bounds = OffsetBounds(first: 0, end: 2)
            let failure = try await bench.failure()
            #expect(failure?.code == .offsetOutOfRange(Self.channel, offset: 10, bounds: bounds))
        }
    }

    @Test func `a broker that hangs is left and found again`() async throws {
        try await withBroker {
            $0.properties["socket.timeout.ms"] = "1000"
        } _: { broker, bench, log in
            try await bench.append([[1]], Self.channel)
            try await bench.log.follow(Self.channel, from: 0)
            #expect(try await bench.read(1).count == 1)
            try await broker.command("hang 1")
            let deadline = ContinuousClock.now + .seconds(15)
            while log.trouble == nil, .now < deadline {
                #expect(try await bench.log.next(wait: .milliseconds(200)).isEmpty)
            }
            #expect(log.trouble?.isTransient == true)
            await #expect(throws: LogFailure.self) { try await log.bounds(of: Self.channel) }
            try await broker.command("resume 1")
            try await bench.append([[2]], Self.channel)
            #expect(try await bench.read(1).map(\.value) == [[2]])
        }
    }
}
