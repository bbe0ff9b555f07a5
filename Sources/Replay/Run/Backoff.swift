/// How long to wait before the next attempt: exponential, with full jitter, without end.
package struct Backoff: Hashable, Sendable {
    /// The bound of the first wait.
    package let first: Duration
    /// The bound that no wait exceeds.
    package let longest: Duration

    package static let standard = Backoff(first: .milliseconds(100), longest: .seconds(10))

    package init(first: Duration, longest: Duration) {
        self.first = first
        self.longest = longest
    }

    /// The bound of the wait after `attempt` failures, counted from 1.
    package func bound(after attempt: Int) -> Duration {
        // Past 30 doublings every first wait exceeds every longest one.
        let doublings = min(max(attempt, 1) - 1, 30)
        return min(first * (1 << doublings), longest)
    }

    /// A wait between nothing and the bound, all equally likely.
    package func delay(
        after attempt: Int,
        using random: inout some RandomNumberGenerator
    ) -> Duration {
        bound(after: attempt) * Double.random(in: 0...1, using: &random)
    }
}
