internal import HTTPTypes
internal import Hummingbird

/// The dead letters of a task.
struct DeadLetterRoutes: RouteGroup {
    let supervisor: Supervisor

    var routes: [Route] {
        let supervisor = supervisor
        return [
            Route(.get, "/v1/tasks/{id}/dead-letters", .viewer) { request, context in
                let page = try PageRequest(request)
                var after = try request.query("after", in: 0...Int64.max).map(UInt64.init)
                if let token = page.after {
                    guard let sequence = Int64(token.parts[0]), sequence >= 0 else {
                        throw Problem(.invalid, "The page_token is not one of dead letters.")
                    }
                    after = UInt64(sequence)
                }
                var list = try await supervisor.deadLetterDocuments(
                    of: try context.part("id"),
                    after: after,
                    limit: page.limit
                )
                if list.deadLetters.count >= page.limit, let last = list.deadLetters.last {
                    list.nextPageToken = PageToken(parts: ["\(last.sequence)"]).text
                }
                return JSONAnswer(document: list)
            },
            Route(.post, "/v1/tasks/{id}/dead-letters/retry", .operator) { request, context in
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
