package import Operations

/// What a restore would do, counted without touching the target.
package struct RestorePlan: Hashable, Sendable {
    /// What would be done to one collection.
    package struct Counts: Hashable, Sendable {
        /// Entries of each kind.
        package var operations: [OperationKind: Int] = [:]
        /// Rows inserted and upserted.
        package var rows: Int = 0
        /// Keys deleted.
        package var keys: Int = 0
        /// Roughly, of rows and keys.
        package var bytes: Int = 0
    }

    /// By what they concern on the target; what concerns several counts for the first.
    package private(set) var lanes: [Lane: Counts] = [:]
    package private(set) var skipped: [SkippedOperations] = []
    package private(set) var gaps: [ReportedGap] = []
    /// Entries read, taken or not.
    package private(set) var entriesRead: Int = 0
    /// Up to here the source's history would be on the target.
    package private(set) var reached = Mark.start

    /// Rows in all.
    package var rows: Int { lanes.values.reduce(0) { $0 + $1.rows } }

    /// Bytes in all.
    package var bytes: Int { lanes.values.reduce(0) { $0 + $1.bytes } }

    /// Reads a journal from its start to an end.
    ///
    /// - Parameters:
    ///   - source: The journal.
    ///   - projection: What would be taken.
    ///   - end: Where the restore would end.
    ///   - unsupported: Kinds that the target cannot hold, if they are known.
    /// - Returns: The counts.
    /// - Throws: What the journal throws; `CancellationError`.
    package static func read(
        _ source: any EntrySource,
        projection: Projection,
        end: ReplayEnd,
        unsupported: Set<OperationKind> = []
    ) throws -> RestorePlan {
        try source.expectWholeHistory(of: projection)
        var plan = RestorePlan()
        let start = try source.start()
        var cursor = try source.cursor(after: start.sequence)
        var translation = Translation(
            projection: projection,
            unsupported: unsupported,
            definitions: cursor.definitions
        )
        plan.reached = start
        var hasEnded = false
        while !hasEnded, let piece = try cursor.next() {
            try Task.checkCancellation()
            for entry in piece.entries {
                switch end {
                case .sequence(let last) where entry.sequence > last: hasEnded = true
                case .timestamp(let last) where entry.timestamp > last: break
                default: plan.add(entry, translation.take(entry))
                }
            }
            guard let commit = piece.commit, !hasEnded else { continue }
            switch end {
            case .sequence(let last):
                plan.reached = commit
                hasEnded = commit.sequence >= last
            case .timestamp(let last):
                plan.reached.tso = min(commit.tso, last)
                hasEnded = commit.tso >= last
            }
        }
        return plan
    }

    private mutating func add(_ entry: Entry, _ result: Translation.Result) {
        entriesRead += 1
        reached.sequence = entry.sequence
        gaps += result.gap.map { [$0] } ?? []
        for skipped in result.skipped {
            let known = self.skipped.firstIndex {
                $0.kind == skipped.kind && $0.lane == skipped.lane && $0.reason == skipped.reason
            }
            if let known {
                self.skipped[known].count += skipped.count
            } else {
                self.skipped.append(skipped)
            }
        }
        for draft in result.drafts {
            guard let lane = draft.lanes.first else { continue }
            if case .expectCollection = draft.action { continue }
            lanes[lane, default: Counts()].operations[draft.action.kind, default: 0] += 1
            guard draft.action.kind.carriesRows else { continue }
            lanes[lane]?.bytes += draft.byteCount
            if draft.action.kind == .delete {
                lanes[lane]?.keys += draft.rowCount
            } else {
                lanes[lane]?.rows += draft.rowCount
            }
        }
    }
}
