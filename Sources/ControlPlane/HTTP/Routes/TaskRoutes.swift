internal import HTTPTypes
internal import Hummingbird

/// Tasks.
struct TaskRoutes: RouteGroup {
    let supervisor: Supervisor

    var routes: [Route] { collection + single }

    private var collection: [Route] {
        let supervisor = supervisor
        return [
            Route(.get, "/v1/tasks", .viewer) { request, _ in
                JSONAnswer(document: try await supervisor.taskDocuments(try PageRequest(request)))
            },
            Route(.post, "/v1/tasks", .operator) { request, _ in
                let wanted = try await request.document(TaskRequest.self)
                let (task, isNew) = try await supervisor.makeTask(wanted)
                return JSONAnswer(task, isNew: isNew)
            },
        ]
    }

    private var single: [Route] {
        let supervisor = supervisor
        return [
            Route(.get, "/v1/tasks/{id}", .viewer) { _, context in
                JSONAnswer(try await supervisor.taskDocument(context.part("id")))
            },
            Route(.patch, "/v1/tasks/{id}", .operator) { request, context in
                JSONAnswer(
                    try await supervisor.changeTask(
                        context.part("id"),
                        try await request.document(TaskChange.self),
                        ifOneOf: request.expectedVersions
                    )
                )
            },
            Route(.delete, "/v1/tasks/{id}", .operator) { request, context in
                try await supervisor.deleteTask(
                    context.part("id"),
                    ifOneOf: request.expectedVersions
                )
                return Response(status: .noContent)
            },
            Route(.post, "/v1/tasks/{id}/pause", .operator) { request, context in
                JSONAnswer(
                    try await supervisor.pauseTask(
                        context.part("id"),
                        ifOneOf: request.expectedVersions
                    )
                )
            },
            Route(.post, "/v1/tasks/{id}/resume", .operator) { request, context in
                let wanted = try await request.optionalDocument(ResumeRequest.self)
                return JSONAnswer(
                    try await supervisor.resumeTask(
                        context.part("id"),
                        lane: wanted?.lane,
                        ifOneOf: request.expectedVersions
                    )
                )
            },
        ]
    }
}
