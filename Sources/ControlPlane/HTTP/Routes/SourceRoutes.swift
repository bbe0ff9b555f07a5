internal import HTTPTypes

/// Sources: they stand in the configuration, so they can only be looked at.
struct SourceRoutes: RouteGroup {
    let supervisor: Supervisor

    var routes: [Route] {
        let supervisor = supervisor
        return [
            Route(.get, "/v1/sources", .viewer) { _, _ in
                JSONAnswer(document: SourceList(sources: await supervisor.sourceDocuments()))
            },
            Route(.get, "/v1/sources/{name}", .viewer) { _, context in
                JSONAnswer(document: try await supervisor.sourceDocument(try context.part("name")))
            },
        ]
    }
}
