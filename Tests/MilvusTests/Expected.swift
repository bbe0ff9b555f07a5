import Capture
import Operations
import TestSupport

@testable import Milvus

/// One line of an `expected-*.jsonl` file.
struct Expected {
    let json: JSONValue

    init(_ json: JSONValue) { self.json = json }

    /// The lines of one of the recording's files.
    static func lines(_ name: String) throws -> [Expected] {
        try Recording.lines(name).map { Expected(try JSONValue(parsing: $0)) }
    }

    /// A plain number; nil if there is none.
    func number(_ name: String) -> Int64? { json[name]?.number }

    /// A text; nil if there is none.
    func text(_ name: String) -> String? { json[name]?.text }

    /// A list; empty if there is none.
    func list(_ name: String) -> [JSONValue] { json[name]?.list ?? [] }
}

extension JSONValue {
    /// A number, written plainly or, as 64-bit ones are in protobuf's JSON, as a text.
    var number: Int64? {
        switch self {
        case .integer(let digits), .string(let digits):
            Int64(String(decoding: digits, as: UTF8.self))
        default: nil
        }
    }

    var text: String? {
        guard case .string(let utf8) = self else { return nil }
        return String(decoding: utf8, as: UTF8.self)
    }

    var list: [JSONValue]? {
        guard case .array(let values) = self else { return nil }
        return values
    }
}

extension LogMessage {
    init(_ message: Recording.Message) {
        self.init(
            channel: PhysicalChannel(message.topic),
            offset: message.offset,
            value: message.value
        )
    }
}

/// The recorded messages by place.
struct RecordedMessages {
    private let messages: [String: LogMessage]

    init() throws {
        let all = try Recording.milvus235.get().messages
        messages = Dictionary(
            uniqueKeysWithValues: all.map { ("\($0.topic)@\($0.offset)", LogMessage($0)) }
        )
    }

    /// The message at a place, such as `by-dev-rootcoord-dml_0@4`.
    func at(_ place: String) throws -> LogMessage {
        guard let message = messages[place] else {
            throw Fixtures.Failure(description: "no message \(place)")
        }
        return message
    }

    /// The message that an expectation is about.
    func of(_ expected: Expected) throws -> LogMessage {
        try at("\(expected.text("topic") ?? "")@\(expected.number("offset") ?? -1)")
    }
}
