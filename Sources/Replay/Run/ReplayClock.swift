/// The time that passes, as a replay sees it.
package struct ReplayClock: Sendable {
    /// The time since some fixed moment.
    package let now: @Sendable () -> Duration
    package let sleep: @Sendable (Duration) async throws -> Void

    package init(
        now: @escaping @Sendable () -> Duration,
        sleep: @escaping @Sendable (Duration) async throws -> Void
    ) {
        self.now = now
        self.sleep = sleep
    }

    /// The time of the machine, which goes on while it sleeps.
    package static var continuous: ReplayClock {
        let start = ContinuousClock.now
        return ReplayClock(
            now: { ContinuousClock.now - start },
            sleep: { try await Task.sleep(for: $0) }
        )
    }
}
