internal import Capture
internal import Journal
internal import Logging
internal import Operations
internal import Replay
internal import Synchronization

/// Keeps one source's journal open and its reader at work.
final class SourceRunner: Sendable {
    private enum Phase {
        case starting
        case reading(Reader)
        case retrying(Trouble)
        /// It needs a person.
        case stopped(Trouble)
    }

    private struct State {
        var journal: JournalWriter?
        /// One for all replays, so that each frame is decoded once.
        var reader: JournalReader?
        var phase = Phase.starting
        /// Whether the reader ever got as far as reading.
        var hasRead = false
    }

    let plan: SourcePlan
    let directory: String
    /// What the journal's writer asks of the disk.
    let disk = DiskMeter()
    private let logger: Logger
    private let state = Mutex(State())

    init(_ plan: SourcePlan, directory: String, logger: Logger) {
        self.plan = plan
        self.directory = directory
        var logger = logger
        logger[metadataKey: "source"] = "\(plan.name)"
        self.logger = logger
    }

    /// Opens the journal; blocks meanwhile.
    ///
    /// - Parameter witness: The furthest entry that a task's checkpoint has seen.
    func open(witness: SequenceNumber?) {
        do {
            let journal = try JournalWriter.open(
                at: directory,
                source: plan.name,
                options: plan.journal,
                witness: witness,
                storage: MeteredStorage(storage: PosixStorage(), meter: disk)
            )
            if let torn = journal.recovery.tornTail {
                logger.notice(
                    "a write that was cut short was put aside",
                    metadata: ["journal.segment": "\(torn.segment)", "bytes": "\(torn.count)"]
                )
            }
            state.withLock { $0.journal = journal }
        } catch {
            stop(Trouble(error))
        }
    }

    /// Reads until it is cancelled, through everything that passes.
    ///
    /// - Parameter mayRefuse: Whether to end with what keeps it from beginning at all, rather than wait.
    /// - Throws: `Trouble`, only if `mayRefuse`, before anything was read.
    func run(mayRefuse: Bool) async throws {
        var attempts = 0
        var told: String?
        while !Task.isCancelled {
            if case .stopped(let trouble) = state.withLock({ $0.phase }) {
                if mayRefuse, !state.withLock({ $0.hasRead }), trouble.forbidsStart {
                    throw trouble
                }
                // A person is needed; meanwhile tasks go on with what the journal holds.
                try? await Task.sleep(for: .seconds(3600))
                continue
            }
            do {
                try await read()
            } catch is CancellationError {
                return
            } catch {
                let trouble = Trouble(error)
                guard !Task.isCancelled else { return }
                guard trouble.isTransient else {
                    stop(trouble)
                    continue
                }
                attempts += 1
                if told != trouble.message {
                    logger.warning("reading paused", metadata: ["error": "\(trouble.message)"])
                    told = trouble.message
                }
                state.withLock { $0.phase = .retrying(trouble) }
                var random = SystemRandomNumberGenerator()
                try? await Task.sleep(for: Backoff.standard.delay(after: attempts, using: &random))
            }
        }
    }

    /// Makes everything that was read durable and gives up the journal.
    func close() async { await state.withLock { $0.journal }?.close() }

    private func read() async throws {
        guard let journal = state.withLock({ $0.journal }) else { return }
        let peers = try plan.connect(logger)
        let reader = Reader(
            log: peers.log,
            metadata: peers.metadata,
            messageDecoder: peers.messageDecoder,
            metadataDecoder: peers.metadataDecoder,
            journal: journal,
            options: plan.options,
            logger: logger
        )
        state.withLock { $0.phase = .reading(reader) }
        defer {
            state.withLock { state in
                state.hasRead = state.hasRead || !reader.status.channels.isEmpty
            }
        }
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await peers.carry() }
                group.addTask { try await reader.run() }
                // Whichever ends first, by failure or by cancellation, ends the other.
                defer { group.cancelAll() }
                try await group.next()
            }
        } catch {
            await peers.log.close()
            throw error
        }
        await peers.log.close()
    }

    /// The open journal; nil if it could not be opened.
    var journal: JournalWriter? { state.withLock { $0.journal } }

    private func stop(_ trouble: Trouble) {
        logger.error("reading stopped", metadata: ["error": "\(trouble.message)"])
        state.withLock { $0.phase = .stopped(trouble) }
    }
}

// MARK: - What others see

extension SourceRunner {
    /// Up to where the source was read by now; nil where it is not being read.
    var read: HybridTimestamp? {
        guard case .reading(let reader) = state.withLock({ $0.phase }) else { return nil }
        let status = reader.status
        return status.state == .reading ? status.resolved : nil
    }

    /// The oldest moment that the journal knows; zero while it holds nothing, or cannot be read.
    var firstMoment: HybridTimestamp {
        guard let entries = try? entries(), let span = try? JournalSpan(of: entries) else {
            return .zero
        }
        return span.first
    }

    /// What the journal holds and takes; nil where it cannot be read.
    var journalDocument: SourceDocument.Journal? {
        guard let segments = try? JournalReader.open(at: directory).segments(),
            let oldest = segments.first
        else { return nil }
        return SourceDocument.Journal(
            oldest: MarkDocument(oldest.firstSequence, firstMoment),
            segments: segments.count,
            bytes: segments.reduce(0) { $0 + $1.fileBytes },
            diskFreeBytes: (try? PosixStorage().freeBytes(directory: directory)) ?? 0
        )
    }

    /// The journal as replayers read it.
    ///
    /// - Throws: `JournalError` if it cannot be read.
    func entries() throws -> JournalEntries {
        if let reader = state.withLock({ $0.reader }) {
            return JournalEntries(reader: reader, writer: journal)
        }
        let reader = try JournalReader.open(at: directory)
        state.withLock { $0.reader = reader }
        return JournalEntries(reader: reader, writer: journal)
    }

    /// The end of the journal; the start where it cannot be told.
    var head: Mark {
        if let head = state.withLock({ $0.journal })?.head {
            return Mark(sequence: head.sequence, tso: head.resolved)
        }
        guard let head = try? JournalReader.open(at: directory).head() else { return .start }
        return Mark(sequence: head.sequence, tso: head.resolved)
    }

    /// The source as JSON; `now` is milliseconds since 1970.
    func document(now: Int64) -> SourceDocument {
        let (phase, journal) = state.withLock { ($0.phase, $0.journal) }
        let head = self.head
        var channels: [SourceDocument.Channel] = []
        var reading: ReadingDocument?
        let documentState: SourceDocument.State
        var lastError: String?
        switch phase {
        case .starting: documentState = .starting
        case .retrying(let trouble): (documentState, lastError) = (.retrying, trouble.message)
        case .stopped(let trouble):
            (documentState, lastError) = (trouble.kind == .gap ? .gap : .failed, trouble.message)
        case .reading(let reader):
            let status = reader.status
            (documentState, lastError) = SourceDocument.state(of: status.state)
            reading = ReadingDocument(status)
            channels = status.channels.map { channel in
                SourceDocument.Channel(
                    name: channel.name.name,
                    offset: channel.offset,
                    head: channel.frontier,
                    lagSeconds: channel.frontier.age(now: now)
                )
            }
        }
        return SourceDocument(
            name: plan.name,
            state: documentState,
            resolved: MarkDocument(head.sequence, head.tso),
            lagSeconds: head.tso == .zero ? nil : head.tso.age(now: now),
            channels: channels.sorted { $0.name < $1.name },
            gaps: journal?.definitions().gapDocuments ?? [],
            reading: reading,
            journal: journalDocument,
            lastError: lastError
        )
    }
}

extension SourceDocument {
    fileprivate static func state(of state: ReaderStatus.State) -> (State, String?) {
        switch state {
        case .starting: (.starting, nil)
        case .reading: (.running, nil)
        case .retrying(let error): (.retrying, error)
        case .failed(let error): (.failed, error)
        }
    }
}

extension Definitions {
    /// The gaps of every collection that is there, oldest first.
    fileprivate var gapDocuments: [SourceDocument.Gap] {
        collections.flatMap { id, collection in collection.gaps.map { ($0, name(of: id)) } }
            .sorted { $0.0.from < $1.0.from }
            .map { SourceDocument.Gap($0.0, name: $0.1) }
    }
}

extension Trouble {
    /// Whether a source that cannot even begin for this reason should keep the program from running.
    fileprivate var forbidsStart: Bool {
        switch kind {
        case .refused, .corrupt, .configuration, .busy, .invalid, .gap: true
        case .unavailable, .inputOutput, .notFound, .conflict, .changed, .notBuilt, .failed:
            false
        }
    }
}
