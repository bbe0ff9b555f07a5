import Capture
import Kafka
import Logging
import Operations
import TestSupport
import Testing

/// Runs a test against a broker of its own.
func withBroker(
    _ options: (inout KafkaOptions) -> Void = { _ in },
    _ body: (BrokerProcess, MessageLogBench, KafkaMessageLog) async throws -> Void
) async throws {
    let broker = try await BrokerProcess()
    defer { broker.stop() }
    var kafka = KafkaOptions(brokers: broker.address)
    options(&kafka)
    let log = try KafkaMessageLog(kafka, logger: quiet)
    let bench = MessageLogBench(log: log) { values, channel in
        try Producer(broker.address).append(values, to: channel)
    } truncate: { channel, offset in
        try await broker.command("truncate \(channel) 0 \(offset)")
    }
    do {
        try await body(broker, bench, log)
    } catch {
        await log.close()
        throw error
    }
    await log.close()
}

/// A logger that is not heard.
let quiet = Logger(label: "quiet") { _ in SwiftLogNoOpLogHandler() }

@Suite(.serialized) struct KafkaMessageLogTests {
    @Test(arguments: MessageLogPromise.allCases)
    func `Kafka keeps every promise of a log`(_ promise: MessageLogPromise) async throws {
        try await withBroker { _, bench, _ in try await promise.check(bench) }
    }

    @Test func `ten thousand messages come once and in order`() async throws {
        try await withBroker { _, bench, _ in
            let channel = PhysicalChannel("dml_0")
            let values = MessageLogPromise.values(0..<10_000)
            try await bench.append(values, channel)
            try await bench.log.follow(channel, from: 0)
            let messages = try await bench.read(10_000)
            #expect(messages.map(\.offset) == Array(0..<10_000))
            #expect(messages.map(\.value) == values)
        }
    }

    @Test(arguments: ["none", "gzip", "snappy", "lz4", "zstd"])
    func `batches are unpacked`(compression: String) async throws {
        try await withBroker { broker, bench, _ in
            let channel = PhysicalChannel("dml_0")
            let values = (0..<50).map { [UInt8](repeating: UInt8($0), count: 10_000) }
            try Producer(broker.address, compression: compression).append(values, to: channel)
            try await bench.log.follow(channel, from: 20)
            #expect(try await bench.read(30).map(\.value) == Array(values[20...]))
        }
    }

    @Test func `a message of ten mebibytes comes whole`() async throws {
        try await withBroker { broker, bench, _ in
            let channel = PhysicalChannel("dml_0")
            let words = (0..<(10 << 20) / 8).map { UInt64($0) &* 0x9E37_79B9_7F4A_7C15 }
            let large = words.withUnsafeBytes { [UInt8]($0) }
            try Producer(broker.address).append([[1], large, [2]], to: channel)
            try await bench.log.follow(channel, from: 0)
            let got = try await bench.read(3).map(\.value)
            // Compared outside of the expectation, which would print ten mebibytes.
            let isWhole = got == [[1], large, [2]]
            #expect(isWhole)
        }
    }

    @Test func `only the headers of the envelope come along`() async throws {
        try await withBroker { broker, bench, _ in
            let channel = PhysicalChannel("dml_0")
            let headers: [(String, [UInt8])] = [
                ("traceparent", [1]), ("_v", [50]), ("msg_type", [2]), ("_t", []),
            ]
            try Producer(broker.address).append([7], headers: headers, to: channel)
            try await bench.log.follow(channel, from: 0)
            let message = try #require(try await bench.read(1).first)
            #expect(message.value == [7])
            #expect(
                message.headers == [.init(name: "_v", value: [50]), .init(name: "_t", value: [])]
            )
        }
    }

    @Test func `no answer is larger than its limits`() async throws {
        try await withBroker { _, bench, _ in
            let channel = PhysicalChannel("dml_0")
            let large = [[UInt8]](repeating: [UInt8](repeating: 7, count: 1 << 20), count: 20)
            try await bench.append(MessageLogPromise.values(0..<3_000) + large, channel)
            try await bench.log.follow(channel, from: 0)
            var count = 0
            while count < 3_020 {
                let messages = try await bench.log.next(wait: .seconds(10))
                count += messages.count
                #expect(messages.count <= 1_000)
                #expect(messages.reduce(0) { $0 + $1.value.count } <= 5 << 20)
            }
        }
    }
}
