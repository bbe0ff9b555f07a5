import Capture
import FoundationEssentials
import Glibc
import Kafka
import Operations
import TestSupport
import Testing

struct MemoryTests {
    /// What the process holds in memory now.
    private static func residentBytes() throws -> Int {
        let text = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
        return try #require(Int(text.split(separator: " ")[1])) * sysconf(Int32(_SC_PAGESIZE))
    }

    @Test func `a reader that is slower than the broker is not run over`() async throws {
        try await withBroker { broker, bench, _ in
            let words = (0..<(256 << 10) / 8).map { UInt64($0) &* 0x9E37_79B9_7F4A_7C15 }
            let value = words.withUnsafeBytes { [UInt8]($0) }
            let channels = (0..<4).map { PhysicalChannel("dml_\($0)") }
            // In turns, so that the producer in this process holds little.
            for round in 0..<20 {
                let producer = try Producer(broker.address, compression: "none")
                let values = [[UInt8]](repeating: value, count: 64)
                try producer.append(values, to: channels[round % 4])
            }
            let before = try Self.residentBytes()
            for channel in channels { try await bench.log.follow(channel, from: 0) }
            // 320 MiB wait at the broker. Other tests may run in this process, hence the margin.
            _ = try await bench.log.next(wait: .seconds(5))
            try await Task.sleep(for: .seconds(1))
            #expect(try Self.residentBytes() - before < 160 << 20)
        }
    }
}
