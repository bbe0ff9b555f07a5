import Operations
import Testing

@testable import Milvus

struct JSONValueTests {
    @Test(arguments: [
        (#" { "b" : [ 1 , -0, 10 ] , "a" : null } "#, #"{"a":null,"b":[1,0,10]}"#),
        (#"12345678901234567890123"#, #"12345678901234567890123"#),
        (
            #"[1.0,1e0,0.5]"#,
            ##"[{"$d":"000000000000f03f"},{"$d":"000000000000f03f"},{"$d":"000000000000e03f"}]"##
        ),
        (#"{"a":1,"a":2}"#, #"{"a":2}"#),
        (#""\u00e9\ud83d\ude42\/\b\f\n\r\t\u0001\"\\""#, #""é🙂/\b\f\n\r\t\u0001\"\\""#),
        (#"["\ud800","\ud800\u0041","\udc00"]"#, #"["\#u{fffd}","\#u{fffd}A","\#u{fffd}"]"#),
        (#"{"é":1,"z":2,"a":3}"#, #"{"a":3,"z":2,"é":1}"#),
        ("true", "true"),
    ])
    func `text is read and written canonically`(text: String, canonical: String) throws {
        #expect(try JSONValue(parsing: text.utf8).canonical == canonical)
    }

    @Test(arguments: [
        "", " ", "{", "[1,]", "{\"a\":1,}", "{1:2}", "01", "1.", ".5", "-", "1e", "+1", "nul",
        "\"\n\"",
        "\"\\x\"", "\"\\u12\"", "\"\\u12g4\"", "1 2", "NaN", "\"", "[1", "{\"a\"}",
        String(repeating: "[", count: 100_000),
    ])
    func `what is no JSON is refused`(text: String) {
        #expect(throws: CodingFailure.self) { try JSONValue(parsing: text.utf8) }
    }

    @Test func `names that Unicode takes for equal are two names`() throws {
        let value = try JSONValue(parsing: "{\"e\u{301}\":1,\"\u{e9}\":2}".utf8)
        #expect(value.canonical.utf8.elementsEqual("{\"e\u{301}\":1,\"\u{e9}\":2}".utf8))
    }
}
