import Operations
import Replay
import Testing

struct RestoreGoalTests {
    private let span = JournalSpan(
        start: Mark(sequence: SequenceNumber(rawValue: 10), tso: Make.tso(100)),
        first: Make.tso(101),
        head: Mark(sequence: SequenceNumber(rawValue: 50), tso: Make.tso(500))
    )

    private func end(_ text: String, points: [String: UInt64] = [:]) throws -> ReplayEnd {
        try RestoreGoal(text).end(in: span) { points[$0].map(Make.tso) }
    }

    @Test func `each form is understood`() throws {
        #expect(try RestoreGoal("latest") == .latest)
        #expect(try RestoreGoal("tso:12") == .timestamp(Make.tso(12)))
        #expect(try RestoreGoal("seq:7") == .sequence(SequenceNumber(rawValue: 7)))
        #expect(try RestoreGoal("point:before-upgrade") == .point("before-upgrade"))
        #expect(try RestoreGoal("before-upgrade") == .point("before-upgrade"))
    }

    @Test func `a time means the end of its millisecond`() throws {
        #expect(
            try RestoreGoal("1970-01-01T00:00:01.250Z")
                == .timestamp(HybridTimestamp(endOfUnixMilliseconds: 1_250))
        )
    }

    @Test(arguments: ["", "tso:", "tso:x", "seq:-1", "point:", "2024-05-01", "TSO:1", "a b"])
    func `anything else is refused with a hint`(text: String) {
        #expect {
            try RestoreGoal(text)
        } throws: { error in
            let error = error as? ReplayError
            return error?.code == .invalid && error?.hint != nil
        }
    }

    @Test func `a goal within the journal has its place there`() throws {
        #expect(try end("latest") == .sequence(SequenceNumber(rawValue: 50)))
        #expect(try end("seq:50") == .sequence(SequenceNumber(rawValue: 50)))
        #expect(try end("tso:101") == .timestamp(Make.tso(101)))
        #expect(try end("tso:500") == .timestamp(Make.tso(500)))
        #expect(try end("point:p", points: ["p": 200]) == .timestamp(Make.tso(200)))
    }

    @Test(arguments: ["seq:51", "seq:10", "tso:501", "tso:100", "point:p", "point:late"])
    func `a goal outside says what the journal holds`(text: String) {
        #expect {
            try end(text, points: ["late": 501])
        } throws: { error in
            (error as? ReplayError)?.code == .notFound
        }
    }

    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0), ("2024-05-01T10:00:00Z", 1_714_557_600_000),
        ("2024-02-29T23:59:59.999Z", 1_709_251_199_999),
        ("2024-05-01T12:00:00+02:00", 1_714_557_600_000),
        ("2024-05-01t09:30:00.5-00:30", 1_714_557_600_500),
        ("2000-03-01T00:00:00Z", 951_868_800_000), ("1969-12-31T23:59:59.001Z", -999),
        ("2016-12-31T23:59:60Z", 1_483_228_799_999),
        ("2024-05-01T10:00:00.123456789Z", 1_714_557_600_123),
    ])
    func `a time is read as RFC 3339 says`(text: String, milliseconds: Int64) {
        #expect(InternetInstant(text)?.unixMilliseconds == milliseconds)
    }

    @Test(arguments: [
        "2024-02-30T00:00:00Z", "2023-02-29T00:00:00Z", "2024-13-01T00:00:00Z",
        "2024-05-01T24:00:00Z", "2024-05-01T10:60:00Z", "2024-05-01T10:00:00",
        "2024-05-01T10:00:00.Z", "2024-05-01T10:00:00+2:00", "2024-05-01T10:00:00Zx",
        "24-05-01T10:00:00Z",
    ])
    func `what is no time is none`(text: String) {
        #expect(InternetInstant(text) == nil)
    }
}
