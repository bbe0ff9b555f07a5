internal import Hummingbird

/// What happened.
struct EventRoutes: RouteGroup {
    let supervisor: Supervisor

    var routes: [Route] {
        let supervisor = supervisor
        return [
            Route(.get, "/v1/events", .viewer) { request, _ in
                let asked = request.uri.queryParameters
                let limit = asked.get("limit", as: Int.self) ?? 100
                return JSONAnswer(
                    document: EventList(
                        events: try await supervisor.eventDocuments(
                            of: asked.get("task"),
                            before: asked.get("before", as: Int64.self),
                            limit: min(max(limit, 1), 1000)
                        )
                    )
                )
            }
        ]
    }
}
