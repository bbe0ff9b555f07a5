import Synchronization
import Testing

@testable import ControlPlane

@Suite(.timeLimit(.minutes(5)))
struct TurnstileTests {
    /// How many are inside.
    private final class Inside: Sendable {
        let count = Mutex(0)

        func change(by difference: Int) -> Int {
            count.withLock { count in
                count += difference
                return count
            }
        }
    }

    @Test func `one at a time is inside, however often it waits there`() async {
        let turnstile = Turnstile()
        let inside = Inside()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    await turnstile.pass {
                        #expect(inside.change(by: 1) == 1)
                        for _ in 0..<3 { await Task.yield() }
                        #expect(inside.change(by: -1) == 0)
                    }
                }
            }
        }
    }

    @Test func `who fails inside leaves it to the next one`() async throws {
        struct Failure: Error {}
        let turnstile = Turnstile()
        await #expect(throws: Failure.self) { try await turnstile.pass { throw Failure() } }
        #expect(await turnstile.pass { 7 } == 7)
    }
}
