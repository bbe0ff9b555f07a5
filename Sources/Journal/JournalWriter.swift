package import Operations

/// The one writer of a journal.
package final class JournalWriter: Sendable {
    /// Which journal this is.
    package let identity: JournalIdentity
    /// What opening found and did.
    package let recovery: RecoveryReport

    private init(identity: JournalIdentity, recovery: RecoveryReport) {
        self.identity = identity
        self.recovery = recovery
    }

    /// Opens the journal in a directory, or begins one: takes the lock, finds the last commit, and puts
    /// what lies behind it into `quarantine/`.
    ///
    /// Blocks while it reads the last segment.
    /// - Parameter source: The source's name; a journal of another source is refused.
    /// - Parameter witness: An entry that somebody, such as a checkpoint, has seen in this journal. If the
    ///   journal ends before it, acknowledged data was lost, and the journal is not opened.
    /// - Throws: `JournalError`.
    package static func open(
        at directory: String,
        source: String,
        options: JournalOptions = JournalOptions(),
        witness: SequenceNumber? = nil,
        storage: any Storage = PosixStorage()
    ) throws -> JournalWriter {
        fatalError("unfinished")
    }

    /// The last durable batch.
    package var head: JournalHead { fatalError("unfinished") }

    /// Where the reader must resume.
    package var position: SourcePosition { head.position ?? .start }

    /// The fold of everything that is durable.
    package func definitions() -> Definitions { fatalError("unfinished") }

    /// Appends a batch and returns the head it left once it is durable.
    ///
    /// Batches commit in the order of the calls; those that wait together share one sync. If one fails,
    /// those behind it fail with it, and the next call goes on from `head`. Cancellation does not take a
    /// batch back.
    /// - Throws: `JournalError`: `full` may be tried again, `refused` if the batch goes back in time.
    @discardableResult
    package func append(_ batch: Batch) async throws -> JournalHead {
        try await submit(batch).durable()
    }

    /// Takes a batch's place in the order, waits for room, and returns at once, so that a caller can
    /// prepare the next batch while this one is compressed, written and synced.
    ///
    /// - Throws: `JournalError`, as `append`.
    package func submit(_ batch: Batch) async throws -> PendingAppend { fatalError("unfinished") }

    /// The heads to come, beginning with the present one. A slow subscriber sees only the newest.
    package func heads() -> AsyncStream<JournalHead> { fatalError("unfinished") }

    /// Waits until everything that was submitted is durable, then gives up the lock. Later appends throw
    /// `stopped`.
    package func close() async throws {}
}

/// A batch on its way to the disk.
package struct PendingAppend: Sendable {
    /// Waits until the batch is durable and returns the head it left.
    ///
    /// - Throws: `JournalError`, as `JournalWriter.append`.
    package func durable() async throws -> JournalHead { fatalError("unfinished") }
}
