internal import Catalog
internal import FoundationEssentials
internal import Operations
internal import Replay

/// The checkpoint of one task and its dead letters, kept in the catalog.
struct TaskCheckpoints: CheckpointStore {
    let catalog: Catalog
    let task: TaskID

    func load() async throws -> Checkpoint? {
        try await catalog.checkpoint(of: task).map(Checkpoint.init)
    }

    func save(_ checkpoint: Checkpoint, _ letters: DeadLetterChanges) async throws {
        try await catalog.save(
            TaskCheckpoint(checkpoint),
            of: task,
            deadLetters: TaskDeadLetterChanges(letters)
        )
    }

    func letterCount() async throws -> Int { try await catalog.deadLetterCount(of: task) }

    func wantedLetters() async throws -> [DeadLetter] {
        try await catalog.wantedDeadLetters(of: task).map(DeadLetter.init)
    }
}

/// What of a checkpoint the catalog keeps as text, since only a replay looks into it.
private struct CheckpointDetail: Codable {
    var ahead: [LaneProgress]?
    var skipped: [SkippedOperations]?
    var skippedCollections: [SkippedCollection]?
    var gaps: [ReportedGap]?
    var doubt: DoubtCounts?
    var notices: [Notice]?
    var slow: SlowLanes?
}

extension Checkpoint {
    fileprivate init(_ stored: TaskCheckpoint) throws {
        self.init(at: Mark(sequence: stored.sequence, tso: stored.tso))
        reach = stored.reach
        let detail = try JSONDecoder().decode(
            CheckpointDetail.self,
            from: Data(stored.detail.utf8)
        )
        ahead = detail.ahead ?? []
        skipped = detail.skipped ?? []
        skippedCollections = detail.skippedCollections ?? []
        gaps = detail.gaps ?? []
        doubt = detail.doubt ?? DoubtCounts()
        notices = detail.notices ?? []
        slow = detail.slow
        parked = try stored.parked.map { parked in
            guard let lane = Lane(parked.lane) else {
                throw Trouble(.corrupt, "The catalog holds a parked lane \(parked.lane).")
            }
            return ParkedLane(
                lane: lane,
                sequence: parked.sequence,
                reach: parked.reach,
                reason: parked.reason,
                needs: parked.needs.isEmpty ? nil : parked.needs
            )
        }
    }
}

extension TaskCheckpoint {
    init(_ checkpoint: Checkpoint) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let detail = CheckpointDetail(
            ahead: checkpoint.ahead,
            skipped: checkpoint.skipped,
            skippedCollections: checkpoint.skippedCollections,
            gaps: checkpoint.gaps,
            doubt: checkpoint.doubt,
            notices: checkpoint.notices,
            slow: checkpoint.slow
        )
        self.init(
            sequence: checkpoint.sequence,
            tso: checkpoint.tso,
            reach: checkpoint.reach,
            parked: checkpoint.parked.map {
                TaskCheckpoint.ParkedLane(
                    lane: $0.lane.description,
                    sequence: $0.sequence,
                    reach: $0.reach,
                    reason: $0.reason,
                    needs: $0.needs ?? ""
                )
            },
            detail: String(decoding: try encoder.encode(detail), as: UTF8.self)
        )
    }
}
