internal import GRDB

/// Something that happened, for people.
package struct CatalogEvent: Hashable, Sendable {
    /// Set by the catalog; later events have higher ones.
    package internal(set) var id: Int64 = 0
    /// Milliseconds since 1970; set by the catalog.
    package internal(set) var at: Int64 = 0
    /// What kind of event, such as `task.parked`.
    package let kind: String
    package let source: String?
    package let task: TaskID?
    /// One sentence.
    package let message: String

    package init(kind: String, source: String? = nil, task: TaskID? = nil, message: String) {
        self.kind = kind
        self.source = source
        self.task = task
        self.message = message
    }
}

extension Catalog {
    /// How many events are kept; the oldest go first.
    package static let eventsMax = 10_000

    /// Notes an event and returns it with its id and time.
    @discardableResult
    package func note(_ event: CatalogEvent) async throws -> CatalogEvent {
        let now = now()
        defer { bell.ring() }
        return try await CatalogError.explaining("An event cannot be noted") {
            try await pool.write { database in
                try database.execute(
                    sql: """
                        INSERT INTO events (at, kind, source, task_id, message)
                        VALUES (?, ?, ?, ?, ?)
                        """,
                    arguments: [now, event.kind, event.source, event.task?.rawValue, event.message]
                )
                var noted = event
                noted.id = database.lastInsertedRowID
                noted.at = now
                try database.execute(
                    sql: "DELETE FROM events WHERE id <= ?",
                    arguments: [noted.id - Int64(Self.eventsMax)]
                )
                return noted
            }
        }
    }

    /// Elements come after events were noted through this catalog; several events may be one element.
    package func eventRings() -> AsyncStream<Void> { bell.rings() }

    /// Events that came after one, oldest first.
    ///
    /// - Parameters:
    ///   - id: The id of the event; 0 begins with the oldest that is kept.
    ///   - task: Only those of a task; nil means all.
    ///   - limit: At most this many.
    /// - Returns: The events.
    /// - Throws: `CatalogError`.
    package func events(
        after id: Int64,
        of task: TaskID? = nil,
        limit: Int = 100
    ) async throws -> [CatalogEvent] {
        try await CatalogError.explaining("The events cannot be read") {
            try await pool.read { database in
                try Row.fetchAll(
                    database,
                    sql: """
                        SELECT * FROM events
                        WHERE (:task IS NULL OR task_id = :task) AND id > :after
                        ORDER BY id LIMIT :limit
                        """,
                    arguments: ["task": task?.rawValue, "after": id, "limit": limit]
                ).map(CatalogEvent.init)
            }
        }
    }

    /// Events, newest first.
    ///
    /// - Parameters:
    ///   - task: Only those of a task; nil means all.
    ///   - before: Only those with a lower id; nil begins with the newest.
    ///   - limit: At most this many.
    /// - Returns: The events.
    /// - Throws: `CatalogError`.
    package func events(
        of task: TaskID? = nil,
        before: Int64? = nil,
        limit: Int = 100
    ) async throws -> [CatalogEvent] {
        try await CatalogError.explaining("The events cannot be read") {
            try await pool.read { database in
                try Row.fetchAll(
                    database,
                    sql: """
                        SELECT * FROM events
                        WHERE (:task IS NULL OR task_id = :task) AND (:before IS NULL OR id < :before)
                        ORDER BY id DESC LIMIT :limit
                        """,
                    arguments: ["task": task?.rawValue, "before": before, "limit": limit]
                ).map(CatalogEvent.init)
            }
        }
    }
}

extension CatalogEvent {
    fileprivate init(_ row: Row) {
        let task: String? = row["task_id"]
        self.init(
            kind: row["kind"],
            source: row["source"],
            task: task.map(TaskID.init(stored:)),
            message: row["message"]
        )
        (id, at) = (row["id"], row["at"])
    }
}
