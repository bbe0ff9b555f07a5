internal import HTTPTypes
internal import Hummingbird

/// Restore points.
struct PointRoutes: RouteGroup {
    let supervisor: Supervisor

    var routes: [Route] {
        let supervisor = supervisor
        return [
            Route(.get, "/v1/points", .viewer) { _, _ in
                JSONAnswer(document: PointList(points: try await supervisor.pointDocuments()))
            },
            Route(.post, "/v1/points", .operator) { request, _ in
                var request = request
                let wanted = try await request.document(PointRequest.self)
                return JSONAnswer(
                    document: try await supervisor.createPoint(wanted),
                    status: .created
                )
            },
            Route(.delete, "/v1/points/{name}", .operator) { _, context in
                try await supervisor.deletePoint(try context.part("name"))
                return Response(status: .noContent)
            },
        ]
    }
}
