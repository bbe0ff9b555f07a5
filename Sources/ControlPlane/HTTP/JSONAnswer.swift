internal import FoundationEssentials
internal import HTTPTypes
internal import Hummingbird

/// A document as the body of an answer.
struct JSONAnswer<Document: Encodable & Sendable>: ResponseGenerator {
    let document: Document
    var status = HTTPResponse.Status.ok
    var mediaType = "application/json"
    /// What is to be told besides.
    var headers: HTTPFields = [:]

    func response(from request: Request, context: some RequestContext) throws -> Response {
        var headers = headers
        headers[.contentType] = mediaType
        headers[.cacheControl] = "no-store"
        headers[.xContentTypeOptions] = "nosniff"
        return Response(
            status: status,
            headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: try JSONBytes.of(document)))
        )
    }
}

/// JSON as this interface writes it: keys in order, so that equal documents are equal bytes.
enum JSONBytes {
    static func of(_ document: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(document))
    }
}
