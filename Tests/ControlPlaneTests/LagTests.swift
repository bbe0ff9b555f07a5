import Operations
import Replay
import Testing

@testable import ControlPlane

@Suite struct LagTests {
    /// A mark whose timestamp is so many seconds after 1970.
    private static func mark(_ sequence: UInt64, _ seconds: Int64) -> Mark {
        Mark(sequence: SequenceNumber(rawValue: sequence), tso: time(seconds))
    }

    private static func time(_ seconds: Int64) -> HybridTimestamp {
        HybridTimestamp(unixMilliseconds: seconds * 1000)
    }

    @Test func `a target that is stuck falls behind by one second a second`() {
        for second in Int64(0)..<600 {
            let lag = Lag(
                checkpoint: Self.mark(5, 1000),
                head: Self.mark(9, 1000 + second),
                first: .zero,
                read: Self.time(1000 + second),
                isRunning: true,
                now: (1000 + second) * 1000
            )
            #expect(lag.seconds == Double(second))
        }
    }

    @Test func `a target that has nothing yet is behind by all that the journal holds`() {
        let lag = Lag(
            checkpoint: .start,
            head: Self.mark(9, 1000),
            first: Self.time(400),
            read: Self.time(1000),
            isRunning: true,
            now: 1_000_000
        )
        #expect(lag.seconds == 600)
    }

    @Test func `a target that has only what has no date is no further behind than that`() {
        let lag = Lag(
            checkpoint: Mark(
                sequence: SequenceNumber(rawValue: 6),
                tso: HybridTimestamp(rawValue: 1)
            ),
            head: Self.mark(9, 1000),
            first: Self.time(400),
            read: Self.time(1000),
            isRunning: true,
            now: 1_000_000
        )
        #expect(lag.seconds == 600)
    }

    @Test func `an empty journal leaves nobody behind`() {
        let lag = Lag(
            checkpoint: .start,
            head: .start,
            first: .zero,
            read: nil,
            isRunning: true,
            now: 1_000_000
        )
        #expect(lag.seconds == 0)
    }

    @Test(arguments: [
        // Paused, not read, read long ago: nothing is known of what the source did since.
        (false, Int64(1000), 5.0), (true, nil, 5.0), (true, 997, 5.0),
        (true, 1000, 0.0), (true, 998, 0.0),
    ])
    func `a target without backlog is up to date only while its source is read`(
        isRunning: Bool,
        read: Int64?,
        seconds: Double
    ) {
        let lag = Lag(
            checkpoint: Self.mark(9, 995),
            head: Self.mark(9, 999),
            first: .zero,
            read: read.map(Self.time),
            isRunning: isRunning,
            now: 1_000_000
        )
        #expect(lag.seconds == seconds)
    }

    @Test func `a source whose clock is ahead leaves nobody behind by less than nothing`() {
        let lag = Lag(
            checkpoint: Self.mark(5, 1010),
            head: Self.mark(9, 1010),
            first: .zero,
            read: nil,
            isRunning: true,
            now: 1_000_000
        )
        #expect(lag.seconds == 0)
    }
}
