internal import Operations

// The rows of a shard: whose turn it is.
extension ReplayWindow {
    /// Puts a step at the end of a strand, or of a new one where there is none; returns which.
    mutating func append(
        _ id: Step.ID,
        to known: Strand.ID?,
        key: Strand.JoinKey
    ) -> Strand.ID {
        guard let known, let last = strands[known]?.last else {
            let strand = Strand.ID(number: id.number)
            strands[strand] = Strand(first: id, last: id, open: [key: id])
            steps[id]?.strand = strand
            steps[id]?.hasTurn = true
            return strand
        }
        steps[last]?.after = id
        steps[id]?.before = last
        steps[id]?.strand = known
        steps[id]?.waitsFor += 1
        strands[known]?.last = id
        if strands[known]?.open.keys.allSatisfy({ $0.commutes(with: key) }) == false {
            strands[known]?.open = [:]
        }
        strands[known]?.open[key] = id
        list(known)
        return known
    }

    /// Has a step wait until a strand has ended.
    mutating func wait(_ id: Step.ID, for strand: Strand.ID) {
        guard strands[strand] != nil else { return }
        strands[strand]?.unblocks.append(id)
        steps[id]?.waitsFor += 1
    }

    /// Takes a step that has ended out of its strand, and gives the turn on.
    mutating func leave(_ step: Step) {
        guard let id = step.strand, var strand = strands[id] else { return }
        if let before = step.before { steps[before]?.after = step.after }
        if let after = step.after { steps[after]?.before = step.before }
        if strand.last == step.id, let before = step.before { strand.last = before }
        guard strand.first == step.id else {
            strands[id] = strand
            return list(id)
        }
        guard let next = step.after else {
            strands[id] = nil
            for waiting in strand.unblocks { release(waiting) }
            return
        }
        strand.first = next
        strands[id] = strand
        giveTurn(next)
        list(id)
    }

    /// Has a strand looked at when nothing else may start.
    mutating func list(_ id: Strand.ID) {
        guard limits.insertsAtOnceMax > 1, strands[id]?.isListed == false else { return }
        strands[id]?.isListed = true
        crowded.append(id)
    }

    /// Gives one step its turn though steps before it in its strand have not ended; false if none may have it.
    mutating func letOneGoBesideOthers() -> Bool {
        while !crowded.isEmpty {
            let id = crowded.removeFirst()
            strands[id]?.isListed = false
            guard let step = nextBesideOthers(in: id) else { continue }
            steps[step]?.isBeside = true
            giveTurn(step)
            return true
        }
        return false
    }

    private mutating func giveTurn(_ id: Step.ID) {
        guard steps[id]?.hasTurn == false else { return }
        steps[id]?.hasTurn = true
        release(id)
    }

    /// The first step of a strand that has not its turn, if it may be under way beside those before it.
    ///
    /// Why only plain inserts: whatever the order in which the target takes two of them, it holds the same
    /// rows. Why only without a common key: of two rows of one key, a target shows the later one; and an insert
    /// whose answer was lost removes the rows of its keys before it is repeated.
    private mutating func nextBesideOthers(in id: Strand.ID) -> Step.ID? {
        guard let layout else { return nil }
        var others: [Step.ID] = []
        var next = strands[id]?.first
        while let id = next, let step = steps[id], step.isPlainInsert {
            guard step.hasTurn else {
                guard !others.isEmpty, others.count < limits.insertsAtOnceMax,
                    let keys = keys(of: id, layout)
                else { return nil }
                for other in others {
                    guard let held = self.keys(of: other, layout), held.isDisjoint(with: keys)
                    else { return nil }
                }
                return id
            }
            guard step.isStarted else { return nil }
            others.append(id)
            next = step.after
        }
        return nil
    }

    /// The keys of a step that takes no further rows if they are told; nil where they cannot be.
    private mutating func keys(of id: Step.ID, _ layout: any RowLayout) -> RequestKeys? {
        guard let step = steps[id] else { return nil }
        if let known = step.keys { return known }
        let keys = RequestKeys(of: [step.action] + step.joined, layout)
        // What has not started may be joined by further rows if it is not let go now.
        if step.isStarted { steps[id]?.keys = keys }
        return keys
    }
}
