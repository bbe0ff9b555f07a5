internal import HTTPTypes
internal import Hummingbird

/// The dead letters of a task.
struct DeadLetterRoutes: RouteGroup {
    /// How many are told at most in one answer.
    static let limitMax = 1_000

    let supervisor: Supervisor

    var routes: [Route] {
        let supervisor = supervisor
        return [
            Route(.get, "/v1/tasks/{id}/dead-letters", .viewer) { request, context in
                let asked = request.uri.queryParameters
                let limit = asked.get("limit", as: Int.self) ?? 100
                return JSONAnswer(
                    document: try await supervisor.deadLetterDocuments(
                        of: try context.part("id"),
                        after: asked.get("after", as: UInt64.self),
                        limit: min(max(limit, 1), Self.limitMax)
                    )
                )
            },
            Route(.post, "/v1/tasks/{id}/dead-letters/retry", .operator) { request, context in
                var request = request
                let wanted = try await request.optionalDocument(DeadLetterRequest.self)
                return JSONAnswer(
                    document: try await supervisor.retryDeadLetters(
                        of: try context.part("id"),
                        wanted?.sequences
                    ),
                    status: .accepted
                )
            },
            Route(.delete, "/v1/tasks/{id}/dead-letters", .operator) { _, context in
                JSONAnswer(
                    document: try await supervisor.dropDeadLetters(of: try context.part("id"))
                )
            },
            Route(.delete, "/v1/tasks/{id}/dead-letters/{sequence}", .operator) { _, context in
                let text = try context.part("sequence")
                guard let sequence = UInt64(text) else {
                    throw Problem(.notFound, "There is no entry \(text).")
                }
                return JSONAnswer(
                    document: try await supervisor.dropDeadLetters(
                        of: try context.part("id"),
                        [sequence]
                    )
                )
            },
        ]
    }
}
