package import Operations

// Parking. What a parked lane has not sent is taken out of the window and read again when it is resumed;
// what it has sent ends as it would.
extension ReplayWindow {
    /// Parks the lanes of a step that the target refuses, and ends the step.
    ///
    /// - Parameters:
    ///   - id: The step.
    ///   - sequence: Its entry that is refused: those before it are applied; nil means the first.
    ///   - reason: What the target said, as a sentence.
    ///   - needs: What the lanes wait for, as a sentence.
    package mutating func park(
        _ id: Step.ID,
        at sequence: SequenceNumber? = nil,
        because reason: String,
        needs: String? = nil
    ) {
        guard let step = steps[id] else { return }
        for lane in step.lanes {
            park(lane, at: sequence ?? step.first, from: nil, because: reason, needs: needs)
        }
        end(id)
    }

    /// Takes out everything of a collection that has not started; returns how many entries of each kind.
    package mutating func passOver(_ collection: CollectionID) -> [OperationKind: Int] {
        var counts: [OperationKind: Int] = [:]
        for step in steps.values where step.collection == collection && !step.isStarted {
            counts[step.action.kind, default: 0] += step.sequences.count
            end(step.id)
        }
        return counts
    }

    /// Moves lanes that had stopped at an entry which a resumed lane has now carried out for all of them.
    package mutating func goOn(_ step: Step) {
        guard resumes != nil else { return }
        for lane in step.lanes where parked[lane]?.sequence == step.first {
            parked[lane]?.sequence = step.first.next
        }
    }

    /// Whether an entry is to be passed over because a lane it concerns is parked; then its other lanes
    /// are parked from here on too.
    mutating func isParked(_ draft: StepDraft, at entry: Entry) -> Bool {
        guard !parked.isEmpty, let blocking = lane(blocking: draft, at: entry.sequence) else {
            return false
        }
        for lane in draft.lanes where !isParked(lane, by: entry.sequence) {
            park(
                lane,
                at: entry.sequence,
                from: nextID,
                because: "It waits for \(blocking), which is parked.",
                needs: "The lane \(blocking), to be resumed; then this one."
            )
        }
        return true
    }

    /// A parked lane that must be further before an entry is carried out.
    ///
    /// What stopped later needs nothing of this entry: after a crash, a lane is read again from before the
    /// place where it stopped. While a lane is caught up, others that stopped at the very same entry waited
    /// for it.
    private func lane(blocking draft: StepDraft, at sequence: SequenceNumber) -> Lane? {
        let last = resumes == nil ? sequence : sequence.predecessor
        return parked.values
            .filter { $0.sequence <= last }
            .map(\.lane).sorted()
            .first { lane in draft.lanes.contains { $0.meets(lane) } }
    }

    /// Whether nothing of a lane is carried out from an entry on.
    private func isParked(_ lane: Lane, by sequence: SequenceNumber) -> Bool {
        parked.values.contains { $0.lane.covers(lane) && $0.sequence <= sequence }
    }

    /// Parks a lane at an entry.
    ///
    /// - Parameters:
    ///   - lane: The lane.
    ///   - sequence: The first entry that is not carried out, unless something that had not started is older.
    ///   - from: The first step that is taken out; nil takes out all that has not started.
    ///   - reason: One sentence for people.
    ///   - needs: What has to happen, as a sentence.
    private mutating func park(
        _ lane: Lane,
        at sequence: SequenceNumber,
        from: Step.ID?,
        because reason: String,
        needs: String?
    ) {
        let waiting = steps.values
            .filter { step in
                !step.isStarted && from.map { step.id >= $0 } != false
                    && step.lanes.contains { lane.covers($0) }
            }
            .sorted { $0.id < $1.id }
        let first = min(sequence, waiting.map(\.first).min() ?? sequence)
        let sent = lanes.filter { lane.covers($0.key) }.map(\.value.reach).max() ?? .zero
        // What an earlier run may have sent stays in doubt.
        let doubt = doubtReach(of: [lane])
        let reach = first <= doubt ? max(sent, doubt) : sent
        let earlier = parked[lane]
        parked[lane] = ParkedLane(
            lane: lane,
            sequence: min(first, earlier?.sequence ?? first),
            reach: max(reach, earlier?.reach ?? reach),
            reason: earlier?.reason ?? reason,
            needs: earlier == nil ? needs : earlier?.needs
        )
        for step in waiting where steps[step.id] != nil {
            end(step.id)
            for other in step.lanes where !isParked(other, by: step.first) {
                park(
                    other,
                    at: step.first,
                    from: step.id,
                    because: "It waits for \(lane), which is parked.",
                    needs: "The lane \(lane), to be resumed; then this one."
                )
            }
        }
    }
}
