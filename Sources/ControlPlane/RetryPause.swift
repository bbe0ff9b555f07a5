internal import Replay

/// The wait between two attempts of a runner.
enum RetryPause {
    /// How soon a runner that is stopped meanwhile hears of it.
    private static let slice = Duration.milliseconds(200)

    /// Waits longer the more attempts there were; returns soon once `isStopping`, or when cancelled.
    static func wait(after attempts: Int, until isStopping: () -> Bool) async {
        var random = SystemRandomNumberGenerator()
        let end = ContinuousClock.now + Backoff.standard.delay(after: attempts, using: &random)
        while ContinuousClock.now < end, !isStopping(), !Task.isCancelled {
            try? await Task.sleep(for: min(slice, end - .now))
        }
    }
}
