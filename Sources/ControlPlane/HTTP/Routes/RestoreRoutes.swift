internal import HTTPTypes
internal import Hummingbird

/// Restores.
struct RestoreRoutes: RouteGroup {
    let supervisor: Supervisor

    var routes: [Route] {
        let supervisor = supervisor
        return [
            Route(.get, "/v1/restores", .viewer) { request, _ in
                let page = try PageRequest(request)
                let (restores, next) = try page.of(try await supervisor.restoreDocuments()) {
                    [PageToken.number($0.created), $0.id]
                }
                return JSONAnswer(document: RestoreList(restores: restores, nextPageToken: next))
            },
            Route(.post, "/v1/restores", .operator) { request, _ in
                let wanted = try await request.document(RestoreRequest.self)
                let (operation, isNew) = try await supervisor.createRestore(wanted)
                return JSONAnswer(
                    document: operation,
                    status: isNew ? .accepted : .ok,
                    headers: [.location: "/v1/operations/\(operation.id)"]
                )
            },
            Route(.get, "/v1/restores/{id}", .viewer) { _, context in
                JSONAnswer(document: try await supervisor.restoreDocument(context.part("id")))
            },
            Route(.delete, "/v1/restores/{id}", .operator) { _, context in
                JSONAnswer(document: try await supervisor.cancelRestore(context.part("id")))
            },
        ]
    }
}
