internal import Hummingbird
package import Logging

/// The paths of the HTTP interface and what stands behind each.
package enum Routes {
    /// Every route, group by group.
    package static func all(
        _ supervisor: Supervisor,
        options: InterfaceOptions = InterfaceOptions(),
        meters: ServerMeters = ServerMeters(),
        logger: Logger = Logger(label: "flightlog.routes") { _ in SwiftLogNoOpLogHandler() }
    ) -> [Route] {
        let groups: [any RouteGroup] = [
            HealthRoutes(supervisor: supervisor),
            MetricsRoutes(supervisor: supervisor, meters: meters),
            CDCRoutes(supervisor: supervisor, meters: meters, logger: logger),
            ContractRoutes(),
            SourceRoutes(supervisor: supervisor),
            TaskRoutes(supervisor: supervisor),
            DeadLetterRoutes(supervisor: supervisor),
            PointRoutes(supervisor: supervisor),
            RestoreRoutes(supervisor: supervisor),
            OperationRoutes(supervisor: supervisor),
            EventRoutes(supervisor: supervisor, options: options),
            ReservedRoutes(),
        ]
        return groups.flatMap(\.routes)
    }

    /// The whole interface: each route behind the gate, each error a problem document.
    static func router(
        for supervisor: Supervisor,
        options: InterfaceOptions,
        logger: Logger
    ) -> Router<ControlContext> {
        let meters = ServerMeters()
        let routes = all(supervisor, options: options, meters: meters, logger: logger)
        let gate = Gate(catalog: supervisor.catalog, options: options, logger: logger)
        let router = Router(context: ControlContext.self)
        router.add(middleware: RequestMeterMiddleware(meters: meters))
        router.add(
            middleware: ProblemMiddleware(logger: logger, methods: PathMethods(routes))
        )
        router.add(middleware: HostMiddleware(hosts: options.hosts))
        for route in routes {
            router.on(RouterPath(route.path), method: route.method) { request, context in
                _ = try await gate.admit(request, from: context.address, to: route.role)
                return try await route.answer(request, context)
            }
        }
        return router
    }
}
