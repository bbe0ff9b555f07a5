import CRdKafka
import Capture
import Kafka
import Operations
import TestSupport
import Testing

/// The same reading against another broker implementation, and against several brokers.
@Suite(.serialized) struct MockClusterTests {
    private static let channel = PhysicalChannel("dml_0")
    /// The key of Kafka's fetch call.
    private static let fetch: Int16 = 1

    private func withCluster(
        brokers: Int,
        _ body: (MockCluster, MessageLogBench) async throws -> Void
    ) async throws {
        let cluster = try MockCluster(brokers: brokers)
        let addresses = cluster.addresses
        let log = try KafkaMessageLog(KafkaOptions(brokers: addresses), logger: quiet)
        let bench = MessageLogBench(log: log) { values, channel in
            try Producer(addresses).append(values, to: channel)
        } truncate: { _, _ in
        }
        do {
            try await body(cluster, bench)
        } catch {
            await log.close()
            throw error
        }
        await log.close()
    }

    @Test func `channels on several brokers come complete and in order`() async throws {
        try await withCluster(brokers: 3) { _, bench in
            let channels = (0..<8).map { PhysicalChannel("dml_\($0)") }
            let values = MessageLogPromise.values(0..<1_250)
            for channel in channels {
                try await bench.log.follow(channel, from: 0)
                try await bench.append(values, channel)
            }
            let messages = try await bench.read(10_000)
            for channel in channels {
                let own = messages.filter { $0.channel == channel }
                #expect(own.map(\.offset) == Array(0..<1_250))
                #expect(own.map(\.value) == values)
            }
        }
    }

    @Test func `headers that begin with an underscore arrive, in order and as they are`()
        async throws
    {
        try await withCluster(brokers: 1) { cluster, bench in
            let headers: [(String, [UInt8])] = [
                ("_v", [0x31]), ("traceparent", [1]), ("_tt", Array("2kz8m".utf8)), ("_lcs", []),
                ("_h", Array("CAE=".utf8)), ("msg_type", [2]), ("_v2", [0xff, 0]),
            ]
            try Producer(cluster.addresses).append([7], headers: headers, to: Self.channel)
            try await bench.log.follow(Self.channel, from: 0)
            let message = try #require(try await bench.read(1).first)
            #expect(message.value == [7])
            #expect(message.headers.map(\.name) == ["_v", "_tt", "_lcs", "_h", "_v2"])
            #expect(
                message.headers.map(\.value) == [
                    [0x31], headers[2].1, [], headers[4].1, [0xff, 0],
                ]
            )
        }
    }

    @Test func `a leader that moves is followed`() async throws {
        try await withCluster(brokers: 3) { cluster, bench in
            let values = MessageLogPromise.values(0..<300)
            try await bench.log.follow(Self.channel, from: 0)
            var messages: [LogMessage] = []
            for (index, broker) in [Int32(1), 2, 3].enumerated() {
                try await bench.append(
                    Array(values[(index * 100)..<(index * 100 + 50)]),
                    Self.channel
                )
                cluster.setLeader(of: Self.channel.name, to: broker)
                try await bench.append(
                    Array(values[(index * 100 + 50)..<(index * 100 + 100)]),
                    Self.channel
                )
                messages += try await bench.read(100)
            }
            #expect(messages.map(\.value) == values)
        }
    }

    @Test(arguments: [
        RD_KAFKA_RESP_ERR_UNKNOWN, RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION,
        RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE,
        RD_KAFKA_RESP_ERR__TRANSPORT, RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT,
    ])
    func `a fetch that fails a few times is repeated`(code: rd_kafka_resp_err_t) async throws {
        try await withCluster(brokers: 1) { cluster, bench in
            let values = MessageLogPromise.values(0..<100)
            try await bench.append(values, Self.channel)
            cluster.fail(api: Self.fetch, with: code, times: 2)
            try await bench.log.follow(Self.channel, from: 0)
            #expect(try await bench.read(100).map(\.value) == values)
            #expect(try await bench.read(for: .milliseconds(300)).isEmpty)
        }
    }

    @Test func `a topic that must not be read is refused`() async throws {
        try await withCluster(brokers: 1) { cluster, bench in
            try await bench.append([[1]], Self.channel)
            cluster.fail(
                api: Self.fetch,
                with: RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED,
                times: 1
            )
            try await bench.log.follow(Self.channel, from: 0)
            #expect(try await bench.failure()?.code == .refused)
            // Once it may be read, it is.
            #expect(try await bench.read(1).map(\.value) == [[1]])
        }
    }
}
