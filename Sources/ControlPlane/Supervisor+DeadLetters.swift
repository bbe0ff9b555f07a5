internal import Catalog
internal import Logging
internal import Operations

// Entries that a target refused and that its task went past.

extension Supervisor {
    /// A task's dead letters in the order of the journal: those after an entry, at most so many.
    ///
    /// - Throws: `Trouble` of kind `notFound`.
    package func deadLetterDocuments(
        of id: String,
        after: UInt64? = nil,
        limit: Int = 100
    ) async throws -> DeadLetterList {
        let task = try await found(id)
        let letters = try await catalog.deadLetters(
            of: task.id,
            after: after.map(SequenceNumber.init(rawValue:)),
            limit: limit
        )
        return DeadLetterList(
            deadLetters: letters.map(DeadLetterDocument.init),
            total: try await catalog.deadLetterCount(of: task.id)
        )
    }

    /// Has dead letters tried again: those of some entries, or all.
    ///
    /// That they are wanted stands in the catalog, so a task that is paused or away does it when it goes on.
    ///
    /// - Returns: How many are tried.
    /// - Throws: `Trouble` of kind `notFound` where there is no such task or dead letter.
    package func retryDeadLetters(
        of id: String,
        _ sequences: [UInt64]? = nil
    ) async throws -> DeadLetterCount {
        let task = try await found(id)
        let count = try await catalog.wantDeadLetters(
            of: task.id,
            sequences?.map(SequenceNumber.init(rawValue:))
        )
        try expect(count, sequences, of: id)
        if count > 0 {
            runners[task.id]?.retryDeadLetters()
            try await note("task.dead_letters_retried", task, "\(count) of \(id) are tried again.")
        }
        return DeadLetterCount(count: count)
    }

    /// Forgets dead letters: those of some entries, or all.
    ///
    /// The target stays without them.
    ///
    /// - Returns: How many there were.
    /// - Throws: `Trouble` of kind `notFound` where there is no such task or dead letter.
    @discardableResult
    package func dropDeadLetters(
        of id: String,
        _ sequences: [UInt64]? = nil
    ) async throws -> DeadLetterCount {
        let task = try await found(id)
        let count = try await catalog.dropDeadLetters(
            of: task.id,
            sequences?.map(SequenceNumber.init(rawValue:))
        )
        try expect(count, sequences, of: id)
        if count > 0 {
            try await note("task.dead_letters_dropped", task, "\(count) of \(id) were dropped.")
        }
        return DeadLetterCount(count: count)
    }

    private func expect(_ count: Int, _ sequences: [UInt64]?, of id: String) throws {
        guard let sequences, count == 0, let first = sequences.first else { return }
        throw Trouble(.notFound, "The task \(id) has no dead letter of entry \(first).")
    }

    private func note(_ kind: String, _ task: ReplicationTask, _ what: String) async throws {
        logger.notice("\(kind)", metadata: ["task": "\(task.id)"])
        try await catalog.note(
            CatalogEvent(
                kind: kind,
                source: task.source,
                task: task.id,
                message: "Dead letters: \(what)"
            )
        )
    }
}
