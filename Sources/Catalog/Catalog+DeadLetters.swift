internal import GRDB
package import Operations

extension Catalog {
    /// A task's dead letters in the order of the journal.
    ///
    /// - Parameters:
    ///   - task: The task.
    ///   - after: Only those of later entries; nil begins with the first.
    ///   - limit: At most this many, and the others of the last entry.
    /// - Returns: The dead letters.
    /// - Throws: `CatalogError`.
    package func deadLetters(
        of task: TaskID,
        after: SequenceNumber? = nil,
        limit: Int = 100
    ) async throws -> [TaskDeadLetter] {
        let after = Int64(clamping: after?.rawValue ?? 0)
        return try await read(task) { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT * FROM dead_letters
                    WHERE task_id = :task AND sequence > :after AND sequence <= (
                        SELECT max(sequence) FROM (
                            SELECT sequence FROM dead_letters
                            WHERE task_id = :task AND sequence > :after
                            ORDER BY sequence, lane LIMIT :limit
                        )
                    )
                    ORDER BY sequence, lane
                    """,
                arguments: ["task": task.rawValue, "after": after, "limit": limit]
            ).map(TaskDeadLetter.init)
        }
    }

    /// The dead letters that a person wants to be tried again, in the order of the journal.
    package func wantedDeadLetters(of task: TaskID) async throws -> [TaskDeadLetter] {
        try await read(task) { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT * FROM dead_letters WHERE task_id = ? AND is_wanted
                    ORDER BY sequence, lane
                    """,
                arguments: [task.rawValue]
            ).map(TaskDeadLetter.init)
        }
    }

    /// How many dead letters a task has.
    package func deadLetterCount(of task: TaskID) async throws -> Int {
        try await read(task) { database in
            try Int.fetchOne(
                database,
                sql: "SELECT count(*) FROM dead_letters WHERE task_id = ?",
                arguments: [task.rawValue]
            ) ?? 0
        }
    }

    /// The first entry that a task's dead letters need; nil if it has none.
    package func firstDeadLetter(of task: TaskID) async throws -> SequenceNumber? {
        try await read(task) { database in
            try Int64.fetchOne(
                database,
                sql: "SELECT min(sequence) FROM dead_letters WHERE task_id = ?",
                arguments: [task.rawValue]
            ).map { SequenceNumber(rawValue: UInt64($0)) }
        }
    }

    /// Asks for another attempt at dead letters: those of some entries, or all.
    ///
    /// - Returns: How many there are.
    /// - Throws: `CatalogError`.
    @discardableResult
    package func wantDeadLetters(
        of task: TaskID,
        _ sequences: [SequenceNumber]? = nil
    ) async throws -> Int {
        try await change(
            "UPDATE dead_letters SET is_wanted = 1 WHERE task_id = ?",
            of: task,
            sequences
        )
    }

    /// Forgets dead letters: those of some entries, or all.
    ///
    /// - Returns: How many there were.
    /// - Throws: `CatalogError`.
    @discardableResult
    package func dropDeadLetters(
        of task: TaskID,
        _ sequences: [SequenceNumber]? = nil
    ) async throws -> Int {
        try await change("DELETE FROM dead_letters WHERE task_id = ?", of: task, sequences)
    }

    private func read<Value: Sendable>(
        _ task: TaskID,
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws -> Value {
        try await CatalogError.explaining("The dead letters of \(task) cannot be read") {
            try await pool.read(body)
        }
    }

    /// Runs a statement on a task's dead letters: for each entry, or once for all.
    private func change(
        _ statement: String,
        of task: TaskID,
        _ sequences: [SequenceNumber]?
    ) async throws -> Int {
        try await CatalogError.explaining("The dead letters of \(task) cannot be changed") {
            try await pool.write { database in
                guard let sequences else {
                    try database.execute(sql: statement, arguments: [task.rawValue])
                    return database.changesCount
                }
                var count = 0
                for sequence in sequences {
                    try database.execute(
                        sql: statement + " AND sequence = ?",
                        arguments: [task.rawValue, Int64(clamping: sequence.rawValue)]
                    )
                    count += database.changesCount
                }
                return count
            }
        }
    }

    /// Carries out what goes with a checkpoint, within its transaction.
    static func apply(
        _ changes: TaskDeadLetterChanges,
        of task: TaskID,
        in database: Database,
        now: Int64
    ) throws {
        for letter in changes.added {
            try database.cachedStatement(sql: insertDeadLetter).execute(arguments: [
                task.rawValue, try letter.id.number, letter.id.lane, letter.kind, letter.rowCount,
                letter.reason, now, now,
            ])
        }
        for letter in changes.refusedAgain {
            try database.cachedStatement(sql: updateDeadLetter).execute(arguments: [
                letter.reason, now, task.rawValue, try letter.id.number, letter.id.lane,
            ])
        }
        for id in changes.removed {
            try database.cachedStatement(sql: deleteDeadLetter).execute(arguments: [
                task.rawValue, try id.number, id.lane,
            ])
        }
    }

    // What is refused again after a crash is the same dead letter.
    private static let insertDeadLetter = """
        INSERT INTO dead_letters
            (task_id, sequence, lane, kind, row_count, reason, attempts, created_at, updated_at)
        VALUES (?, ?, ?, ?, ?, ?, 1, ?, ?)
        ON CONFLICT (task_id, sequence, lane) DO UPDATE SET reason = excluded.reason
        """

    private static let updateDeadLetter = """
        UPDATE dead_letters
        SET reason = ?, attempts = attempts + 1, is_wanted = 0, updated_at = max(?, created_at)
        WHERE task_id = ? AND sequence = ? AND lane = ?
        """

    private static let deleteDeadLetter = """
        DELETE FROM dead_letters WHERE task_id = ? AND sequence = ? AND lane = ?
        """
}

extension TaskDeadLetter {
    fileprivate init(_ row: Row) {
        self.init(
            id: ID(
                sequence: SequenceNumber(rawValue: UInt64(row["sequence"] as Int64)),
                lane: row["lane"]
            ),
            kind: row["kind"],
            rowCount: row["row_count"],
            reason: row["reason"]
        )
        (attempts, isWanted) = (row["attempts"], row["is_wanted"])
        (createdAt, updatedAt) = (row["created_at"], row["updated_at"])
    }
}

extension TaskDeadLetter.ID {
    /// The sequence number as SQLite holds it.
    fileprivate var number: Int64 {
        get throws {
            guard let number = Int64(exactly: sequence.rawValue) else {
                throw CatalogError(.refused, "\(sequence) is more than a catalog can hold.")
            }
            return number
        }
    }
}
