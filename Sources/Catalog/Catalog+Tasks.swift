internal import GRDB

extension Catalog {
    /// Adds a task, with its first checkpoint if it begins elsewhere than at the beginning, and returns it
    /// with its times.
    ///
    /// - Throws: `CatalogError`: `exists` where there is a task of that id, `refused` for values that are
    ///   no task's.
    @discardableResult
    package func create(
        _ task: ReplicationTask,
        at checkpoint: TaskCheckpoint? = nil
    ) async throws -> ReplicationTask {
        let now = now()
        var task = task
        (task.revision, task.createdAt, task.updatedAt) = (1, now, now)
        let record = try TaskRecord(task)
        try await CatalogError.explaining("The task \(task.id) cannot be created") {
            try await pool.write { database in
                guard try !TaskRecord.exists(database, key: record.id) else {
                    throw CatalogError(.exists, "There is a task \(record.id) already.")
                }
                try record.insert(database)
                if let checkpoint {
                    try Self.write(checkpoint, of: record.id, now: now, in: database)
                }
            }
        }
        return task
    }

    /// Every task, oldest first.
    package func tasks() async throws -> [ReplicationTask] {
        try await CatalogError.explaining("The tasks cannot be listed") {
            try await pool.read { database in
                try TaskRecord.order(Column("created_at"), Column("id")).fetchAll(database)
                    .map { try $0.task() }
            }
        }
    }

    /// One task; nil if there is none of that id.
    package func task(_ id: TaskID) async throws -> ReplicationTask? {
        try await CatalogError.explaining("The task \(id) cannot be read") {
            try await pool.read { try TaskRecord.fetchOne($0, key: id.rawValue)?.task() }
        }
    }

    /// Changes a task in one step and returns it as it is then.
    ///
    /// - Parameters:
    ///   - id: The task's.
    ///   - versions: The states that the change is meant for; nil means any.
    ///   - change: What is done to it.
    /// - Returns: The task; with a new revision, if `change` did change something.
    /// - Throws: `CatalogError` with code `notFound`, or `changed` where the task is in another state; what
    ///   `change` throws.
    @discardableResult
    package func update(
        _ id: TaskID,
        ifOneOf versions: [TaskVersion]? = nil,
        _ change: @escaping @Sendable (inout ReplicationTask) throws -> Void
    ) async throws -> ReplicationTask {
        let now = now()
        return try await CatalogError.explaining("The task \(id) cannot be changed") {
            try await pool.write { database in
                guard var task = try TaskRecord.fetchOne(database, key: id.rawValue)?.task() else {
                    throw CatalogError(.notFound, "There is no task \(id).")
                }
                try Self.expect(versions, task)
                let before = task
                try change(&task)
                guard task != before else { return task }
                task.revision += 1
                task.updatedAt = max(now, task.createdAt)
                try TaskRecord(task).update(database)
                return task
            }
        }
    }

    /// Removes a task with its checkpoint and its parked lanes.
    ///
    /// - Parameters:
    ///   - id: The task's.
    ///   - versions: The states in which it may be deleted; nil means any.
    /// - Throws: `CatalogError` with code `notFound` or `changed`.
    package func delete(_ id: TaskID, ifOneOf versions: [TaskVersion]? = nil) async throws {
        try await CatalogError.explaining("The task \(id) cannot be deleted") {
            try await pool.write { database in
                guard let task = try TaskRecord.fetchOne(database, key: id.rawValue)?.task() else {
                    throw CatalogError(.notFound, "There is no task \(id).")
                }
                try Self.expect(versions, task)
                try TaskRecord.deleteOne(database, key: id.rawValue)
            }
        }
    }

    /// - Throws: `CatalogError` with code `changed` unless the task is in one of these states.
    private static func expect(_ versions: [TaskVersion]?, _ task: ReplicationTask) throws {
        guard versions?.contains(task.version) != false else {
            throw CatalogError(.changed, "The task \(task.id) was changed meanwhile.")
        }
    }
}
