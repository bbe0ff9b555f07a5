internal import HTTPTypes
internal import Hummingbird

/// Tasks.
struct TaskRoutes: RouteGroup {
    let supervisor: Supervisor

    var routes: [Route] { collection + single }

    private var collection: [Route] {
        let supervisor = supervisor
        return [
            Route(.get, "/v1/tasks", .viewer) { _, _ in
                JSONAnswer(document: TaskList(tasks: try await supervisor.taskDocuments()))
            },
            Route(.post, "/v1/tasks", .operator) { request, _ in
                var request = request
                let wanted = try await request.document(TaskRequest.self)
                return JSONAnswer(
                    document: try await supervisor.createTask(wanted),
                    status: .created
                )
            },
        ]
    }

    private var single: [Route] {
        let supervisor = supervisor
        return [
            Route(.get, "/v1/tasks/{id}", .viewer) { _, context in
                JSONAnswer(document: try await supervisor.taskDocument(try context.part("id")))
            },
            Route(.patch, "/v1/tasks/{id}", .operator) { request, context in
                var request = request
                let wanted = try await request.document(TaskChange.self)
                return JSONAnswer(
                    document: try await supervisor.changeTask(try context.part("id"), wanted)
                )
            },
            Route(.delete, "/v1/tasks/{id}", .operator) { _, context in
                try await supervisor.deleteTask(try context.part("id"))
                return Response(status: .noContent)
            },
            Route(.post, "/v1/tasks/{id}/pause", .operator) { _, context in
                JSONAnswer(document: try await supervisor.pauseTask(try context.part("id")))
            },
            Route(.post, "/v1/tasks/{id}/resume", .operator) { request, context in
                var request = request
                let wanted = try await request.optionalDocument(ResumeRequest.self)
                return JSONAnswer(
                    document: try await supervisor.resumeTask(
                        try context.part("id"),
                        lane: wanted?.lane
                    )
                )
            },
        ]
    }
}
