internal import Catalog
internal import FoundationEssentials
internal import Journal
internal import Logging
internal import Operations
internal import Replay

// Restores that people ask for. Each stands in the catalog before it begins, and goes on after a restart.

extension Supervisor {
    /// How restores are called among operations.
    static let restoreKind = "restore"

    /// Begins a restore; the same request with the same id again gives the one that is there.
    ///
    /// - Returns: The operation to look at, and whether it is a new one.
    /// - Throws: `Trouble` of kind `invalid`, `notFound`, `refused` or `conflict`.
    func createRestore(_ request: RestoreRequest) async throws -> (OperationDocument, isNew: Bool) {
        let source = try source(request.source)
        let target = try admitted(request.target, for: source)
        _ = try Projection(request)
        if let id = request.id, let known = try await catalog.operation(try TaskID(id)) {
            guard known.kind == Self.restoreKind, try RestoreRequest(json: known.request) == request
            else { throw Trouble(.conflict, "There is another operation \(id) already.") }
            return (document(of: known), false)
        }
        let end = try end(of: request, in: source)
        let id = try request.id.map { try TaskID($0) } ?? TaskID("restore-\(UUID().short)")
        let operation = try await catalog.create(
            LongOperation(
                id: id,
                kind: Self.restoreKind,
                request: String(decoding: try JSONBytes.of(request), as: UTF8.self),
                progress: try RestoreProgress(end: end.text).json
            )
        )
        try begin(operation)
        try await note(
            "restore.created",
            source,
            "Restore \(id) of \(request.source) onto \(target.address) was created."
        )
        return (document(of: operation), true)
    }

    /// Every restore, oldest first.
    func restoreDocuments() async throws -> [RestoreDocument] {
        try await catalog.operations().filter { $0.kind == Self.restoreKind }
            .map { try restoreDocument(of: $0) }
    }

    /// One restore.
    ///
    /// - Throws: `Trouble` of kind `notFound`.
    func restoreDocument(_ id: String) async throws -> RestoreDocument {
        try restoreDocument(of: try await operation(id, Self.restoreKind))
    }

    /// Ends a restore where it is; what the target holds stays there.
    ///
    /// One that was cancelled before stays so.
    /// - Throws: `Trouble` of kind `notFound`, or `conflict` where it has ended.
    func cancelRestore(_ id: String) async throws -> RestoreDocument {
        try restoreDocument(of: try await cancel(try await operation(id, Self.restoreKind)))
    }

    /// Begins every restore that has not ended.
    func beginRestores() async throws {
        for operation in try await catalog.operations()
        where operation.kind == Self.restoreKind && operation.state == .running {
            do {
                try begin(operation)
            } catch {
                let trouble = Trouble(error)
                try await catalog.updateOperation(
                    operation.id,
                    state: .failed,
                    error: trouble.message
                )
            }
        }
    }

    private func begin(_ operation: LongOperation) throws {
        let request = try RestoreRequest(json: operation.request)
        let progress = try RestoreProgress(json: operation.progress)
        let runner = RestoreRunner(
            operation.id,
            end: try ReplayEnd(text: progress.end),
            projection: try Projection(request),
            source: try source(request.source),
            target: try findTarget(request.target),
            catalog: catalog,
            logger: logger
        )
        restores[operation.id] = runner
        start { await runner.run() }
    }

    /// The end as the journal has it now, so that a restart does not move it.
    private func end(of request: RestoreRequest, in source: SourceRunner) throws -> ReplayEnd {
        let goal = try RestoreGoal(request.to)
        return try goal.end(in: try JournalSpan(of: try source.entries())) { name in
            try source.pins.pin(.point, name)?.timestamp
        }
    }

    private func restoreDocument(of operation: LongOperation) throws -> RestoreDocument {
        let request = try RestoreRequest(json: operation.request)
        let stored = try RestoreProgress(json: operation.progress)
        let runner = operation.state == .running ? restores[operation.id] : nil
        let status = runner?.status
        let trouble = runner?.trouble
        let parked = status?.parked ?? stored.checkpoint?.parked ?? []
        let gaps = status?.gaps ?? stored.checkpoint?.gaps ?? []
        let mark = status?.checkpoint ?? stored.checkpoint?.mark ?? .start
        // What was saved has this run's part in it already.
        let rows = max(stored.rows, status?.appliedRows ?? 0)
        return RestoreDocument(
            id: operation.id.rawValue,
            source: request.source,
            target: request.target,
            to: request.to,
            end: stored.end,
            include: request.include ?? [],
            exclude: request.exclude ?? [],
            rename: request.rename ?? [],
            state: RestoreDocument.State(
                operation.state,
                isWaiting: trouble != nil || status?.state == .retrying
            ),
            progress: operation.state == .done ? 1 : stored.fraction,
            rows: rows,
            bytes: max(stored.bytes, status?.appliedBytes ?? 0),
            requests: max(stored.requests, status?.requests ?? 0),
            checkpoint: MarkDocument(mark.sequence, mark.tso),
            parked: parked.map {
                TaskDocument.ParkedLane(
                    lane: $0.lane.description,
                    sequence: $0.sequence.rawValue,
                    error: $0.reason
                )
            },
            gaps: gaps.map(RestoreDocument.Gap.init),
            created: operation.createdAt,
            updated: operation.updatedAt,
            finished: operation.finishedAt,
            lastError: operation.error ?? trouble?.message ?? status?.lastError
        )
    }
}

extension RestoreDocument.State {
    fileprivate init(_ state: LongOperation.State, isWaiting: Bool) {
        self =
            switch state {
            case .running: isWaiting ? .retrying : .running
            case .done: .done
            case .failed: .failed
            case .cancelled: .cancelled
            }
    }
}

extension RestoreRequest {
    /// As the catalog keeps it.
    fileprivate init(json: String) throws {
        self = try JSONDecoder().decode(Self.self, from: Data(json.utf8))
    }
}

extension Projection {
    /// What a restore takes, and what things are called on its target.
    ///
    /// - Throws: `ReplayError` with code `invalid`.
    fileprivate init(_ request: RestoreRequest) throws {
        try self.init(
            include: (request.include ?? []).map { try NamePattern($0) },
            exclude: (request.exclude ?? []).map { try NamePattern($0) },
            rename: (request.rename ?? []).map { try RenameRule($0) }
        )
    }
}

extension ReplayEnd {
    /// `tso:N` or `seq:N`.
    fileprivate var text: String {
        switch self {
        case .sequence(let sequence): RestoreGoal.sequence(sequence).description
        case .timestamp(let timestamp): RestoreGoal.timestamp(timestamp).description
        }
    }

    fileprivate init(text: String) throws {
        switch try RestoreGoal(text) {
        case .sequence(let sequence): self = .sequence(sequence)
        case .timestamp(let timestamp): self = .timestamp(timestamp)
        case .latest, .point:
            throw Trouble(.corrupt, "The catalog holds a restore that ends at \"\(text)\".")
        }
    }
}

extension UUID {
    /// Enough of it for a name among a thousand.
    fileprivate var short: String {
        String(uuidString.lowercased().filter { $0 != "-" }.prefix(12))
    }
}
