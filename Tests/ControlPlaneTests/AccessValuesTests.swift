import Testing

@testable import ControlPlane

@Suite struct AccessValuesTests {
    @Test func `a token is read as it was made, and no two are equal`() throws {
        let token = BearerToken()
        let read = try #require(BearerToken(token.text))
        #expect(read.id == token.id)
        #expect(read.matches(token.digest))
        #expect(token.digest.count == 32)
        #expect(!BearerToken().matches(token.digest))
        #expect(token.text.utf8.count == 9 + 1 + 16 + 1 + 64)
    }

    @Test(arguments: ["", "flightlog", "flightlog_1_2", "other_0123456789abcdef_0", "a b"])
    func `what cannot be a token is none`(text: String) { #expect(BearerToken(text) == nil) }

    @Test func `roles are ordered`() {
        #expect(Role.viewer < .operator)
        #expect(Role.operator < .admin)
        #expect(!(Role.admin < .admin))
    }

    @Test func `a bucket lets a burst through, and then as much as time brings`() {
        let start = ContinuousClock.now
        var rate = CallRate(perSecond: 2, burst: 3, at: start)
        let first = (0..<5).map { _ in rate.take(at: start) }
        #expect(first == [true, true, true, false, false])
        let later = start + .seconds(1)
        let second = (0..<3).map { _ in rate.take(at: later) }
        #expect(second == [true, true, false])
        let isFull = rate.isFull(at: start + .seconds(60))
        #expect(isFull)
    }

    @Test func `callers do not spend each other's share, and idle ones are forgotten`() {
        let start = ContinuousClock.now
        var rates = CallRates(perSecond: 1, burst: 1)
        let taken = ["a", "a", "b"].map { rates.take($0, at: start) }
        #expect(taken == [true, false, true])
        for number in 2..<CallRates.callersMax { _ = rates.take("\(number)", at: start) }
        let isTooMany = !rates.take("one too many", at: start)
        let hasRoom = rates.take("one too many", at: start + .seconds(2))
        #expect(isTooMany && hasRoom)
    }

    @Test(arguments: [
        ("{}", 1), ("[[]]", 2), (#"{"a":"[[[["}"#, 1), (#"{"a":"\"[["}"#, 1), ("1", 0),
        ("[[[", 3), ("]]]", 0),
    ])
    func `nesting is told without decoding`(text: String, depth: Int) {
        #expect(JSONNesting.depth(of: text.utf8) == depth)
    }

    @Test func `a page token is read as it was written, and others are refused`() throws {
        let token = PageToken(parts: ["0001", "a?b/c"])
        #expect(try PageToken(text: token.text) == token)
        for text in ["", "x", "W10", "bnVsbA", "é"] {
            #expect(throws: Problem.self) { try PageToken(text: text) }
        }
        #expect(PageToken.number(9) < PageToken.number(10))
    }
}
