internal import HTTPTypes
package import Hummingbird
package import Logging

/// The paths of the HTTP interface and what stands behind each.
package enum Routes {
    /// Paths of the contract that are not built yet.
    private static let reserved = [
        "v1/backups", "v1/restores", "cdc", "metrics", "openapi.json",
    ]

    /// The whole interface.
    package static func router(
        for supervisor: Supervisor,
        logger: Logger
    ) -> Router<BasicRequestContext> {
        let router = Router()
        router.add(middleware: ProblemMiddleware(logger: logger))
        router.add(middleware: LocalRequestsMiddleware())
        router.get("livez") { _, _ in "ok\n" }
        router.get("readyz") { _, _ in "ok\n" }
        addSources(to: router.group("v1/sources"), supervisor)
        addTasks(to: router.group("v1/tasks"), supervisor)
        addPoints(to: router.group("v1/points"), supervisor)
        router.get("v1/events") { request, _ in
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
        for path in reserved {
            for method in [HTTPRequest.Method.get, .post] {
                router.on("\(path)", method: method) { _, _ -> Response in
                    throw Problem(.notBuilt, "/\(path) is not built yet.")
                }
            }
        }
        return router
    }

    private static func addSources(
        to group: RouterGroup<BasicRequestContext>,
        _ supervisor: Supervisor
    ) {
        group.get { _, _ in
            JSONAnswer(document: SourceList(sources: await supervisor.sourceDocuments()))
        }
        group.get(":name") { _, context in
            JSONAnswer(
                document: try await supervisor.sourceDocument(
                    try context.parameters.require("name")
                )
            )
        }
    }

    private static func addPoints(
        to group: RouterGroup<BasicRequestContext>,
        _ supervisor: Supervisor
    ) {
        group.get { _, _ in
            JSONAnswer(document: PointList(points: try await supervisor.pointDocuments()))
        }
        group.post { request, _ in
            var request = request
            let wanted = try await request.document(PointRequest.self)
            return JSONAnswer(document: try await supervisor.createPoint(wanted), status: .created)
        }
        group.delete(":name") { _, context in
            try await supervisor.deletePoint(try context.parameters.require("name"))
            return Response(status: .noContent)
        }
    }

    private static func addTasks(
        to group: RouterGroup<BasicRequestContext>,
        _ supervisor: Supervisor
    ) {
        group.get { _, _ in
            JSONAnswer(document: TaskList(tasks: try await supervisor.taskDocuments()))
        }
        group.post { request, _ in
            var request = request
            let wanted = try await request.document(TaskRequest.self)
            return JSONAnswer(document: try await supervisor.createTask(wanted), status: .created)
        }
        group.get(":id") { _, context in
            JSONAnswer(
                document: try await supervisor.taskDocument(try context.parameters.require("id"))
            )
        }
        group.delete(":id") { _, context in
            try await supervisor.deleteTask(try context.parameters.require("id"))
            return Response(status: .noContent)
        }
        group.patch(":id") { _, _ -> Response in
            throw Problem(.notBuilt, "Changing a task is not built yet.")
        }
        group.post(":id/pause") { _, context in
            JSONAnswer(
                document: try await supervisor.pauseTask(try context.parameters.require("id"))
            )
        }
        group.post(":id/resume") { request, context in
            var request = request
            let wanted = try await request.optionalDocument(ResumeRequest.self)
            return JSONAnswer(
                document: try await supervisor.resumeTask(
                    try context.parameters.require("id"),
                    lane: wanted?.lane
                )
            )
        }
    }
}
