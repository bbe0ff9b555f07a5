internal import Capture
internal import Catalog
internal import FoundationEssentials
internal import Logging
internal import Operations
internal import Replay

// milvus-cdc's requests, done with our tasks.

extension Supervisor {
    /// How long a target may take to answer when a task is created, in seconds, where the request says nothing.
    private static let connectTimeoutSeconds = 5
    /// The longest a request may ask for.
    private static let connectTimeoutMaxSeconds = 60

    /// Does what is asked.
    ///
    /// - Returns: The answer's data; nil where it has none.
    /// - Throws: `CDCFailure`.
    func answer(_ kind: CDCRequest.Kind, _ data: [CDCValue.Member]) async throws -> CDCValue? {
        let complaints = CDCFields.Complaints()
        let fields = CDCFields(data, complaints)
        let work: () async throws -> CDCValue?
        switch kind {
        case .create:
            let request = CDCCreateRequest(fields)
            work = { try await self.create(request) }
        case .delete:
            let (id, isOptional) = (fields.text("task_id"), fields.flag("ignore_not_found"))
            work = { try await self.delete(id, isOptional: isOptional) }
        case .pause:
            let id = fields.text("task_id")
            work = { try await self.pause(id) }
        case .resume:
            let id = fields.text("task_id")
            work = { try await self.resume(id) }
        case .get:
            let id = fields.text("task_id")
            work = { try await self.get(id) }
        case .position:
            let id = fields.text("task_id")
            work = { try await self.positions(of: id) }
        case .list: work = { try await self.list() }
        case .maintenance:
            let wanted = CDCMaintenance(fields.text("Operation"), fields.map("Params") ?? [])
            work = { self.maintain(wanted) }
        }
        if let text = complaints.text {
            throw CDCFailure.server("fail to decode the \(kind.rawValue) request, error: \(text)")
        }
        do {
            return try await work()
        } catch {
            let failure = CDCFailure(error)
            throw CDCFailure(
                failure.code,
                "fail to handle the \(kind.rawValue) request, error: \(failure.message)"
            )
        }
    }

    // MARK: Creating

    private func create(_ request: CDCCreateRequest) async throws -> CDCValue {
        let channels = sources.compactMap { $0.plan.options.sideChannel?.name }
        try request.check(rpcChannels: channels)
        guard !request.milvus.isEmpty else {
            throw CDCFailure.client(
                "a Kafka target is not supported; name a Milvus in milvus_connect_param"
            )
        }
        guard !request.milvus.hasDialConfig else {
            throw CDCFailure.client(
                "dial_config is not taken from callers; a target's certificates stand in the configuration"
            )
        }
        guard
            let source = sources.first(where: {
                $0.plan.options.sideChannel?.name == request.rpcChannel
            }) ?? sources.first
        else { throw CDCFailure.client("the configuration has no source") }
        let plan = try await reach(request.milvus, for: source)
        // Of two that want the same, the second sees what the first has made.
        return try await turnstile.pass {
            if !request.taskID.isEmpty, let id = try? TaskID(request.taskID),
                try await catalog.task(id) != nil
            {
                return Self.created(request.taskID)
            }
            return try await makeTask(request, of: source, at: plan.address)
        }
    }

    /// Makes the task of a request that was found to be good; whoever calls it has passed the turnstile.
    private func makeTask(
        _ request: CDCCreateRequest,
        of source: SourceRunner,
        at address: String
    ) async throws -> CDCValue {
        let excluded = try await exclusions(for: request, address: address)
        let start = try CDCStart(request)
        let id =
            request.taskID.isEmpty
            ? UUID().uuidString.lowercased().filter { $0 != "-" } : request.taskID
        // Users and roles go with the whole source, and under this contract only if they are asked for.
        let isWhole = CDCScope(request).names.contains("*.*")
        let made = try await makeTaskInTurn(
            TaskRequest(
                id: id,
                source: source.plan.name,
                target: request.milvus.address,
                include: CDCScope(request).names,
                exclude: excluded,
                rename: request.renames,
                start: start.text,
                leaveOut: isWhole && !request.enableUserRole ? [OperationKind.rbac.name] : []
            ),
            options: [CDCTaskRecord.option: try CDCTaskRecord(request).text()],
            token: request.milvus.login,
            doubtThrough: start.doubtThrough
        ).document
        if request.enableUserRole, !isWhole {
            logger.warning(
                "users and roles are replicated with a whole source only",
                metadata: ["task": "\(id)"]
            )
        }
        return Self.created(made.id)
    }

    private static func created(_ id: String) -> CDCValue {
        .map([.init("task_id", .text(id))])
    }

    private func reach(
        _ milvus: CDCCreateRequest.Milvus,
        for source: SourceRunner
    ) async throws -> TargetPlan {
        let seconds =
            milvus.connectTimeout > 0 ? milvus.connectTimeout : Self.connectTimeoutSeconds
        do {
            let plan = try admitted(milvus.address, for: source).loggedIn(with: milvus.login)
            try await plan.probe(
                within: .seconds(min(seconds, Self.connectTimeoutMaxSeconds))
            )
            return plan
        } catch {
            throw CDCFailure.server("fail to connect the milvus: \(Trouble(error).message)")
        }
    }

    /// What the task leaves to others that have the same target.
    private func exclusions(
        for request: CDCCreateRequest,
        address: String
    ) async throws -> [String] {
        let others = try await catalog.tasks().filter {
            (try? findTarget($0.target).address) == address
        }
        let records = others.map { CDCTaskRecord(of: $0, address: address) }
        if request.enableUserRole, records.contains(where: \.enableUserRole) {
            throw CDCFailure.client("the enable user role param is duplicate")
        }
        let scope = CDCScope(request)
        let taken = others.map { CDCScope($0) }
        let duplicates = scope.duplicates(in: taken, excluded: Set(others.flatMap(\.exclude)))
        guard duplicates.isEmpty else {
            throw CDCFailure.client(
                "the collection name is duplicate with existing task, "
                    + "[\(duplicates.joined(separator: " "))]"
            )
        }
        guard request.mappedNames.allSatisfy(scope.contains) else {
            throw CDCFailure.client(
                "the collection name in the name mapping is not in the collection info, checkout it"
            )
        }
        return scope.exclusions(from: taken)
    }

    // MARK: The others

    private func delete(_ id: String, isOptional: Bool) async throws -> CDCValue? {
        guard try await task(id) != nil else {
            if isOptional { return nil }
            throw CDCFailure.client("not found the task, task_id: \(id)")
        }
        do {
            try await deleteTask(id)
        } catch {
            let why = Trouble(error).message
            throw CDCFailure.server("fail to delete the task meta, task_id: \(id): \(why)")
        }
        return nil
    }

    private func pause(_ id: String) async throws -> CDCValue? {
        guard let task = try await task(id) else {
            throw CDCFailure.client("not found the task, task_id: \(id)")
        }
        guard try await standing(of: task).state == .running else {
            throw CDCFailure.client("the task has paused, task_id: \(id)")
        }
        do {
            _ = try await pauseTask(id)
        } catch {
            let why = Trouble(error).message
            throw CDCFailure.server("fail to update the task state, task_id: \(id): \(why)")
        }
        return nil
    }

    private func resume(_ id: String) async throws -> CDCValue? {
        guard let task = try await task(id) else {
            throw CDCFailure.client("not found the task, task_id: \(id)")
        }
        // A task with parked lanes runs and waits for a person at once: that person is here.
        let document = try await document(of: task)
        guard try await standing(of: task).state == .paused || document.state == .parked else {
            throw CDCFailure.client("the task has running, task_id: \(id)")
        }
        do {
            _ = try await resumeTask(id)
        } catch {
            throw CDCFailure.server(
                "fail to start the task, task_id: \(id): \(Trouble(error).message)"
            )
        }
        return nil
    }

    private func get(_ id: String) async throws -> CDCValue {
        guard !id.isEmpty else { throw CDCFailure.client("task_id is empty") }
        guard let task = try await task(id) else { throw CDCFailure.client("not found: [\(id)]") }
        return .map([.init("task", try await shown(task))])
    }

    private func list() async throws -> CDCValue {
        var tasks: [CDCValue] = []
        for task in try await catalog.tasks() { tasks.append(try await shown(task)) }
        return .map([.init("tasks", .list(tasks))])
    }

    private func maintain(_ wanted: CDCMaintenance) -> CDCValue {
        if let level = wanted.level { setLogLevel(level) }
        return .map([.init("State", .text(wanted.state))])
    }

    /// A task by its id; nil if there is none, or the text can be no id.
    private func task(_ id: String) async throws -> ReplicationTask? {
        guard let id = try? TaskID(id) else { return nil }
        return try await catalog.task(id)
    }

    private func shown(_ task: ReplicationTask) async throws -> CDCValue {
        let address = (try? findTarget(task.target).address) ?? task.target
        let (state, reason) = try await standing(of: task)
        return CDCTaskRecord(of: task, address: address)
            .task(task.id.rawValue, state: state, reason: reason)
    }

    /// The state in milvus-cdc's words, and why; empty where there is nothing to say.
    private func standing(
        of task: ReplicationTask
    ) async throws -> (state: CDCTaskState, reason: String) {
        let document = try await document(of: task)
        switch document.state {
        case .paused:
            let reason = task.targetOptions[CDCTaskRecord.reasonOption]
            return (.paused, reason ?? "manually pause through http interface")
        case .failed: return (.paused, document.lastError ?? "")
        case .running, .retrying, .parked, .gap, .done:
            let parked = document.parked.first.map { "\($0.lane): \($0.error)" }
            return (.running, parked ?? document.lastError ?? "")
        }
    }

    /// Pauses what is not to run by itself after a restart.
    func pauseWhatStartsByHand(_ task: ReplicationTask) async throws -> ReplicationTask {
        guard task.wantedState == .running, task.targetOptions[CDCTaskRecord.option] != nil,
            CDCTaskRecord(of: task, address: "").disableAutoStart
        else { return task }
        return try await catalog.update(task.id) { task in
            task.wantedState = .paused
            task.targetOptions[CDCTaskRecord.reasonOption] = "the task is disabled auto start"
        }
    }
}
