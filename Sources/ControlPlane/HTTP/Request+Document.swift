internal import FoundationEssentials
internal import HTTPTypes
internal import Hummingbird

/// What a caller may send: an object of which every key is known.
protocol RequestDocument: Decodable, Sendable {
    /// Every key that may be there.
    static var keys: Set<String> { get }
    /// What is said of any other key.
    static func problem(of key: String) -> Problem
}

extension RequestDocument {
    static func problem(of key: String) -> Problem {
        Problem(
            .invalid,
            "The body has the key \"\(key)\", which is not known.",
            hint: "Known are \(keys.sorted().joined(separator: ", "))."
        )
    }
}

extension Request {
    /// How large a body may be: a task with thousands of patterns fits.
    static var bodySizeMaxBytes: Int { 256 << 10 }

    /// Decodes the body.
    ///
    /// - Throws: `Problem` with code `invalid`, `too_large` or `unsupported_media`.
    func document<Document: RequestDocument>(_ type: Document.Type) async throws -> Document {
        guard let document = try await optionalDocument(type) else {
            throw Problem(.invalid, "The body is empty.")
        }
        return document
    }

    /// Decodes the body; nil if there is none.
    ///
    /// - Throws: `Problem` with code `invalid`, `too_large` or `unsupported_media`.
    func optionalDocument<Document: RequestDocument>(
        _ type: Document.Type
    ) async throws -> Document? {
        var request = self
        let buffer = try await request.collectBody(upTo: Self.bodySizeMaxBytes)
        guard buffer.readableBytes > 0 else { return nil }
        try expectJSON()
        guard JSONNesting.depth(of: buffer.readableBytesView) <= JSONNesting.depthMax else {
            throw Problem(.invalid, "The body nests deeper than \(JSONNesting.depthMax) levels.")
        }
        let bytes = Data(Array(buffer.readableBytesView))
        do {
            let object = try JSONDecoder().decode(ObjectKeys.self, from: bytes)
            if let empty = object.empty.min() {
                throw Problem(
                    .invalid,
                    "\"\(empty)\" is null.",
                    hint: "Leave out what is not to be said."
                )
            }
            if let unknown = object.names.subtracting(type.keys).min() {
                throw type.problem(of: unknown)
            }
            return try JSONDecoder().decode(type, from: bytes)
        } catch let error as DecodingError {
            throw Problem(.invalid, "The body is not what is expected: \(error.sentence).")
        }
    }

    private func expectJSON() throws {
        guard let type = headers[.contentType] else { return }
        let essence = type.split(separator: ";").first.map(String.init) ?? ""
        let plain = essence.filter { !$0.isWhitespace }.lowercased()
        guard plain == "application/json" else {
            throw Problem(
                .unsupportedMedia,
                "The body is \(plain) by its own word.",
                hint: "Send JSON, with Content-Type: application/json."
            )
        }
    }
}

/// The keys of a JSON object.
private struct ObjectKeys: Decodable {
    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    let names: Set<String>
    /// Those that hold null.
    let empty: Set<String>

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        names = Set(container.allKeys.map(\.stringValue))
        empty = Set(
            try container.allKeys.filter { try container.decodeNil(forKey: $0) }
                .map(\.stringValue)
        )
    }
}

extension DecodingError {
    /// What is wrong, without the names of Swift's types.
    fileprivate var sentence: String {
        func place(_ context: Context) -> String {
            let path = context.codingPath.map { key in
                key.intValue.map(String.init) ?? key.stringValue
            }
            return path.isEmpty ? "the whole" : "\"\(path.joined(separator: "."))\""
        }
        switch self {
        case .keyNotFound(let key, _): return "\"\(key.stringValue)\" is missing"
        case .typeMismatch(_, let context): return "\(place(context)) has the wrong type"
        case .valueNotFound(_, let context): return "\(place(context)) is null"
        case .dataCorrupted(let context) where !context.codingPath.isEmpty:
            return "\(place(context)) has a value that cannot be"
        default: return "it is not JSON"
        }
    }
}
