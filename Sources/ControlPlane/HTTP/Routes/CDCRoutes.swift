internal import HTTPTypes
internal import Hummingbird
internal import Logging

/// `/cdc`: milvus-cdc's contract, for scripts that speak it.
///
/// The HTTP status is 200 whatever happens; the code stands in the body, which is one JSON object and a newline.
struct CDCRoutes: RouteGroup {
    /// What a request that cannot be read is counted as.
    private static let unknown = "unknown"

    let supervisor: Supervisor
    let meters: ServerMeters
    let logger: Logger

    /// Every method has a route, since every one is answered in the body.
    var routes: [Route] {
        let (supervisor, meters, logger) = (supervisor, meters, logger)
        let post = Route(.post, "/cdc", .operator) { request, _ in
            let began = ContinuousClock.now
            do {
                let (kind, data) = try await Self.answer(request, supervisor, meters)
                meters.note(cdc: kind.rawValue, "success")
                meters.note(cdc: kind.rawValue, took: ContinuousClock.now - began)
                return Self.success(data)
            } catch {
                let failure = CDCFailure(error)
                // The sentence may repeat what the caller sent, and so is for the caller alone.
                logger.info("a request of /cdc failed", metadata: ["code": "\(failure.code)"])
                return Self.failed(failure)
            }
        }
        let others = [HTTPRequest.Method.get, .put, .patch, .delete]
        return [post]
            + others.map { method in
                Route(method, "/cdc", .operator) { _, _ in
                    meters.note(cdc: Self.unknown, "invalid_method")
                    return Self.failed(CDCFailure(405, "only support the POST method"))
                }
            }
    }

    private static func answer(
        _ request: Request,
        _ supervisor: Supervisor,
        _ meters: ServerMeters
    ) async throws -> (CDCRequest.Kind, CDCValue?) {
        var request = request
        let buffer: ByteBuffer
        do {
            buffer = try await request.collectBody(upTo: Request.bodySizeMaxBytes)
        } catch let error as HTTPError where error.status == .contentTooLarge {
            meters.note(cdc: unknown, "read_error")
            throw CDCFailure.server(
                "fail to read the request body, error: http: request body too large"
            )
        }
        let asked: CDCRequest
        do {
            asked = try CDCRequest(Array(buffer.readableBytesView))
        } catch {
            meters.note(cdc: unknown, "unmarshal_error")
            throw error
        }
        guard let kind = CDCRequest.Kind(rawValue: asked.type) else {
            meters.note(cdc: unknown, "total")
            let kinds = CDCRequest.Kind.allCases.map(\.rawValue).joined(separator: " ")
            throw CDCFailure.client("invalid 'request_type' param, can be set [\(kinds)]")
        }
        meters.note(cdc: kind.rawValue, "total")
        return (kind, try await supervisor.answer(kind, asked.data))
    }

    private static func success(_ data: CDCValue?) -> Response {
        let code = CDCValue.Member("code", .integer(200))
        return body(.map([code] + (data.map { [CDCValue.Member("data", $0)] } ?? [])))
    }

    private static func failed(_ failure: CDCFailure) -> Response {
        body(
            .map([
                .init("code", .integer(Int64(failure.code))),
                .init("message", .text(failure.message)),
            ])
        )
    }

    private static func body(_ value: CDCValue) -> Response {
        Response(
            status: .ok,
            headers: [.contentType: "application/json", .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: value.json + "\n"))
        )
    }
}
