/// Runs the benchmarks: each figure is a ratio to a reference measured in the same run.
///
/// Usage: `flightlog-bench [capture] [journal] [sizes] [opening] [followers] [memory] [--rounds N] [--megabytes N]`,
/// or `flightlog-bench rate` for `tools/peers`.
@main
struct BenchmarkMain {
    static func main() async throws {
        var rounds = 5
        var megabytes = 256
        let words = CommandLine.arguments
        if words.count == 4, words[1].hasPrefix("memory-"), let byteCount = Int(words[3]) {
            return try await MemoryBenchmark.child(words[1], words[2], byteCount)
        }
        var arguments = words.dropFirst()
        var parts: Set<String> = []
        while let word = arguments.popFirst() {
            switch word {
            case "--rounds": rounds = arguments.popFirst().flatMap { Int($0) } ?? rounds
            case "--megabytes": megabytes = arguments.popFirst().flatMap { Int($0) } ?? megabytes
            default: parts.insert(word)
            }
        }
        let byteCount = megabytes << 20
        func isWanted(_ part: String) -> Bool { parts.isEmpty || parts.contains(part) }
        if parts.contains("rate") { return try await RateBenchmark(byteCount: byteCount).run() }
        if isWanted("capture") {
            try await CaptureBenchmark(rounds: rounds, byteCount: byteCount).run()
        }
        if isWanted("journal") {
            try await JournalBenchmark(rounds: rounds, byteCount: byteCount).run()
        }
        if isWanted("sizes") {
            try await SizeBenchmark(rounds: rounds, byteCount: byteCount / 4).run()
        }
        if isWanted("opening") {
            try await OpeningBenchmark(rounds: rounds, byteCount: byteCount).run()
        }
        if isWanted("followers") {
            try await FollowerBenchmark(rounds: rounds, byteCount: byteCount).run()
        }
        if isWanted("memory") { try MemoryBenchmark(byteCount: byteCount).run() }
    }
}
