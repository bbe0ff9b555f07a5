internal import Catalog
internal import Operations
internal import Replay

// Dead letters as the catalog keeps them and as a replay knows them.

extension DeadLetter {
    /// - Throws: `Trouble` of kind `corrupt` for a lane or an operation that is none.
    init(_ stored: TaskDeadLetter) throws {
        let kind = OperationKind.allCases.first { $0.name == stored.kind }
        guard let lane = Lane(stored.id.lane), let kind else {
            throw Trouble(
                .corrupt,
                "The catalog holds a dead letter of \(stored.id.lane), \(stored.kind)."
            )
        }
        self.init(
            id: ID(sequence: stored.id.sequence, lane: lane),
            kind: kind,
            rowCount: stored.rowCount,
            reason: stored.reason
        )
    }
}

extension TaskDeadLetter {
    init(_ letter: DeadLetter) {
        self.init(
            id: ID(letter.id),
            kind: letter.kind.name,
            rowCount: letter.rowCount,
            reason: letter.reason
        )
    }
}

extension TaskDeadLetter.ID {
    init(_ id: DeadLetter.ID) {
        self.init(sequence: id.sequence, lane: id.lane.description)
    }
}

extension TaskDeadLetterChanges {
    init(_ changes: DeadLetterChanges) {
        self.init(
            added: changes.added.map(TaskDeadLetter.init),
            refusedAgain: changes.refusedAgain.map(TaskDeadLetter.init),
            removed: changes.removed.map(TaskDeadLetter.ID.init)
        )
    }
}

extension ErrorPolicy {
    init(_ policy: ReplicationTask.OnError) {
        self =
            switch policy {
            case .park: .park
            case .deadLetter: .deadLetter
            }
    }
}
