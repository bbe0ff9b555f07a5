/// Runs the benchmarks: each figure is a ratio to a reference measured in the same run.
///
/// Usage: `flightlog-bench [capture] [journal] [--rounds N] [--megabytes N]`
@main
struct BenchmarkMain {
    static func main() async throws {
        var rounds = 5
        var megabytes = 256
        var arguments = CommandLine.arguments.dropFirst()
        var parts: Set<String> = []
        while let word = arguments.popFirst() {
            switch word {
            case "--rounds": rounds = arguments.popFirst().flatMap { Int($0) } ?? rounds
            case "--megabytes": megabytes = arguments.popFirst().flatMap { Int($0) } ?? megabytes
            default: parts.insert(word)
            }
        }
        let byteCount = megabytes << 20
        if parts.isEmpty || parts.contains("capture") {
            try await CaptureBenchmark(rounds: rounds, byteCount: byteCount).run()
        }
        if parts.isEmpty || parts.contains("journal") {
            try await JournalBenchmark(rounds: rounds, byteCount: byteCount).run()
        }
    }
}
