internal import FoundationEssentials

/// A request of milvus-cdc's contract: `{"request_type": …, "request_data": {…}}`.
struct CDCRequest: Sendable {
    /// What can be asked.
    enum Kind: String, CaseIterable, Sendable {
        case create, delete, pause, resume, get, position, list, maintenance
    }

    /// As the caller wrote it.
    let type: String
    let data: [CDCValue.Member]

    /// - Throws: `CDCFailure` in the words of Go's decoder.
    init(_ body: [UInt8]) throws {
        let members: [CDCValue.Member]
        switch try Self.parse(body) {
        case .map(let found): members = found
        case .null: members = []
        case let other:
            throw Self.unreadable(
                "json: cannot unmarshal \(other.jsonKind) into Go value of type request.CDCRequest"
            )
        }
        func value(_ key: String) -> CDCValue {
            let exact = members.first { $0.key == key }
            return (exact ?? members.first { $0.key.lowercased() == key })?.value ?? .null
        }
        switch value("request_type") {
        case .text(let text): type = text
        case .null: type = ""
        case let other: throw Self.mismatch(other, "request_type", "string")
        }
        switch value("request_data") {
        case .map(let members): data = members
        case .null: data = []
        case let other: throw Self.mismatch(other, "request_data", "map[string]interface {}")
        }
    }

    private static func parse(_ body: [UInt8]) throws -> CDCValue {
        guard body.contains(where: { !" \t\r\n".utf8.contains($0) }) else {
            throw unreadable("unexpected end of JSON input")
        }
        guard JSONNesting.depth(of: body) <= JSONNesting.depthMax else {
            throw unreadable("exceeded max depth")
        }
        do {
            return try JSONDecoder().decode(CDCValue.self, from: Data(body))
        } catch {
            throw unreadable("the body is not JSON")
        }
    }

    private static func mismatch(
        _ value: CDCValue,
        _ field: String,
        _ type: String
    ) -> CDCFailure {
        unreadable(
            "json: cannot unmarshal \(value.jsonKind) into Go struct field CDCRequest.\(field) "
                + "of type \(type)"
        )
    }

    private static func unreadable(_ why: String) -> CDCFailure {
        .server("fail to unmarshal the request, error: \(why)")
    }
}
