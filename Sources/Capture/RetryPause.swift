/// Pauses that grow twofold from the shortest to the longest, each with full jitter.
struct RetryPause {
    private let bounds: ClosedRange<Duration>
    private var current: Duration

    init(_ bounds: ClosedRange<Duration>) {
        self.bounds = bounds
        current = bounds.lowerBound
    }

    /// The next pause.
    mutating func next() -> Duration {
        defer { current = min(current * 2, bounds.upperBound) }
        return current * Double.random(in: 0.5...1)
    }

    /// Something went well: begin small again.
    mutating func reset() { current = bounds.lowerBound }
}
