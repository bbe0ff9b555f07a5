internal import GRDB
package import Operations

extension Catalog {
    /// The checkpoint of a task; nil if none was saved.
    package func checkpoint(of task: TaskID) async throws -> TaskCheckpoint? {
        try await CatalogError.explaining("The checkpoint of \(task) cannot be read") {
            try await pool.read { database in
                let row = try Row.fetchOne(
                    database,
                    sql: "SELECT * FROM checkpoints WHERE task_id = ?",
                    arguments: [task.rawValue]
                )
                guard let row else { return nil }
                let parked = try Row.fetchAll(
                    database,
                    sql: "SELECT * FROM parked_lanes WHERE task_id = ? ORDER BY lane",
                    arguments: [task.rawValue]
                )
                return TaskCheckpoint(row, parked: parked)
            }
        }
    }

    /// Replaces the checkpoint of a task, its parked lanes with it, and changes its dead letters.
    ///
    /// All of it is one transaction: no checkpoint stands behind an entry that was refused and is not listed.
    ///
    /// - Throws: `CatalogError`: `notFound` where there is no such task, `refused` for numbers that no
    ///   journal has.
    package func save(
        _ checkpoint: TaskCheckpoint,
        of task: TaskID,
        deadLetters: TaskDeadLetterChanges = TaskDeadLetterChanges()
    ) async throws {
        let now = now()
        try await CatalogError.explaining("The checkpoint of \(task) cannot be saved") {
            try await pool.write { database in
                guard try TaskRecord.exists(database, key: task.rawValue) else {
                    throw CatalogError(.notFound, "There is no task \(task).")
                }
                try Self.write(checkpoint, of: task.rawValue, now: now, in: database)
                try Self.apply(deadLetters, of: task, in: database, now: now)
            }
        }
    }

    /// Replaces the checkpoint of a task within a transaction.
    static func write(
        _ checkpoint: TaskCheckpoint,
        of task: String,
        now: Int64,
        in database: Database
    ) throws {
        let numbers = try checkpoint.numbers()
        try database.cachedStatement(sql: upsertCheckpoint).execute(arguments: [
            task, numbers.sequence, numbers.tso, numbers.reach, checkpoint.detail, now,
        ])
        try database.cachedStatement(sql: "DELETE FROM parked_lanes WHERE task_id = ?")
            .execute(arguments: [task])
        for (lane, numbers) in zip(checkpoint.parked, numbers.parked) {
            try database.cachedStatement(sql: insertParkedLane).execute(arguments: [
                task, lane.lane, numbers.sequence, numbers.reach, lane.reason, lane.needs,
            ])
        }
    }

    private static let upsertCheckpoint = """
        INSERT INTO checkpoints (task_id, sequence, tso, reach, detail, updated_at)
        VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (task_id) DO UPDATE SET
            sequence = excluded.sequence, tso = excluded.tso, reach = excluded.reach,
            detail = excluded.detail, updated_at = excluded.updated_at
        """

    private static let insertParkedLane = """
        INSERT INTO parked_lanes (task_id, lane, sequence, reach, reason, needs)
        VALUES (?, ?, ?, ?, ?, ?)
        """

    /// The lowest checkpoint among a source's tasks, parked lanes and dead letters included, which retention
    /// must not pass; nil if none has one.
    package func lowestCheckpoint(ofSource source: String) async throws -> SequenceNumber? {
        try await CatalogError.explaining("The checkpoints of \(source) cannot be read") {
            try await pool.read { database in
                try Int64.fetchOne(
                    database,
                    sql: """
                        SELECT min(least) FROM (
                            SELECT sequence AS least, task_id FROM checkpoints
                            UNION ALL
                            SELECT max(sequence - 1, 0), task_id FROM parked_lanes
                            UNION ALL
                            SELECT sequence - 1, task_id FROM dead_letters
                        ) JOIN tasks ON tasks.id = task_id WHERE source = ?
                        """,
                    arguments: [source]
                ).map { SequenceNumber(rawValue: UInt64($0)) }
            }
        }
    }
}

extension TaskCheckpoint {
    fileprivate init(_ row: Row, parked: [Row]) {
        func number(_ row: Row, _ column: String) -> UInt64 { UInt64(row[column] as Int64) }
        self.init(
            sequence: SequenceNumber(rawValue: number(row, "sequence")),
            tso: HybridTimestamp(rawValue: number(row, "tso")),
            reach: SequenceNumber(rawValue: number(row, "reach")),
            parked: parked.map {
                ParkedLane(
                    lane: $0["lane"],
                    sequence: SequenceNumber(rawValue: number($0, "sequence")),
                    reach: SequenceNumber(rawValue: number($0, "reach")),
                    reason: $0["reason"],
                    needs: $0["needs"]
                )
            },
            detail: row["detail"]
        )
    }

    /// The numbers as SQLite holds them, which has no unsigned ones.
    fileprivate func numbers() throws -> (
        sequence: Int64, tso: Int64, reach: Int64, parked: [(sequence: Int64, reach: Int64)]
    ) {
        func signed(_ value: UInt64) throws -> Int64 {
            guard let signed = Int64(exactly: value) else {
                throw CatalogError(.refused, "\(value) is more than a catalog can hold.")
            }
            return signed
        }
        return (
            try signed(sequence.rawValue), try signed(tso.rawValue), try signed(reach.rawValue),
            try parked.map { (try signed($0.sequence.rawValue), try signed($0.reach.rawValue)) }
        )
    }
}
