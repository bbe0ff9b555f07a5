import Testing

@testable import flightlog

@Suite struct JSONTests {
    @Test func `keys keep their order and numbers their digits`() {
        let value = JSON.object([
            ("seq", .unsigned(.max)), ("b", .integer(-1)), ("a", .number(0.5)), ("n", .number(3)),
            ("x", .number(.nan)), ("none", .null), ("yes", .bool(true)), ("list", .array([])),
        ])
        #expect(
            value.compact
                == #"{"seq":18446744073709551615,"b":-1,"a":0.5,"n":3,"x":null,"none":null,"yes":true,"list":[]}"#
        )
    }

    @Test func `text is quoted`() {
        #expect(JSON.text("a\"\\\n\t\u{1}é").compact == #""a\"\\\n\t\u0001é""#)
    }

    @Test func `the long form is indented`() {
        #expect(
            JSON.object([("a", .array([.bool(false)]))]).pretty
                == "{\n  \"a\": [\n    false\n  ]\n}"
        )
    }
}
