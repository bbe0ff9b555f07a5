internal import Operations

// Putting steps in order.
extension ReplayWindow {
    mutating func enqueue(_ draft: StepDraft, for entry: Entry) {
        byteCount += draft.byteCount
        let isInDoubt = entry.sequence <= doubtReach
        if let shard = draft.shard, let lane = draft.lanes.first {
            enqueueRows(draft, for: entry, lane: lane, shard: shard, isInDoubt: isInDoubt)
        } else {
            let id = add(draft, for: entry, isInDoubt: isInDoubt, after: predecessors(of: draft))
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
        let key = LaneOrder.JoinKey(
            kind: draft.action.kind,
            partition: draft.partition,
            isInDoubt: isInDoubt,
            timestamp: onlyOneTimestamp ? entry.timestamp : nil
        )
        var order = lanes[lane] ?? LaneOrder(barrier: databaseBarrier(of: lane))
        let strand = order.strands[shard]
        if let id = strand?.open[key], join(draft, of: entry, to: id) { return }

        let before = strand?.end ?? order.barrier
        let id = add(draft, for: entry, isInDoubt: isInDoubt, after: [before].compactMap(\.self))
        var open = strand?.open ?? [:]
        if !open.keys.allSatisfy({ $0.commutes(with: key) }) { open = [:] }
        open[key] = id
        order.strands[shard] = LaneOrder.Strand(end: id, open: open)
        lanes[lane] = order
    }

    /// Adds rows to a step that has not started, if they fit.
    private mutating func join(_ draft: StepDraft, of entry: Entry, to id: Step.ID) -> Bool {
        // The step is not held meanwhile, so that its arrays grow in place.
        guard steps[id].map({ !$0.isStarted && limits.allow($0, and: draft) }) == true
        else { return false }
        steps[id]?.joined.append(draft.action)
        steps[id]?.sequences.append(entry.sequence)
        steps[id]?.rowCount += draft.rowCount
        steps[id]?.byteCount += draft.byteCount
        return true
    }

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
        if step.waitsFor == 0 { ready.append(id) }
        steps[id] = step
        return id
    }

    private func predecessors(of draft: StepDraft) -> [Step.ID] {
        draft.lanes.flatMap { lane -> [Step.ID] in
            guard case .database(let database) = lane else {
                return lanes[lane]?.ends ?? [databaseBarrier(of: lane)].compactMap(\.self)
            }
            let ends = lanes.filter { lane.covers($0.key) }.flatMap(\.value.ends)
            return ends + [databaseBarriers[database]].compactMap(\.self)
        }
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
