/// Runs the benchmarks: each figure is a ratio to a reference measured in the same run.
///
/// Usage: `flightlog-bench [--rounds N] [--megabytes N]`
@main
struct BenchmarkMain {
    static func main() async throws {
        var rounds = 5
        var megabytes = 512
        var arguments = CommandLine.arguments.dropFirst()
        while let name = arguments.popFirst(), let value = arguments.popFirst().flatMap({ Int($0) })
        {
            switch name {
            case "--rounds": rounds = value
            case "--megabytes": megabytes = value
            default: break
            }
        }
        try await CaptureBenchmark(rounds: rounds, byteCount: megabytes << 20).run()
    }
}
