internal import GRDB

extension Catalog {
    /// Adds a task and returns it with its times.
    ///
    /// - Throws: `CatalogError`: `exists` where there is a task of that id, `refused` for values that are
    ///   no task's.
    @discardableResult
    package func create(_ task: ReplicationTask) async throws -> ReplicationTask {
        let now = now()
        var task = task
        (task.createdAt, task.updatedAt) = (now, now)
        let record = try TaskRecord(task)
        try await CatalogError.explaining("The task \(task.id) cannot be created") {
            try await pool.write { database in
                guard try !TaskRecord.exists(database, key: record.id) else {
                    throw CatalogError(.exists, "There is a task \(record.id) already.")
                }
                try record.insert(database)
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
    /// - Throws: `CatalogError` with code `notFound`; what `change` throws.
    @discardableResult
    package func update(
        _ id: TaskID,
        _ change: @escaping @Sendable (inout ReplicationTask) throws -> Void
    ) async throws -> ReplicationTask {
        let now = now()
        return try await CatalogError.explaining("The task \(id) cannot be changed") {
            try await pool.write { database in
                guard var task = try TaskRecord.fetchOne(database, key: id.rawValue)?.task() else {
                    throw CatalogError(.notFound, "There is no task \(id).")
                }
                try change(&task)
                task.updatedAt = max(now, task.createdAt)
                try TaskRecord(task).update(database)
                return task
            }
        }
    }

    /// Removes a task with its checkpoint and its parked lanes.
    ///
    /// - Throws: `CatalogError` with code `notFound`.
    package func delete(_ id: TaskID) async throws {
        try await CatalogError.explaining("The task \(id) cannot be deleted") {
            try await pool.write { database in
                guard try TaskRecord.deleteOne(database, key: id.rawValue) else {
                    throw CatalogError(.notFound, "There is no task \(id).")
                }
            }
        }
    }
}
