import Operations
import Replay
import Testing

struct NamePatternTests {
    @Test(arguments: [
        ("a.b", "a", "b", true), ("a.b", "a", "c", false), ("a.*", "a", "anything", true),
        ("*.b", "x", "b", true), ("*.b", "x", "bb", false), ("*.*", "x", "y", true),
        ("b", "default", "b", true), ("b", "other", "b", false), ("*", "other", "y", true),
        ("a.log_*", "a", "log_1", true), ("a.log_*", "a", "log", false),
        ("a.*_v*_x", "a", "one_v2_v3_x", true), ("a.*_v*_x", "a", "one_x", false),
        ("a*c.b", "abbc", "b", true), ("a.**", "a", "", true),
    ])
    func `a star stands for any run of characters in its part`(
        pattern: String,
        database: String,
        collection: String,
        matches: Bool
    ) throws {
        let pattern = try NamePattern(pattern)
        #expect(pattern.matches(Make.name(collection, in: database)) == matches)
    }

    @Test(arguments: ["", ".", "a.", ".b", "a.b.c", "a b", "a=b", "a.b,c.d"])
    func `what is no pattern is refused with a hint`(text: String) {
        #expect {
            try NamePattern(text)
        } throws: { error in
            let error = error as? ReplayError
            return error?.code == .invalid && error?.hint != nil
        }
    }

    @Test func `a pattern says whether it takes all of a database or some`() throws {
        #expect(try NamePattern("a.*").covers(database: "a"))
        #expect(try !NamePattern("a.x*").covers(database: "a"))
        #expect(try NamePattern("a.x*").touches(database: "a"))
        #expect(try !NamePattern("a.x*").touches(database: "b"))
    }
}
