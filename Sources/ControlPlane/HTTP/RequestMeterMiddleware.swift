internal import HTTPTypes
internal import Hummingbird

/// Measures every request, whatever comes of it.
struct RequestMeterMiddleware<Context: RequestContext>: RouterMiddleware {
    let meters: ServerMeters

    func handle(
        _ request: Request,
        context: Context,
        next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        let began = ContinuousClock.now
        let response = try await next(request, context)
        // A path that nobody serves is a caller's own word, and so no label.
        let route = context.endpointPath ?? "NotFound"
        meters.note(
            ServerMeters.Request(
                method: Self.methods.contains(request.method) ? request.method.rawValue : "other",
                route: route,
                status: response.status.code
            ),
            took: ContinuousClock.now - began
        )
        return response
    }

    private static var methods: [HTTPRequest.Method] {
        [.get, .head, .post, .put, .patch, .delete, .options]
    }
}
