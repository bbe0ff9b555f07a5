internal import HTTPTypes
internal import Hummingbird

/// `/livez` and `/readyz`: for whatever keeps the process running, and sends it requests; it carries no token.
struct HealthRoutes: RouteGroup {
    let supervisor: Supervisor

    var routes: [Route] {
        let supervisor = supervisor
        return [
            // Answering is all there is to it: no peer and no disk is asked.
            Route(.get, "/livez", nil) { _, _ in Self.plain("ok\n") },
            Route(.get, "/readyz", nil) { request, _ in
                let health = await supervisor.health()
                let isVerbose = request.uri.queryParameters["verbose"] != nil || !health.isReady
                return Self.plain(
                    isVerbose ? health.text : health.verdict + "\n",
                    health.isReady ? .ok : .serviceUnavailable
                )
            },
        ]
    }

    private static func plain(_ text: String, _ status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status,
            headers: [.contentType: "text/plain; charset=utf-8", .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text))
        )
    }
}
