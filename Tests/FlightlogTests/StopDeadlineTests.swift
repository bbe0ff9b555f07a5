import Synchronization
import Testing

@testable import flightlog

@Suite struct StopDeadlineTests {
    private struct Ended: Equatable {
        let status: flightlog.ExitStatus
        let sentence: String
    }

    /// What is to be done, and when: a clock that a test moves by hand.
    private final class Hands: Sendable {
        let due = Mutex<[(Duration, @Sendable () -> Void)]>([])

        func move(to time: Duration) {
            let work = due.withLock { due in
                defer { due.removeAll { $0.0 <= time } }
                return due.filter { $0.0 <= time }.map(\.1)
            }
            for work in work { work() }
        }
    }

    @Test func `what still runs after thirty seconds is ended, and not before`() {
        let hands = Hands()
        let ended = Mutex<[Ended]>([])
        let deadline = StopDeadline(
            timer: { after, work in hands.due.withLock { $0.append((after, work)) } },
            end: { status, sentence in
                ended.withLock { $0.append(Ended(status: status, sentence: sentence)) }
            }
        )
        deadline.begin()
        hands.move(to: .milliseconds(29_999))
        #expect(ended.withLock { $0.isEmpty })
        hands.move(to: .seconds(30))
        let expected = Ended(
            status: .failure,
            sentence: "Stopping took too long; ended as it is."
        )
        #expect(ended.withLock { $0 } == [expected])
    }

    @Test func `calls are cancelled before the process is ended`() {
        #expect(StopDeadline.graceful < StopDeadline.whole)
        #expect(StopDeadline.whole <= .seconds(30))
    }
}
