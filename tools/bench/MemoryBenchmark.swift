import FoundationEssentials
import Glibc
import Journal
import Operations

/// What a process holds in memory that writes, opens, reads and verifies a journal of some size.
///
/// Each runs in a process of its own: `flightlog-bench memory` starts `flightlog-bench memory-write` and
/// others, which print their peak.
struct MemoryBenchmark {
    let byteCount: Int

    private static let limitMegabytes = 64.0

    func run() throws {
        for size in [byteCount, byteCount * 8] {
            let folder = JournalFolder("memory")
            defer { folder.remove() }
            for part in ["memory-write", "memory-open", "memory-read", "memory-verify"] {
                let peak = try Self.peak(of: part, folder.path, size)
                var ratio = Ratio(
                    "\(part.dropFirst(7)) a journal of \(size >> 20) MiB, peak memory",
                    "64 MB",
                    unit: "MB",
                    goal: .most(1, 1)
                )
                ratio.add(peak, Self.limitMegabytes)
                say(ratio.text)
            }
        }
    }

    /// The part of a child process.
    static func child(_ part: String, _ path: String, _ byteCount: Int) async throws {
        switch part {
        case "memory-write":
            let writer = try JournalWriter.open(at: path, source: "bench")
            // One MiB after another, so that the rows themselves take nothing.
            for number in 0..<byteCount >> 20 {
                var batch = PreparedBatches.noise(1 << 20)[0]
                let timestamp = HybridTimestamp(
                    unixMilliseconds: PreparedLog.firstTime + Int64(number)
                )
                batch = Batch(
                    operations: batch.operations.map {
                        StampedOperation(timestamp: timestamp, operation: $0.operation)
                    },
                    position: PreparedBatches.position(timestamp)
                )
                _ = try await writer.submit(batch)
            }
            await writer.close()
        case "memory-open": await (try JournalWriter.open(at: path, source: "bench")).close()
        case "memory-read":
            var cursor = try JournalReader.open(at: path).cursor(after: .zero)
            while try cursor.next() != nil {}
        default:
            let report = try verify(journalAt: path)
            precondition(report.isSound)
        }
        print(highWaterMegabytes())
    }

    private static func peak(of part: String, _ path: String, _ byteCount: Int) throws -> Double {
        var ends: [Int32] = [0, 0]
        precondition(pipe(&ends) == 0)
        defer { close(ends[0]) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
        let words: [String] = ["bench", part, path, "\(byteCount)"]
        var list: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
        list.append(nil)
        defer { list.forEach { free($0) } }
        var child: pid_t = 0
        let code = posix_spawn(&child, "/proc/self/exe", &actions, nil, list, environ)
        close(ends[1])
        precondition(code == 0)
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = read(ends[0], &bytes, bytes.count)
        var status: Int32 = 0
        waitpid(child, &status, 0)
        let text = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
        guard status == 0, let peak = Double(text.prefix { $0 != "\n" }) else {
            fatalError("\(part) ended with \(status)")
        }
        return peak
    }

    /// `VmHWM` of this process.
    private static func highWaterMegabytes() -> Double {
        let status = FileManager.default.contents(atPath: "/proc/self/status") ?? Data()
        let line = String(decoding: status, as: UTF8.self).split(separator: "\n")
            .first { $0.hasPrefix("VmHWM") }
        let digits = line?.filter { $0.isNumber } ?? ""
        return (Double(digits) ?? 0) * 1024 / 1e6
    }
}
