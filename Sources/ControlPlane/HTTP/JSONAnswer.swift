internal import FoundationEssentials
internal import HTTPTypes
internal import Hummingbird

/// A document as the body of an answer.
struct JSONAnswer<Document: Encodable & Sendable>: ResponseGenerator {
    let document: Document
    var status = HTTPResponse.Status.ok
    var mediaType = "application/json"

    func response(from request: Request, context: some RequestContext) throws -> Response {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let body = try encoder.encode(document)
        return Response(
            status: status,
            headers: [.contentType: mediaType, .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: Array(body)))
        )
    }
}

extension Request {
    /// How large a body may be.
    static var bodySizeMaxBytes: Int { 1 << 20 }

    /// Decodes the body.
    ///
    /// - Throws: `Problem` with code `invalid`.
    mutating func document<Document: Decodable>(_ type: Document.Type) async throws -> Document {
        guard let document = try await optionalDocument(type) else {
            throw Problem(.invalid, "The body is empty.")
        }
        return document
    }

    /// Decodes the body; nil if there is none.
    ///
    /// - Throws: `Problem` with code `invalid`.
    mutating func optionalDocument<Document: Decodable>(
        _ type: Document.Type
    ) async throws -> Document? {
        let buffer = try await collectBody(upTo: Self.bodySizeMaxBytes)
        guard buffer.readableBytes > 0 else { return nil }
        do {
            return try JSONDecoder().decode(type, from: Data(Array(buffer.readableBytesView)))
        } catch let error as DecodingError {
            throw Problem(.invalid, "The body is not what is expected: \(error.sentence).")
        }
    }
}

extension DecodingError {
    /// What is wrong, without the names of Swift's types.
    fileprivate var sentence: String {
        func path(_ context: Context) -> String {
            context.codingPath.map(\.stringValue).joined(separator: ".")
        }
        switch self {
        case .keyNotFound(let key, _): return "\"\(key.stringValue)\" is missing"
        case .typeMismatch(_, let context): return "\"\(path(context))\" has the wrong type"
        case .valueNotFound(_, let context): return "\"\(path(context))\" is null"
        default: return "it is not JSON"
        }
    }
}
