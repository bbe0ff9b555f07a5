internal import HTTPTypes
internal import Hummingbird

/// Paths of the contract that are not built yet.
struct ReservedRoutes: RouteGroup {
    private static let paths = [
        "/v1/backups", "/v1/restores", "/cdc", "/metrics", "/openapi.json",
    ]

    var routes: [Route] {
        Self.paths.flatMap { path in
            [HTTPRequest.Method.get, .post].map { method in
                Route(method, path, .viewer) { _, _ -> Response in
                    throw Problem(.notBuilt, "\(path) is not built yet.")
                }
            }
        }
    }
}
