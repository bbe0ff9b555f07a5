internal import Operations

/// What a pass over the journal is for, and where its progress is written.
enum Track: Sendable {
    /// Everything the projection takes.
    case main
    /// One parked lane, from where it stopped to where the others are.
    case resumed(ParkedLane)

    var lane: Lane? {
        if case .resumed(let parked) = self { return parked.lane }
        return nil
    }

    /// Where the pass begins.
    func start(in checkpoint: Checkpoint) -> Mark {
        switch self {
        case .main: checkpoint.slow?.others ?? checkpoint.mark
        case .resumed(let parked):
            Mark(sequence: parked.sequence.predecessor, tso: checkpoint.tso)
        }
    }

    /// How far anything may have been sent, as recorded.
    func reach(in checkpoint: Checkpoint) -> SequenceNumber {
        switch self {
        case .main: checkpoint.slow?.othersReach ?? checkpoint.reach
        case .resumed(let parked):
            checkpoint.parked.first { $0.lane == parked.lane }?.reach ?? parked.reach
        }
    }

    /// The other parked lanes, which the pass goes around.
    func parked(in checkpoint: Checkpoint) -> [ParkedLane] {
        checkpoint.parked.filter { $0.lane != lane }
    }

    /// Whether what is saved says that lanes have everything up to an entry.
    func covers(_ lanes: [Lane], upTo sequence: SequenceNumber, in saved: Checkpoint) -> Bool {
        switch self {
        case .main:
            lanes.allSatisfy { saved.position(of: $0) >= sequence }
                || lanes.allSatisfy { lane in
                    saved.ahead.contains { $0.lane == lane && $0.sequence >= sequence }
                }
        case .resumed(let parked):
            saved.parked.contains { $0.lane == parked.lane && $0.sequence > sequence }
        }
    }

    /// Writes how far a window is.
    func write(
        _ window: inout ReplayWindow,
        reach: SequenceNumber,
        into checkpoint: inout Checkpoint
    ) {
        var parked = window.parked
        switch self {
        case .main:
            checkpoint.sequence = window.line.through.sequence
            checkpoint.tso = window.line.through.tso
            checkpoint.reach = reach
            checkpoint.ahead = window.laneProgress()
        case .resumed(let resumed):
            // Parked again, it stands in the window's list; but what is under way before that is not done.
            let done = window.line.through.sequence.next
            let again = parked[resumed.lane]
            parked[resumed.lane] = ParkedLane(
                lane: resumed.lane,
                sequence: min(again?.sequence ?? done, done),
                reach: max(again?.reach ?? reach, reach),
                reason: again?.reason ?? resumed.reason,
                needs: again == nil ? resumed.needs : again?.needs
            )
        }
        checkpoint.parked = parked.values.sorted { $0.lane < $1.lane }
    }
}

extension SequenceNumber {
    /// The sequence number before this one; zero stays zero.
    var predecessor: SequenceNumber { SequenceNumber(rawValue: rawValue == 0 ? 0 : rawValue - 1) }
}
