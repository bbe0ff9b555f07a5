package import Hummingbird
package import Logging

/// The paths of the HTTP interface and what stands behind each.
package enum Routes {
    /// Every route, group by group.
    package static func all(_ supervisor: Supervisor) -> [Route] {
        let groups: [any RouteGroup] = [
            HealthRoutes(),
            SourceRoutes(supervisor: supervisor),
            TaskRoutes(supervisor: supervisor),
            DeadLetterRoutes(supervisor: supervisor),
            PointRoutes(supervisor: supervisor),
            EventRoutes(supervisor: supervisor),
            ReservedRoutes(),
        ]
        return groups.flatMap(\.routes)
    }

    /// The whole interface.
    package static func router(
        for supervisor: Supervisor,
        logger: Logger
    ) -> Router<ControlContext> {
        let router = Router(context: ControlContext.self)
        router.add(middleware: ProblemMiddleware(logger: logger))
        router.add(middleware: LocalRequestsMiddleware())
        for route in all(supervisor) {
            router.on(RouterPath(route.path), method: route.method, use: route.answer)
        }
        return router
    }
}
