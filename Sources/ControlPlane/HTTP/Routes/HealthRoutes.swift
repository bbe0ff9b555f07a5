internal import HTTPTypes

/// Whether the server lives and is ready; for probes, which carry no token.
struct HealthRoutes: RouteGroup {
    var routes: [Route] {
        [
            Route(.get, "/livez", nil) { _, _ in "ok\n" },
            Route(.get, "/readyz", nil) { _, _ in "ok\n" },
        ]
    }
}
