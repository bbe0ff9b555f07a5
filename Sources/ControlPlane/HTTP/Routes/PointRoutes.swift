internal import HTTPTypes
internal import Hummingbird

/// Restore points.
struct PointRoutes: RouteGroup {
    let supervisor: Supervisor

    var routes: [Route] {
        let supervisor = supervisor
        return [
            Route(.get, "/v1/points", .viewer) { request, _ in
                let page = try PageRequest(request)
                let (points, next) = try page.of(try await supervisor.pointDocuments()) {
                    [$0.source, PageToken.number(Int64(clamping: $0.tso)), $0.name]
                }
                return JSONAnswer(document: PointList(points: points, nextPageToken: next))
            },
            Route(.post, "/v1/points", .operator) { request, _ in
                let wanted = try await request.document(PointRequest.self)
                let (point, isNew) = try await supervisor.makePoint(wanted)
                return JSONAnswer(document: point, status: isNew ? .created : .ok)
            },
            Route(.delete, "/v1/points/{name}", .operator) { _, context in
                try await supervisor.deletePoint(context.part("name"))
                return Response(status: .noContent)
            },
        ]
    }
}
