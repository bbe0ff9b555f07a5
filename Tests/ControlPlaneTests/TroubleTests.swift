import Capture
import Catalog
import Journal
import Operations
import Replay
import Testing

@testable import ControlPlane

@Suite struct TroubleTests {
    @Test func `what a peer that is away says passes by itself`() {
        #expect(Trouble(LogFailure(code: .unavailable, message: "m")).isTransient)
        #expect(Trouble(MetadataFailure(code: .unavailable, message: "m")).isTransient)
        #expect(Trouble(TargetFailure(code: .transient, message: "m")).isTransient)
        #expect(Trouble(JournalError(.full, "m")).isTransient)
        #expect(!Trouble(LogFailure(code: .refused, message: "m")).isTransient)
    }

    @Test func `history that is gone is a gap`() {
        let channel = PhysicalChannel("c")
        let code = LogFailure.Code.offsetOutOfRange(channel, offset: 1, bounds: nil)
        #expect(Trouble(LogFailure(code: code, message: "m")).kind == .gap)
        let compacted = MetadataFailure.Code.compacted(oldest: .zero)
        #expect(Trouble(MetadataFailure(code: compacted, message: "m")).kind == .gap)
    }

    @Test func `the words of the room and its hint are kept`() {
        let trouble = Trouble(JournalError(.corrupt, "Bad.", hint: "Repair it."))
        #expect(trouble == Trouble(.corrupt, "Bad.", hint: "Repair it."))
    }

    @Test func `an error that nobody knows is a failure with its own words`() {
        struct Strange: Error, CustomStringConvertible { var description: String { "odd" } }
        #expect(Trouble(Strange()) == Trouble(.failed, "odd"))
    }

    @Test func `every code of a problem has the status it is answered with`() {
        for code in Problem.Code.allCases {
            #expect((400..<600).contains(Problem(code, "d").status))
        }
    }
}
