import Replay
import Testing

struct BackoffTests {
    @Test func `bounds double up to the longest, for ever`() {
        let backoff = Backoff.standard
        #expect(backoff.bound(after: 1) == .milliseconds(100))
        #expect(backoff.bound(after: 2) == .milliseconds(200))
        #expect(backoff.bound(after: 7) == .milliseconds(6_400))
        #expect(backoff.bound(after: 8) == .seconds(10))
        #expect(backoff.bound(after: .max) == .seconds(10))
    }

    @Test func `waits lie anywhere between nothing and the bound`() {
        var random = SeededRandom(seed: 1)
        let waits = (0..<1_000).map { _ in Backoff.standard.delay(after: 1, using: &random) }
        #expect(waits.allSatisfy { $0 >= .zero && $0 <= .milliseconds(100) })
        #expect(waits.contains { $0 < .milliseconds(10) })
        #expect(waits.contains { $0 > .milliseconds(90) })
    }
}
