package import Catalog
internal import Journal
internal import Logging
internal import Operations
internal import Replay

// What people ask of tasks. Each change stands in the catalog before it takes effect.

extension Supervisor {
    /// Creates a task and begins it.
    ///
    /// The same request with the same id again gives the task that is there.
    ///
    /// - Throws: `Trouble` of kind `invalid`, `notFound`, `refused` or `conflict`.
    package func createTask(_ request: TaskRequest) async throws -> TaskDocument {
        try await makeTask(request).document
    }

    /// As `createTask`, and says whether the task is a new one.
    func makeTask(_ request: TaskRequest) async throws -> (document: TaskDocument, isNew: Bool) {
        try await turnstile.pass { try await makeTaskInTurn(request) }
    }

    /// Does it; whoever calls it has passed the turnstile.
    ///
    /// - Parameters:
    ///   - request: What is wanted.
    ///   - options: What is kept with the task beside it.
    ///   - token: What to log in to the target with; it is kept apart from the catalog.
    ///   - doubtThrough: Up to where the target may hold things already.
    /// - Returns: The task, and whether it is new.
    /// - Throws: `Trouble`, as above.
    func makeTaskInTurn(
        _ request: TaskRequest,
        options: [String: String] = [:],
        token: String? = nil,
        doubtThrough: HybridTimestamp? = nil
    ) async throws -> (document: TaskDocument, isNew: Bool) {
        let source = try source(request.source)
        let target = try admitted(request.target, for: source)
        let start = try TaskStart(request.start ?? "earliest")
        let task = ReplicationTask(
            id: try await id(for: request, target.address),
            source: request.source,
            target: request.target,
            targetOptions: options.merging(
                token == nil ? [:] : [TaskSecrets.option: TaskSecrets.reference]
            ) { $1 },
            include: request.include ?? [],
            exclude: request.exclude ?? [],
            rename: request.rename ?? [],
            leftOut: request.leaveOut ?? [],
            start: start.description,
            onError: try Self.policy(request.onError)
        )
        _ = try Projection(task)
        if request.id != nil, let known = try await catalog.task(task.id) {
            guard known.isAsked(for: task) else {
                throw Trouble(.conflict, "There is another task \(task.id) already.")
            }
            return (try await document(of: known), false)
        }
        // What an ending task still writes down must not become the new one's.
        guard runners[task.id]?.isOver ?? true else {
            throw Trouble(
                .conflict,
                "The task \(task.id) is still being deleted.",
                hint: "Try again, or take another id."
            )
        }
        let mark = try start.mark(in: source)
        if let doubtThrough, doubtThrough > source.head.tso {
            throw Trouble(
                .notFound,
                "The journal holds everything up to tso \(source.head.tso), not yet \(doubtThrough)."
            )
        }
        try keep(token, of: task)
        try source.pins.put(
            JournalPin(
                .task,
                task.id.rawValue,
                first: (mark?.sequence ?? .zero).next,
                createdUnixMilliseconds: WallClock.now
            )
        )
        var checkpoint = mark.map { Checkpoint(at: $0) }
        if let doubtThrough {
            checkpoint?.reach = try source.entries().mark(through: doubtThrough).sequence
        }
        // With its first checkpoint: a task that begins elsewhere must never run without it.
        let wanted = try await catalog.create(
            task,
            at: try checkpoint.map { try TaskCheckpoint($0) }
        )
        begin(wanted)
        try await note("task.created", wanted, "Task \(task.id) was created.")
        return (try await document(of: wanted), true)
    }

    /// Stops a task until somebody resumes it.
    package func pauseTask(
        _ id: String,
        ifOneOf versions: [TaskVersion]? = nil
    ) async throws -> TaskDocument {
        let id = try known(id)
        let (task, runner) = try await turnstile.pass {
            let task = try await catalog.update(id, ifOneOf: versions) { $0.wantedState = .paused }
            let runner = runners[id]
            runner?.stop()
            return (task, runner)
        }
        await runner?.ended()
        try await note("task.paused", task, "Task \(id) was paused.")
        return try await document(of: task)
    }

    /// Starts a task that was paused or has failed, and parked lanes: the one that is named, or all of a task that
    /// runs.
    ///
    /// - Throws: `Trouble` of kind `notFound` where that lane is not parked.
    package func resumeTask(
        _ id: String,
        lane: String? = nil,
        ifOneOf versions: [TaskVersion]? = nil
    ) async throws -> TaskDocument {
        let id = try known(id)
        if let lane { try await expectParked(lane, of: id) }
        let task = try await turnstile.pass {
            let task = try await catalog.update(id, ifOneOf: versions) { task in
                task.wantedState = .running
                task.targetOptions[CDCTaskRecord.reasonOption] = nil
            }
            if let runner = runners[id], runner.isAtWork {
                runner.resumeParked(lane)
            } else {
                begin(task)
                if let lane { runners[id]?.resumeParked(lane) }
            }
            return task
        }
        try await note("task.resumed", task, "Task \(id) was resumed.")
        return try await document(of: task)
    }

    /// Whether a lane of a task waits for a person, as its replay says or the catalog.
    private func expectParked(_ lane: String, of id: TaskID) async throws {
        if runners[id]?.isParked(lane) == true { return }
        let stored = try await TaskCheckpoints(catalog: catalog, task: id).load()
        guard stored?.parked.contains(where: { $0.lane.description == lane }) == true else {
            throw Trouble(.notFound, "The task \(id) has no parked lane \(lane).")
        }
    }

    /// Ends a task; its target keeps what it holds.
    package func deleteTask(_ id: String, ifOneOf versions: [TaskVersion]? = nil) async throws {
        let (task, runner) = try await turnstile.pass {
            let task = try await found(id)
            try await catalog.delete(task.id, ifOneOf: versions)
            let runner = runners[task.id]
            runner?.stop()
            idle[task.id] = nil
            try secrets?.remove(task.id.rawValue)
            try sources.first { $0.plan.name == task.source }?.pins.remove(.task, task.id.rawValue)
            return (task, runner)
        }
        await runner?.ended()
        if runners[task.id] === runner { runners[task.id] = nil }
        try await note("task.deleted", task, "Task \(id) was deleted.")
    }

    /// The source of a name.
    ///
    /// - Throws: `Trouble` of kind `notFound`.
    func source(_ name: String) throws -> SourceRunner {
        if let source = sources.first(where: { $0.plan.name == name }) { return source }
        let names = sources.map(\.plan.name).joined(separator: ", ")
        throw Trouble(
            .notFound,
            "There is no source \(name).",
            hint: names.isEmpty ? "The configuration has none." : "There is \(names)."
        )
    }

    /// The target that a caller names for a source.
    ///
    /// - Throws: `Trouble` of kind `invalid`, or `refused` where the configuration does not allow it.
    func admitted(_ name: String, for source: SourceRunner) throws -> TargetPlan {
        guard mayName(name) else {
            throw Trouble(
                .refused,
                "The target \(name) is not one that callers may name.",
                hint: "Add it to targets: or allow_targets: in the configuration."
            )
        }
        let target = try findTarget(name)
        guard target.address != source.plan.address else {
            throw Trouble(
                .invalid,
                "The target \(target.address) is the source itself.",
                hint: "Name another Milvus."
            )
        }
        return target
    }

    /// The catalog's task of an id.
    ///
    /// - Throws: `Trouble` of kind `notFound`.
    func found(_ id: String) async throws -> ReplicationTask {
        guard let task = try await catalog.task(try known(id)) else {
            throw Trouble(.notFound, "There is no task \(id).")
        }
        return task
    }

    /// Keeps what a caller gave to log in with; it stands before the task does.
    private func keep(_ token: String?, of task: ReplicationTask) throws {
        guard let token else { return }
        guard let secrets else {
            throw Trouble(
                .refused,
                "This server keeps no secrets of callers.",
                hint: "Give the target its token in the configuration."
            )
        }
        try secrets.put(token, for: task.id.rawValue)
    }

    /// An id as the catalog writes it; what cannot be one is not there.
    private func known(_ id: String) throws -> TaskID {
        guard let id = try? TaskID(id) else {
            throw Trouble(.notFound, "There is no task \(id).")
        }
        return id
    }

    /// The id that was asked for, or one made from source and target.
    private func id(for request: TaskRequest, _ address: String) async throws -> TaskID {
        if let id = request.id { return try TaskID(id) }
        let target = request.target.contains("://") ? address : request.target
        let place = target.split(separator: "/").last.map(String.init) ?? target
        let plain = "\(request.source)-\(place)".map {
            $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) ? $0 : "-"
        }
        let base = String(plain.prefix(100))
        var id = try TaskID(base)
        var count = 1
        while try await catalog.task(id) != nil {
            count += 1
            id = try TaskID("\(base)-\(count)")
        }
        return id
    }

    private func note(_ kind: String, _ task: ReplicationTask, _ sentence: String) async throws {
        logger.notice(
            "\(kind)",
            metadata: ["task": "\(task.id)", "source": "\(task.source)"]
        )
        try await catalog.note(
            CatalogEvent(kind: kind, source: task.source, task: task.id, message: sentence)
        )
    }
}

extension ReplicationTask {
    /// Whether this is what a request for another one asks for.
    fileprivate func isAsked(for other: ReplicationTask) -> Bool {
        source == other.source && target == other.target && include == other.include
            && exclude == other.exclude && rename == other.rename && start == other.start
            && leftOut == other.leftOut && onError == other.onError
    }
}
