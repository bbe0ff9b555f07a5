package import Catalog
internal import Logging
internal import Replay

// What of a task can be changed once it is there.

extension Supervisor {
    /// Changes where a task's target is, what the task leaves out and what becomes of refused entries; a task that
    /// runs goes on so.
    ///
    /// What a caller gave to log in with was for the address it came with. Where the address changes it is
    /// forgotten, and never sent to the new one: what the configuration says of that one counts.
    /// - Throws: `Trouble` of kind `notFound`, `invalid`, `refused` or `changed`.
    package func changeTask(
        _ id: String,
        _ change: TaskChange,
        ifOneOf versions: [TaskVersion]? = nil
    ) async throws -> TaskDocument {
        let onError = try change.onError.map { try Self.policy($0) }
        let (task, changed, loginIsForgotten) = try await turnstile.pass {
            let task = try await found(id)
            let loginIsForgotten = try moves(task, to: change.target) && task.hasLogin
            var wanted = task
            wanted.leftOut = change.leaveOut ?? task.leftOut
            _ = try Projection(wanted)
            let changed = try await catalog.update(task.id, ifOneOf: versions) {
                $0.target = change.target ?? $0.target
                $0.leftOut = change.leaveOut ?? $0.leftOut
                $0.onError = onError ?? $0.onError
                if loginIsForgotten { $0.targetOptions[TaskSecrets.option] = nil }
            }
            if loginIsForgotten { try secrets?.remove(task.id.rawValue) }
            if changed.revision != task.revision, changed.wantedState == .running {
                // The new runner waits for the end of this one.
                runners[task.id]?.stop()
                begin(changed)
            }
            return (task, changed, loginIsForgotten)
        }
        guard changed.revision != task.revision else { return try await document(of: changed) }
        logger.notice("task.changed", metadata: ["task": "\(task.id)"])
        try await catalog.note(
            CatalogEvent(
                kind: "task.changed",
                source: task.source,
                task: task.id,
                message: loginIsForgotten
                    ? "Task \(id) was changed; the login of its earlier target is forgotten."
                    : "Task \(id) was changed."
            )
        )
        return try await document(of: changed)
    }

    /// Whether a task's target would have another address; nil stays.
    ///
    /// - Throws: `Trouble` where the new target cannot be or may not be named.
    private func moves(_ task: ReplicationTask, to target: String?) throws -> Bool {
        guard let target else { return false }
        let address = try admitted(target, for: try source(task.source)).address
        return (try? findTarget(task.target).address) != address
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

extension ReplicationTask {
    /// Whether its caller gave it something to log in with.
    var hasLogin: Bool { targetOptions[TaskSecrets.option] != nil }
}
