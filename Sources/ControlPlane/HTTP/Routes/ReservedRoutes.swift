internal import HTTPTypes
internal import Hummingbird

/// Paths of the contract that are not built yet.
struct ReservedRoutes: RouteGroup {
    var routes: [Route] {
        [
            Self.route(.get, "/v1/backups", .viewer), Self.route(.post, "/v1/backups", .operator),
        ]
    }

    private static func route(_ method: HTTPRequest.Method, _ path: String, _ role: Role) -> Route {
        Route(method, path, role) { _, _ -> Response in
            throw Problem(.notBuilt, "\(path) is not built yet.")
        }
    }
}
