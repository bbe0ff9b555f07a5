import Capture
import Kafka
import Operations
import TestSupport
import Testing

/// What `next` says as long as the brokers have not answered.
@Suite(.serialized) struct StartTests {
    /// A port that nobody listens on.
    private static let nowhere = "127.0.0.1:1"

    private func failure(of options: KafkaOptions) async throws -> LogFailure? {
        let log = try KafkaMessageLog(options, logger: quiet)
        try await log.follow(PhysicalChannel("dml_0"), from: 0)
        let bench = MessageLogBench(log: log, append: { _, _ in }, truncate: { _, _ in })
        let failure = try await bench.failure()
        await log.close()
        return failure
    }

    @Test func `brokers that never answer are unavailable after the deadline`() async throws {
        let log = try KafkaMessageLog(
            KafkaOptions(brokers: Self.nowhere, startDeadline: .seconds(1)),
            logger: quiet
        )
        let start = ContinuousClock.now
        let bench = MessageLogBench(log: log, append: { _, _ in }, truncate: { _, _ in })
        let failure = try #require(try await bench.failure())
        #expect(failure.code == .unavailable)
        #expect(failure.isTransient)
        #expect(start.duration(to: .now) >= .seconds(1))
        #expect(log.trouble?.code == .unavailable)
        await log.close()
    }

    @Test func `brokers that answer late are waited for`() async throws {
        try await withBroker { broker, bench, _ in
            broker.stop()
            try await bench.log.follow(PhysicalChannel("dml_0"), from: 0)
            #expect(try await bench.read(for: .seconds(1)).isEmpty)
            try await broker.start()
            try await bench.append([[1]], PhysicalChannel("dml_0"))
            #expect(try await bench.read(1).count == 1)
        }
    }

    @Test func `a name that does not resolve is unavailable`() async throws {
        let failure = try await failure(
            of: KafkaOptions(brokers: "no-such-host.invalid:9092", startDeadline: .seconds(1))
        )
        #expect(failure?.code == .unavailable)
    }

    @Test func `a broker that cannot do TLS is refused`() async throws {
        let broker = try await BrokerProcess()
        defer { broker.stop() }
        let failure = try await failure(of: KafkaOptions(brokers: broker.address, tls: .init()))
        #expect(failure?.code == .refused)
    }

    @Test(arguments: KafkaOptions.Login.Mechanism.allCases)
    func `a broker that knows no logins is refused`(
        mechanism: KafkaOptions.Login.Mechanism
    ) async throws {
        let broker = try await BrokerProcess()
        defer { broker.stop() }
        let login = KafkaOptions.Login(mechanism: mechanism, username: "me", password: "hush-hush")
        let failure = try await failure(of: KafkaOptions(brokers: broker.address, login: login))
        #expect(failure?.code == .refused)
        #expect(failure?.message.contains("hush-hush") == false)
    }

    @Test func `closing does not wait for brokers that are away`() async throws {
        let log = try KafkaMessageLog(KafkaOptions(brokers: Self.nowhere), logger: quiet)
        try await log.follow(PhysicalChannel("dml_0"), from: 0)
        _ = try await log.next(wait: .milliseconds(100))
        let start = ContinuousClock.now
        await log.close()
        #expect(start.duration(to: .now) < .seconds(60))
    }
}
