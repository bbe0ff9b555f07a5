internal import HTTPTypes
internal import Hummingbird

/// What happened: as a list, newest first, or followed as server-sent events.
struct EventRoutes: RouteGroup {
    let supervisor: Supervisor
    let following: EventFollowing

    init(supervisor: Supervisor, options: InterfaceOptions) {
        self.supervisor = supervisor
        following = EventFollowing(catalog: supervisor.catalog, heartbeat: options.heartbeat)
    }

    var routes: [Route] {
        let (supervisor, following) = (supervisor, following)
        return [
            Route(.get, "/v1/events", .viewer) { request, context -> Response in
                let task = try request.query("task")
                // Looked at even where nothing is followed: what cannot be is never passed over.
                let last = try EventFollowing.lastID.flatMap {
                    try request.header($0, in: 0...Int64.max)
                }
                let accepted = request.headers[.accept] ?? ""
                if try request.flag("follow") || accepted.contains(EventFollowing.mediaType) {
                    return try await following.answer(after: last, task: task)
                }
                let page = try PageRequest(request)
                var before = try request.query("before", in: 1...Int64.max)
                if let token = page.after {
                    guard let id = Int64(token.parts[0]) else {
                        throw Problem(.invalid, "The page_token is not one of events.")
                    }
                    before = id
                }
                let events = try await supervisor.eventDocuments(
                    of: task,
                    before: before,
                    limit: page.limit
                )
                let next =
                    events.count == page.limit
                    ? events.last.map { PageToken(parts: ["\($0.id)"]).text } : nil
                return try JSONAnswer(document: EventList(events: events, nextPageToken: next))
                    .response(from: request, context: context)
            }
        ]
    }
}
