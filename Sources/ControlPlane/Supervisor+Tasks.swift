internal import Catalog
internal import Journal
internal import Logging
internal import Operations
internal import Replay

// What people ask of tasks. Each change stands in the catalog before it takes effect.

extension Supervisor {
    /// Creates a task and begins it.
    ///
    /// - Throws: `Trouble` of kind `invalid`, `notFound` or `conflict`.
    package func createTask(_ request: TaskRequest) async throws -> TaskDocument {
        guard let source = sources.first(where: { $0.plan.name == request.source }) else {
            let names = sources.map(\.plan.name).joined(separator: ", ")
            throw Trouble(
                .notFound,
                "There is no source \(request.source).",
                hint: names.isEmpty ? "The configuration has none." : "There is \(names)."
            )
        }
        let target = try findTarget(request.target)
        guard target.address != source.plan.address else {
            throw Trouble(
                .invalid,
                "The target \(target.address) is the source itself.",
                hint: "Name another Milvus."
            )
        }
        let start = try TaskStart(request.start ?? "earliest")
        let task = ReplicationTask(
            id: try await id(for: request, target.address),
            source: request.source,
            target: request.target,
            include: request.include ?? [],
            exclude: request.exclude ?? [],
            rename: request.rename ?? [],
            leftOut: request.leaveOut ?? [],
            start: start.description,
            onError: try Self.policy(request.onError),
            wantedState: .paused
        )
        _ = try Projection(task)
        let mark = try start.mark(in: source)
        try source.pins.put(
            JournalPin(
                .task,
                task.id.rawValue,
                first: (mark?.sequence ?? .zero).next,
                createdUnixMilliseconds: WallClock.now
            )
        )
        // Paused at first: a task that begins elsewhere must never run without its first checkpoint.
        try await catalog.create(task)
        if let mark {
            try await TaskCheckpoints(catalog: catalog, task: task.id)
                .save(Checkpoint(at: mark), DeadLetterChanges())
        }
        let wanted = try await catalog.update(task.id) { $0.wantedState = .running }
        begin(wanted)
        try await note("task.created", wanted, "Task \(task.id) was created.")
        return try await document(of: wanted)
    }

    /// Stops a task until somebody resumes it.
    package func pauseTask(_ id: String) async throws -> TaskDocument {
        let task = try await catalog.update(try known(id)) { $0.wantedState = .paused }
        let runner = runners[task.id]
        runner?.stop()
        await runner?.ended()
        try await note("task.paused", task, "Task \(id) was paused.")
        return try await document(of: task)
    }

    /// Starts a task that was paused or has failed, and parked lanes: the one that is named, or all of a task that
    /// runs.
    ///
    /// - Throws: `Trouble` of kind `notFound` where that lane is not parked.
    package func resumeTask(_ id: String, lane: String? = nil) async throws -> TaskDocument {
        if let lane { try await expectParked(lane, of: try known(id)) }
        let task = try await catalog.update(try known(id)) { $0.wantedState = .running }
        if let runner = runners[task.id], runner.isAtWork {
            runner.resumeParked(lane)
        } else {
            begin(task)
            if let lane { runners[task.id]?.resumeParked(lane) }
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
    package func deleteTask(_ id: String) async throws {
        let task = try await found(id)
        let runner = runners[task.id]
        runner?.stop()
        await runner?.ended()
        try await catalog.delete(task.id)
        runners[task.id] = nil
        idle[task.id] = nil
        try sources.first { $0.plan.name == task.source }?.pins.remove(.task, task.id.rawValue)
        try await note("task.deleted", task, "Task \(id) was deleted.")
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
        logger.notice("\(kind)", metadata: ["task": "\(task.id)"])
        try await catalog.note(
            CatalogEvent(kind: kind, source: task.source, task: task.id, message: sentence)
        )
    }
}
