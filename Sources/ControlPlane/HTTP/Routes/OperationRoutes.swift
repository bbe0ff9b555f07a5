internal import HTTPTypes
internal import Hummingbird

/// Long work: how far it is, and how it is ended.
struct OperationRoutes: RouteGroup {
    let supervisor: Supervisor

    var routes: [Route] {
        let supervisor = supervisor
        return [
            Route(.get, "/v1/operations", .viewer) { request, _ in
                let page = try PageRequest(request)
                let (operations, next) = try page.of(try await supervisor.operationDocuments()) {
                    [PageToken.number($0.created), $0.id]
                }
                return JSONAnswer(
                    document: OperationList(operations: operations, nextPageToken: next)
                )
            },
            Route(.get, "/v1/operations/{id}", .viewer) { _, context in
                JSONAnswer(document: try await supervisor.operationDocument(context.part("id")))
            },
            Route(.delete, "/v1/operations/{id}", .operator) { _, context in
                JSONAnswer(document: try await supervisor.cancelOperation(context.part("id")))
            },
        ]
    }
}
