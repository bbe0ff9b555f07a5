internal import Catalog
internal import Operations
internal import Replay

// What is, as JSON.

extension Supervisor {
    /// Every source.
    package func sourceDocuments() -> [SourceDocument] {
        let now = now()
        return sources.map { $0.document(now: now) }
    }

    /// One source.
    ///
    /// - Throws: `Trouble` of kind `notFound`.
    package func sourceDocument(_ name: String) throws -> SourceDocument {
        guard let source = sources.first(where: { $0.plan.name == name }) else {
            throw Trouble(.notFound, "There is no source \(name).")
        }
        return source.document(now: now())
    }

    /// Every task, oldest first.
    package func taskDocuments() async throws -> [TaskDocument] {
        try await documents(of: try await catalog.tasks())
    }

    /// A page of the tasks, oldest first.
    func taskDocuments(_ page: PageRequest) async throws -> TaskList {
        let (tasks, next) = try page.of(try await catalog.tasks()) {
            [PageToken.number($0.createdAt), $0.id.rawValue]
        }
        return TaskList(tasks: try await documents(of: tasks), nextPageToken: next)
    }

    private func documents(of tasks: [ReplicationTask]) async throws -> [TaskDocument] {
        var documents: [TaskDocument] = []
        for task in tasks { documents.append(try await document(of: task)) }
        return documents
    }

    /// One task.
    ///
    /// - Throws: `Trouble` of kind `notFound`.
    package func taskDocument(_ id: String) async throws -> TaskDocument {
        try await document(of: try await found(id))
    }

    /// The newest events, those before an id, or those of a task.
    package func eventDocuments(
        of task: String?,
        before: Int64?,
        limit: Int
    ) async throws -> [EventDocument] {
        try await catalog.events(of: try task.map { try TaskID($0) }, before: before, limit: limit)
            .map(EventDocument.init)
    }

    func document(of task: ReplicationTask) async throws -> TaskDocument {
        let runner = runners[task.id]
        let status = runner?.status
        let stored = try await TaskCheckpoints(catalog: catalog, task: task.id).load()
        let source = sources.first { $0.plan.name == task.source }
        let head = source?.head ?? .start
        // Before a replay has looked at its checkpoint, the stored one is the better answer.
        let checkpoint =
            [status?.checkpoint ?? .start, stored?.mark ?? .start]
            .max { ($0.sequence, $0.tso) < ($1.sequence, $1.tso) } ?? .start
        let trouble = runner?.trouble ?? idle[task.id]
        let state = TaskDocument.State(
            task.wantedState,
            status?.state,
            trouble,
            hasFailed: runner?.hasFailed ?? true
        )
        let lag = Lag(
            checkpoint: checkpoint,
            head: head,
            first: checkpoint.tso.unixMilliseconds == 0 ? source?.firstMoment ?? .zero : .zero,
            read: source?.read,
            isRunning: state == .running,
            now: now()
        )
        return TaskDocument(
            id: task.id.rawValue,
            source: task.source,
            target: task.target,
            state: state,
            checkpoint: MarkDocument(checkpoint.sequence, checkpoint.tso),
            resolved: MarkDocument(head.sequence, head.tso),
            lagSeconds: lag.seconds,
            backlogEntries: head.sequence > checkpoint.sequence
                ? head.sequence.rawValue - checkpoint.sequence.rawValue : 0,
            include: task.include,
            exclude: task.exclude,
            rename: task.rename,
            leaveOut: task.leftOut,
            onError: task.onError.rawValue,
            deadLetters: try await catalog.deadLetterCount(of: task.id),
            start: task.start,
            parked: (status?.parked ?? stored?.parked ?? []).map {
                TaskDocument.ParkedLane(
                    lane: $0.lane.description,
                    sequence: $0.sequence.rawValue,
                    error: $0.reason,
                    waitsFor: $0.needs
                )
            },
            inDoubt: TaskDocument.InDoubt(
                [status?.doubt, stored?.doubt].compactMap(\.self).max { $0.requests < $1.requests }
            ),
            gaps: (status?.gaps ?? stored?.gaps ?? []).map(TaskDocument.Gap.init),
            skipped: (status?.skipped ?? stored?.skipped ?? []).map(TaskDocument.Skipped.init),
            notices: (status?.notices ?? stored?.notices ?? []).map(\.text),
            lastError: trouble?.message ?? status?.lastError,
            created: task.createdAt,
            updated: task.updatedAt,
            etag: TaskTag.text(of: task.version)
        )
    }
}

extension TaskDocument.InDoubt {
    fileprivate init(_ doubt: DoubtCounts?) {
        self.init(
            requests: doubt?.requests ?? 0,
            rows: doubt?.rows ?? 0,
            rowsHeld: doubt?.rowsHeld ?? 0,
            requestsUntold: doubt?.requestsUntold ?? 0
        )
    }
}

extension TaskDocument.State {
    /// What is wanted comes first, then what is in the way, then what the replay says.
    fileprivate init(
        _ wanted: ReplicationTask.WantedState,
        _ replay: ReplayStatus.State?,
        _ trouble: Trouble?,
        hasFailed: Bool
    ) {
        if wanted == .paused {
            self = .paused
        } else if let trouble {
            self = trouble.kind == .gap ? .gap : hasFailed ? .failed : .retrying
        } else {
            self =
                switch replay {
                case .retrying: .retrying
                case .parked: .parked
                case .gap: .gap
                case .failed: .failed
                case .done: .done
                case .running, .stopped, nil: .running
                }
        }
    }
}
