internal import GRDB

extension Catalog {
    /// How many finished operations are kept; the oldest go first.
    package static let finishedOperationsMax = 1000

    /// Adds an operation and returns it with its times.
    ///
    /// - Throws: `CatalogError` with code `exists` where there is one of that id.
    @discardableResult
    package func create(_ operation: LongOperation) async throws -> LongOperation {
        let now = now()
        var added = operation
        (added.createdAt, added.updatedAt) = (now, now)
        let operation = added
        return try await CatalogError.explaining("The operation cannot be created") {
            try await pool.write { database in
                guard try Self.operation(operation.id, in: database) == nil else {
                    throw CatalogError(.exists, "There is an operation \(operation.id) already.")
                }
                try database.execute(
                    sql: """
                        INSERT INTO operations
                            (id, kind, request, state, progress, error, created_at, updated_at)
                        VALUES (?, ?, ?, 'running', ?, NULL, ?, ?)
                        """,
                    arguments: [
                        operation.id.rawValue, operation.kind, operation.request,
                        operation.progress, now, now,
                    ]
                )
                try database.execute(
                    sql: """
                        DELETE FROM operations WHERE id IN (
                            SELECT id FROM operations WHERE state <> 'running'
                            ORDER BY finished_at DESC, id LIMIT -1 OFFSET ?
                        )
                        """,
                    arguments: [Self.finishedOperationsMax]
                )
                return operation
            }
        }
    }

    /// Every operation, oldest first.
    package func operations() async throws -> [LongOperation] {
        try await CatalogError.explaining("The operations cannot be listed") {
            try await pool.read { database in
                try Row.fetchAll(
                    database,
                    sql: "SELECT * FROM operations ORDER BY created_at, id"
                ).map { try LongOperation($0) }
            }
        }
    }

    /// One operation; nil if there is none of that id.
    package func operation(_ id: TaskID) async throws -> LongOperation? {
        try await CatalogError.explaining("The operation \(id) cannot be read") {
            try await pool.read { try Self.operation(id, in: $0) }
        }
    }

    /// Notes how far an operation is that runs; one that has ended stays as it is.
    ///
    /// - Returns: The operation as it is then.
    /// - Throws: `CatalogError` with code `notFound`.
    @discardableResult
    package func updateOperation(
        _ id: TaskID,
        state: LongOperation.State = .running,
        progress: String? = nil,
        error: String? = nil
    ) async throws -> LongOperation {
        let now = now()
        return try await CatalogError.explaining("The operation \(id) cannot be changed") {
            try await pool.write { database in
                try database.execute(
                    sql: """
                        UPDATE operations SET
                            state = :state, progress = coalesce(:progress, progress), error = :error,
                            updated_at = max(:now, created_at),
                            finished_at = iif(:state = 'running', NULL, max(:now, created_at))
                        WHERE id = :id AND state = 'running'
                        """,
                    arguments: [
                        "id": id.rawValue, "state": state.rawValue, "progress": progress,
                        "error": error, "now": now,
                    ]
                )
                guard let operation = try Self.operation(id, in: database) else {
                    throw CatalogError(.notFound, "There is no operation \(id).")
                }
                return operation
            }
        }
    }

    private static func operation(_ id: TaskID, in database: Database) throws -> LongOperation? {
        try Row.fetchOne(
            database,
            sql: "SELECT * FROM operations WHERE id = ?",
            arguments: [id.rawValue]
        ).map { try LongOperation($0) }
    }
}

extension LongOperation {
    fileprivate init(_ row: Row) throws {
        let (id, state): (String, String) = (row["id"], row["state"])
        guard let state = State(rawValue: state) else {
            throw CatalogError(.corrupt, "The operation \(id) has the state “\(state)”.")
        }
        self.init(
            id: TaskID(stored: id),
            kind: row["kind"],
            request: row["request"],
            progress: row["progress"]
        )
        self.state = state
        error = row["error"]
        (createdAt, updatedAt, finishedAt) = (
            row["created_at"], row["updated_at"], row["finished_at"]
        )
    }
}
