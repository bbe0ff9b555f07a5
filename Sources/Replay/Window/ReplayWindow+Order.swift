internal import Operations

// Putting steps in order.
extension ReplayWindow {
    mutating func enqueue(_ draft: StepDraft, for entry: Entry) {
        byteCount += draft.byteCount
        let isInDoubt = entry.sequence <= doubtReach(of: draft.lanes)
        if let shard = draft.shard, let lane = draft.lanes.first {
            enqueueRows(draft, for: entry, lane: lane, shard: shard, isInDoubt: isInDoubt)
        } else {
            let id = add(draft, for: entry, isInDoubt: isInDoubt, after: predecessors(of: draft))
            for strand in strands(before: draft) { wait(id, for: strand) }
            if steps[id]?.waitsFor == 0 { ready.append(id) }
            for lane in draft.lanes { putBarrier(id, on: lane) }
        }
    }

    private mutating func enqueueRows(
        _ draft: StepDraft,
        for entry: Entry,
        lane: Lane,
        shard: Int,
        isInDoubt: Bool
    ) {
        let onlyOneTimestamp = draft.action.kind == .upsert && !limits.joinsUpserts
        let key = Strand.JoinKey(
            kind: draft.action.kind,
            partition: draft.partition,
            isInDoubt: isInDoubt,
            timestamp: onlyOneTimestamp ? entry.timestamp : nil
        )
        var order = lanes[lane] ?? LaneOrder(barrier: databaseBarrier(of: lane))
        let strand = order.strands[shard]
        if let strand, let id = strands[strand]?.open[key], join(draft, of: entry, to: id) {
            return
        }

        let barrier = [order.barrier].compactMap(\.self)
        let id = add(draft, for: entry, isInDoubt: isInDoubt, after: barrier)
        order.strands[shard] = append(id, to: strand, key: key)
        lanes[lane] = order
        if steps[id]?.waitsFor == 0 { ready.append(id) }
    }

    /// Adds rows to a step that has not started, if they fit.
    private mutating func join(_ draft: StepDraft, of entry: Entry, to id: Step.ID) -> Bool {
        // The step is not held meanwhile, so that its arrays grow in place.
        let isOpen = steps[id].map {
            !$0.isStarted && !$0.isBeside && limits.allow($0, and: draft)
        }
        guard isOpen == true else { return false }
        steps[id]?.joined.append(draft.action)
        steps[id]?.sequences.append(entry.sequence)
        steps[id]?.rowCount += draft.rowCount
        steps[id]?.byteCount += draft.byteCount
        return true
    }

    /// Adds a step that waits for others; it is not ready before the caller says so.
    private mutating func add(
        _ draft: StepDraft,
        for entry: Entry,
        isInDoubt: Bool,
        after predecessors: [Step.ID]
    ) -> Step.ID {
        let id = nextID
        stepsSoFar += 1
        var step = Step(
            id: id,
            action: draft.action,
            lanes: draft.lanes,
            collection: draft.collection,
            sequences: [entry.sequence],
            isInDoubt: isInDoubt,
            rowCount: draft.rowCount,
            byteCount: draft.byteCount
        )
        for predecessor in Set(predecessors) where steps[predecessor] != nil {
            steps[predecessor]?.unblocks.append(id)
            step.waitsFor += 1
        }
        steps[id] = step
        return id
    }

    private func predecessors(of draft: StepDraft) -> [Step.ID] {
        draft.lanes.flatMap { lane -> [Step.ID] in
            guard case .database(let database) = lane else {
                return [lanes[lane].map(\.barrier) ?? databaseBarrier(of: lane)]
                    .compactMap(\.self)
            }
            let barriers = lanes.filter { lane.covers($0.key) }.compactMap(\.value.barrier)
            return barriers + [databaseBarriers[database]].compactMap(\.self)
        }
    }

    /// The rows that a step of whole lanes waits for.
    private func strands(before draft: StepDraft) -> Set<Strand.ID> {
        let orders = draft.lanes.flatMap { lane -> [LaneOrder] in
            guard case .database = lane else { return [lanes[lane]].compactMap(\.self) }
            return lanes.filter { lane.covers($0.key) }.map(\.value)
        }
        return Set(orders.flatMap(\.strands.values))
    }

    private func databaseBarrier(of lane: Lane) -> Step.ID? {
        lane.database.flatMap { databaseBarriers[$0] }
    }

    private mutating func putBarrier(_ id: Step.ID, on lane: Lane) {
        guard case .database(let database) = lane else {
            lanes[lane, default: LaneOrder()].barrier = id
            lanes[lane]?.strands = [:]
            return
        }
        databaseBarriers[database] = id
        for covered in lanes.keys where lane.covers(covered) {
            lanes[covered]?.barrier = id
            lanes[covered]?.strands = [:]
        }
    }
}
