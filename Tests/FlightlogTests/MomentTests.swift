import Operations
import Testing

@testable import flightlog

@Suite struct MomentTests {
    @Test func `every form is read`() {
        #expect(Moment("latest") == .latest)
        #expect(
            Moment("tso:450000000000000000")
                == .timestamp(HybridTimestamp(rawValue: 450_000_000_000_000_000))
        )
        #expect(Moment("seq:17") == .sequence(SequenceNumber(rawValue: 17)))
        #expect(Moment("point:before-upgrade") == .point("before-upgrade"))
        #expect(Moment("1970-01-01T00:00:01Z") == .time(unixMilliseconds: 1000))
    }

    @Test(arguments: ["", "17", "tso:", "seq:-1", "point:", "yesterday"])
    func `anything else is refused, a bare number too`(text: String) {
        #expect(Moment(text) == nil)
    }
}
