package import Operations
internal import Synchronization

/// The one writer of a journal.
///
/// What `append` has returned for is on the disk: written, synced, and vouched for in `HEAD`.
package final class JournalWriter: Sendable {
    /// Which journal this is.
    package let identity: JournalIdentity
    /// What opening found and did.
    package let recovery: RecoveryReport
    let directory: JournalDirectory
    private let committer: Committer
    private let options: JournalOptions
    private let lock: Mutex<JournalLock?>

    private init(_ recovered: RecoveredJournal, _ options: JournalOptions, _ world: Surroundings) {
        let header = recovered.segment.header
        identity = JournalIdentity(
            journal: header.journal,
            source: header.source,
            formatVersion: JournalFormat.version
        )
        recovery = recovered.report
        directory = recovered.directory
        committer = Committer(recovered, options: options, surroundings: world)
        self.options = options
        lock = Mutex(recovered.lock)
    }

    /// Opens the journal in a directory, or begins one: takes the lock, finds the last commit, and puts
    /// what lies behind it into `quarantine/`.
    ///
    /// Blocks while it reads the last segment.
    /// - Parameters:
    ///   - directory: Where the journal is, or is to be; it belongs to this journal alone.
    ///   - source: The source's name; a journal of another source is refused.
    ///   - options: How to write.
    ///   - witness: An entry that somebody, such as a checkpoint, has seen in this journal. If the journal
    ///     ends before it, acknowledged data was lost, and the journal is not opened.
    ///   - storage: The file system.
    /// - Returns: The journal's one writer.
    /// - Throws: `JournalError`: `busy`, `corrupt`, `refused`, `full` or `io`.
    package static func open(
        at directory: String,
        source: String,
        options: JournalOptions = JournalOptions(),
        witness: SequenceNumber? = nil,
        storage: any Storage = PosixStorage()
    ) throws -> JournalWriter {
        try open(
            at: directory,
            source: source,
            options: options,
            witness: witness,
            storage: storage,
            surroundings: .real
        )
    }

    static func open(
        at directory: String,
        source: String,
        options: JournalOptions,
        witness: SequenceNumber?,
        storage: any Storage,
        surroundings: Surroundings
    ) throws -> JournalWriter {
        try options.check()
        let recovery = Recovery(
            directory: JournalDirectory(path: directory, storage: storage),
            source: source,
            options: options,
            surroundings: surroundings,
            witness: witness
        )
        return JournalWriter(try recovery.run(), options, surroundings)
    }

    /// The last durable batch.
    package var head: JournalHead { committer.head }

    /// What was made durable since the writer was opened.
    package var counts: AppendCounts { committer.counts }

    /// Why nothing more is taken, for as long as this writer lives; nil while it is.
    package var refusal: JournalError? { committer.refusal }

    /// Where the reader must resume.
    package var position: SourcePosition { head.position ?? .start }

    /// The fold of everything that is durable.
    package func definitions() -> Definitions { committer.definitions }

    /// Appends a batch and returns the head it left once it is durable.
    ///
    /// Batches commit in the order of the calls; those that wait together share one sync. If one fails,
    /// those behind it fail with it, and the next call goes on from `head`. Cancellation does not take a
    /// batch back.
    /// - Throws: `JournalError`: `full` may be tried again; `refused` if the batch goes back in time or an
    ///   operation is too large; after anything else the writer has stopped.
    @discardableResult
    package func append(_ batch: Batch) async throws -> JournalHead {
        try await submit(batch).durable()
    }

    /// Takes a batch's place in the order, waits for room, and returns, so that a caller can prepare the
    /// next batch while this one is compressed, written and synced.
    ///
    /// - Throws: `JournalError`, as `append`.
    package func submit(_ batch: Batch) async throws -> PendingAppend {
        let pending = PendingBatch(batch, frameTargetBytes: options.frameSizeTargetBytes)
        try await committer.submit(pending)
        return PendingAppend(pending: pending)
    }

    /// The heads to come, beginning with the present one.
    ///
    /// A slow subscriber sees only the newest. Ends when the writer is closed.
    package func heads() -> AsyncStream<JournalHead> { committer.heads() }

    /// Waits until everything that was submitted is durable or has failed, then gives up the lock.
    ///
    /// Later appends throw `stopped`. Safe to call twice.
    package func close() async {
        await committer.close()
        lock.withLock { $0 = nil }
    }
}

/// A batch on its way to the disk.
package struct PendingAppend: Sendable {
    fileprivate let pending: PendingBatch

    /// Waits until the batch is durable and returns the head it left.
    ///
    /// - Throws: `JournalError`, as `JournalWriter.append`.
    package func durable() async throws -> JournalHead { try await pending.head() }
}
