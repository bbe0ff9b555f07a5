internal import HTTPTypes

/// Sources: they stand in the configuration, so they can only be looked at.
struct SourceRoutes: RouteGroup {
    let supervisor: Supervisor

    var routes: [Route] {
        let supervisor = supervisor
        return [
            Route(.get, "/v1/sources", .viewer) { request, _ in
                let page = try PageRequest(request)
                let (sources, next) = try page.of(await supervisor.sourceDocuments()) { [$0.name] }
                return JSONAnswer(document: SourceList(sources: sources, nextPageToken: next))
            },
            Route(.get, "/v1/sources/{name}", .viewer) { _, context in
                JSONAnswer(document: try await supervisor.sourceDocument(context.part("name")))
            },
        ]
    }
}
