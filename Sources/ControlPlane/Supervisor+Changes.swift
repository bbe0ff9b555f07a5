package import Catalog
internal import Logging
internal import Replay

// What of a task can be changed once it is there.

extension Supervisor {
    /// Changes where a task's target is, what the task leaves out and what becomes of refused entries; a task that
    /// runs goes on so.
    ///
    /// - Throws: `Trouble` of kind `notFound`, `invalid`, `refused` or `changed`.
    package func changeTask(
        _ id: String,
        _ change: TaskChange,
        ifOneOf versions: [TaskVersion]? = nil
    ) async throws -> TaskDocument {
        let task = try await found(id)
        if let target = change.target {
            _ = try admitted(target, for: try source(task.source))
        }
        let onError = try change.onError.map { try Self.policy($0) }
        var wanted = task
        wanted.leftOut = change.leaveOut ?? task.leftOut
        _ = try Projection(wanted)
        let changed = try await catalog.update(task.id, ifOneOf: versions) {
            $0.target = change.target ?? $0.target
            $0.leftOut = change.leaveOut ?? $0.leftOut
            $0.onError = onError ?? $0.onError
        }
        guard changed.revision != task.revision else { return try await document(of: changed) }
        if changed.wantedState == .running {
            // The new runner waits for the end of this one.
            runners[task.id]?.stop()
            begin(changed)
        }
        logger.notice("task.changed", metadata: ["task": "\(task.id)"])
        try await catalog.note(
            CatalogEvent(
                kind: "task.changed",
                source: task.source,
                task: task.id,
                message: "Task \(id) was changed."
            )
        )
        return try await document(of: changed)
    }

    /// What becomes of refused entries, as a person writes it; parking where nothing is said.
    static func policy(_ text: String?) throws -> ReplicationTask.OnError {
        guard let text else { return .park }
        guard let policy = ReplicationTask.OnError(rawValue: text) else {
            throw Trouble(
                .invalid,
                "\"\(text)\" is no way to treat what a target refuses.",
                hint: "Write park or dead-letter."
            )
        }
        return policy
    }
}
