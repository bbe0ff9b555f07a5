import Replay
import Synchronization

/// Time that passes when a test says so.
final class ManualClock: Sendable {
    private struct State {
        var now = Duration.zero
        var sleepers: [(until: Duration, wake: AsyncStream<Never>.Continuation)] = []
    }

    private let state = Mutex(State())

    var replayClock: ReplayClock {
        ReplayClock(
            now: { self.state.withLock(\.now) },
            sleep: { duration in
                let (silence, wake) = AsyncStream.makeStream(of: Never.self)
                self.state.withLock { $0.sleepers.append(($0.now + duration, wake)) }
                for await _ in silence {}
                try Task.checkCancellation()
            }
        )
    }

    func advance(by duration: Duration) {
        let woken = state.withLock { state in
            state.now += duration
            let woken = state.sleepers.filter { $0.until <= state.now }
            state.sleepers.removeAll { $0.until <= state.now }
            return woken
        }
        for sleeper in woken { sleeper.wake.finish() }
    }

    /// Lets time pass until it is cancelled, a little whenever a target has few calls under way.
    func pass(while target: InMemoryTarget, hasAtMost calls: Int) async {
        while !Task.isCancelled {
            try? await Task.sleep(for: .milliseconds(2))
            if target.underWay <= calls { advance(by: .milliseconds(1)) }
        }
    }
}
