/// Pauses between attempts: twice as long each time, with jitter, up to a limit.
struct RetryPause {
    private static let first = Duration.milliseconds(100)
    private static let longest = Duration.seconds(10)

    private var failures = 0

    /// The pause after one more failure.
    mutating func next() -> Duration {
        let pause = min(RetryPause.first * (1 << min(failures, 10)), RetryPause.longest)
        failures += 1
        return pause * Double.random(in: 0.5...1)
    }

    /// Begins small again, after something worked.
    mutating func reset() { failures = 0 }
}
