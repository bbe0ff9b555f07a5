internal import Catalog
internal import Logging
internal import Replay

// What of a task can be changed once it is there.

extension Supervisor {
    /// Changes what a task leaves out and what becomes of refused entries; a task that runs goes on so.
    ///
    /// - Throws: `Trouble` of kind `invalid` for anything else, `notFound`.
    package func changeTask(_ id: String, _ change: TaskChange) async throws -> TaskDocument {
        let task = try await found(id)
        if let other = change.others.first {
            throw Trouble(
                .invalid,
                "\"\(other)\" of a task cannot be changed: what is on the target would no longer fit.",
                hint:
                    "on_error and leave_out can be changed; for anything else create another task."
            )
        }
        let onError = try change.onError.map { try Self.policy($0) }
        var wanted = task
        wanted.leftOut = change.leaveOut ?? task.leftOut
        wanted.onError = onError ?? task.onError
        _ = try Projection(wanted)
        guard wanted != task else { return try await document(of: task) }
        let (leftOut, policy) = (wanted.leftOut, wanted.onError)
        let changed = try await catalog.update(task.id) {
            $0.leftOut = leftOut
            $0.onError = policy
        }
        if let runner = runners[task.id], runner.isAtWork {
            // The new runner waits for the end of this one.
            runner.stop()
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
