package import Journal
package import Logging
internal import Operations
internal import Synchronization

/// Reads one source into one journal: performs what a `CaptureMachine` decides.
///
/// It keeps no state of its own: where to go on is the position in the journal's last commit. So it can be
/// killed at any moment, and begins again after any failure as after a restart.
package final class Reader: Sendable {
    private let log: any MessageLog
    private let metadata: any MetadataSource
    private let messageDecoder: any MessageDecoder
    private let metadataDecoder: any MetadataDecoder
    private let journal: JournalWriter
    private let options: ReaderOptions
    private let logger: Logger
    private let currentStatus = Mutex(ReaderStatus())

    package init(
        log: any MessageLog,
        metadata: any MetadataSource,
        messageDecoder: any MessageDecoder,
        metadataDecoder: any MetadataDecoder,
        journal: JournalWriter,
        options: ReaderOptions,
        logger: Logger
    ) {
        self.log = log
        self.metadata = metadata
        self.messageDecoder = messageDecoder
        self.metadataDecoder = metadataDecoder
        self.journal = journal
        self.options = options
        self.logger = logger
    }

    /// How it is doing; may be asked at any time.
    package var status: ReaderStatus { currentStatus.withLock { $0 } }

    /// Reads until it is cancelled, through failures that pass.
    ///
    /// - Throws: What needs a person: `LogFailure`, `MetadataFailure` or `JournalError`.
    package func run() async throws {
        var retry = RetryPause(options.retryPauses)
        // What was said is not said again at every attempt.
        var told: String?
        while !Task.isCancelled {
            do {
                try await read {
                    retry.reset()
                    told = nil
                }
            } catch let error where Self.isTransient(error) && !Task.isCancelled {
                setState(.retrying("\(error)"))
                if told != "\(error)" {
                    logger.warning("reading paused", metadata: ["error": "\(error)"])
                    told = "\(error)"
                }
                try? await Task.sleep(for: retry.next())
            } catch is CancellationError {
                return
            } catch {
                setState(.failed("\(error)"))
                throw error
            }
        }
    }

    private static func isTransient(_ error: any Error) -> Bool {
        switch error {
        case let failure as LogFailure: failure.isTransient
        case let failure as MetadataFailure: failure.isTransient || failure.isCompacted
        default: false
        }
    }

    private func setState(_ state: ReaderStatus.State) {
        currentStatus.withLock { $0.state = state }
    }

    // MARK: - Beginning

    private func begin() async throws -> (CaptureMachine, any MetadataWatch) {
        let position = journal.position
        let known = journal.definitions()
        var machine = CaptureMachine(
            messageDecoder: messageDecoder,
            metadataDecoder: metadataDecoder,
            position: position,
            known: known,
            sideChannel: options.sideChannel
        )
        let (snapshot, isResumed) = try await startingSnapshot(position)
        let starts: [ChannelSet.Start]
        if isResumed {
            starts = try machine.resume(at: snapshot)
        } else {
            starts = try machine.begin(
                at: snapshot,
                plan: try await plan(snapshot, known, position)
            )
        }
        let watch = try await metadata.watch(after: snapshot.revision)
        try await follow(starts)
        if let side = options.sideChannel {
            var offset = position.offsets[side]
            if offset == nil { offset = try await log.bounds(of: side)?.first }
            try await log.follow(side, from: offset ?? 0)
        }
        return (machine, watch)
    }

    /// The metadata as it was at the journal's position, or, where that is not kept or the journal is new,
    /// as it is.
    private func startingSnapshot(
        _ position: SourcePosition
    ) async throws -> (MetadataSnapshot, isResumed: Bool) {
        if position.metadata > .zero {
            do {
                return (try await metadata.snapshot(at: position.metadata), true)
            } catch let failure as MetadataFailure {
                guard case .compacted(let oldest) = failure.code else { throw failure }
                logger.notice(
                    "metadata history is not kept; comparing with the journal instead",
                    metadata: ["revision": "\(position.metadata)", "oldest": "\(oldest)"]
                )
            }
        }
        let snapshot = try await metadata.snapshot(at: nil)
        try metadataDecoder.admit(snapshot)
        return (snapshot, false)
    }

    private func plan(
        _ snapshot: MetadataSnapshot,
        _ known: Definitions,
        _ position: SourcePosition
    ) async throws -> StartPlan {
        var preview = MetadataModel(decoder: metadataDecoder, known: known)
        try preview.restore(snapshot)
        let new = preview.collections.filter { known.collections[$0.id] == nil }
        var bounds: [PhysicalChannel: OffsetBounds] = [:]
        for channel in Set(new.flatMap { $0.virtualChannels.map(\.physical) }) {
            guard let held = try await log.bounds(of: channel) else { continue }
            let first = max(held.first, position.offsets[channel] ?? 0)
            bounds[channel] = OffsetBounds(first: first, end: held.end)
        }
        return try StartPlan(
            collections: new,
            checkpoint: { preview.checkpoint(of: $0) },
            bounds: bounds,
            position: position
        )
    }

    private func follow(_ starts: [ChannelSet.Start]) async throws {
        for start in starts {
            try await admit(start)
            try await log.follow(start.channel, from: start.offset)
            logger.debug(
                "following",
                metadata: ["channel": "\(start.channel)", "offset": "\(start.offset)"]
            )
        }
    }

    /// What the brokers do not have is found before anything is read.
    ///
    /// Where Milvus' metadata puts the beginning behind the end, its log is elsewhere: positions of RocksMQ,
    /// which has no brokers, look like offsets, only larger.
    private func admit(_ start: ChannelSet.Start) async throws {
        guard let bounds = try await log.bounds(of: start.channel),
            start.offset < bounds.first || start.offset > bounds.end
        else { return }
        guard start.offset < bounds.first || journal.position.offsets[start.channel] == start.offset
        else {
            throw LogFailure(
                code: .refused,
                message: """
                    the source's log is not on these brokers: its metadata names offset \(start.offset) of \
                    \(start.channel), which ends at \(bounds.end)
                    """
            )
        }
        throw LogFailure.outOfRange(start.channel, offset: start.offset, bounds: bounds)
    }

    // MARK: - Reading

    private func read(onProgress: () -> Void) async throws {
        var (machine, watch) = try await begin()
        setState(.reading)
        var isHolding = false
        var lastCommit = ContinuousClock.now
        do {
            try await withThrowingTaskGroup(of: Void.self) { commits in
                var committing = 0
                while !Task.isCancelled {
                    for message in try await log.next(wait: options.messageWait) {
                        try machine.receive(message)
                    }
                    try await settle(&machine)
                    if machine.candidate == nil {
                        try await follow(try machine.learn(try await watch.arrived()))
                    }
                    if machine.candidate != nil {
                        // The barrier: what the metadata holds now is known before time moves on.
                        try await follow(try machine.learn(try await watch.caughtUp()))
                    }
                    if let timestamp = machine.candidate {
                        let (batch, left) = machine.resolve(through: timestamp)
                        for channel in left { try await log.unfollow(channel) }
                        let isDue = ContinuousClock.now - lastCommit >= options.idleCommitInterval
                        if !batch.operations.isEmpty || isDue {
                            // The next batches are read while this one is made durable.
                            let pending = try await journal.submit(batch)
                            commits.addTask { _ = try await pending.durable() }
                            committing += 1
                            if committing > options.commitsInFlightMax {
                                try await commits.next()
                                committing -= 1
                            }
                            lastCommit = .now
                        }
                        onProgress()
                    } else if let failure = machine.end {
                        // What stands before it is in the journal by then.
                        try await commits.waitForAll()
                        throw failure
                    }
                    try await bound(&isHolding, machine)
                    publish(machine)
                }
                try await commits.waitForAll()
            }
        } catch {
            await watch.close()
            throw error
        }
        await watch.close()
    }

    /// Looks up how far silent channels are complete.
    private func settle(_ machine: inout CaptureMachine) async throws {
        for claim in machine.claims {
            // Asked for after the metadata told it: by then the log holds everything up to it.
            guard let bounds = try await log.bounds(of: claim.channel) else { continue }
            machine.settle(claim, end: bounds.end)
        }
    }

    /// Holds back the channels that are ahead while too much waits in memory.
    private func bound(_ isHolding: inout Bool, _ machine: CaptureMachine) async throws {
        let open = machine.openTransactions
        guard open.bytes <= options.transactionBytesMax else {
            throw LogFailure(
                code: .refused,
                message: """
                    \(open.count) transactions that have not ended hold \(open.bytes) bytes; more than \
                    \(options.transactionBytesMax) cannot be kept in memory
                    """
            )
        }
        let held = machine.heldBytes
        let heldMax =
            machine.isWaitingForSilence ? options.heldBytesWhileSilentMax : options.heldBytesMax
        if held > heldMax {
            try await log.hold(machine.channelsAhead)
            isHolding = true
        } else if isHolding, held < options.heldBytesMax / 2 {
            try await log.hold([])
            isHolding = false
        }
    }

    private func publish(_ machine: CaptureMachine) {
        let channels = machine.progress.map {
            ReaderStatus.Channel(name: $0.channel, offset: $0.resume, frontier: $0.frontier)
        }
        let discarded = machine.discardedNow
        if discarded.belowTicks > status.discarded.belowTicks {
            logger.warning(
                "messages below a time tick were dropped, as the source drops them",
                metadata: ["messages": "\(discarded.belowTicks)"]
            )
        }
        currentStatus.withLock { status in
            status.resolved = machine.resolved
            status.channels = channels
            status.waitingFor = machine.slowest
            status.heldBytes = machine.heldBytes
            status.openTransactions = machine.openTransactions.count
            status.discarded = discarded
        }
    }
}
