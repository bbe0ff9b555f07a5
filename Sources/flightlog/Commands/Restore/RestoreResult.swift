internal import Operations
internal import Replay

/// What came of a restore.
struct RestoreResult {
    let status: ReplayStatus
    let took: Duration

    /// Why the restore is not all that was asked for; nil if it is.
    var failure: CommandFailure? {
        if !status.gaps.isEmpty {
            return CommandFailure(
                .gap,
                "history is missing in \(status.gaps.count) places; the rest was restored"
            )
        }
        guard status.parked.isEmpty else {
            return CommandFailure(
                .partial,
                "\(status.parked.count) collections could not be restored",
                hint: "restore them by themselves, under another name or into another Milvus"
            )
        }
        return nil
    }

    var lines: [String] {
        var lines = status.gaps.map { gap in
            "gap  \(gap.lane?.description ?? "anything")  \(gap.from.time) to \(gap.through.time)  "
                + gap.reason
        }
        lines += status.parked.map { "stopped  \($0.lane)  at entry \($0.sequence)  \($0.reason)" }
        lines += status.skipped.map { skipped in
            "skipped  \(skipped.lane?.description ?? "-")  \(skipped.count) \(skipped.kind)  "
                + skipped.reason
        }
        lines += status.notices.map { "to do  \($0.text)" }
        lines.append(
            "restored \(status.appliedRows) rows in \(status.requests) requests, up to "
                + status.checkpoint.place
        )
        return lines
    }

    var json: JSON {
        .object([
            ("state", .text(status.state.rawValue)),
            ("checkpoint", .mark(status.checkpoint.sequence, status.checkpoint.tso)),
            ("rows", .unsigned(status.appliedRows)),
            ("bytes", .unsigned(status.appliedBytes)),
            ("requests", .unsigned(status.requests)),
            ("seconds", .number(took / .seconds(1))),
            (
                "skipped",
                .array(
                    status.skipped.map { skipped in
                        .object([
                            ("op", .text(skipped.kind)),
                            ("lane", .optional(skipped.lane?.description)),
                            ("count", .integer(Int64(skipped.count))),
                            ("reason", .text(skipped.reason)),
                        ])
                    }
                )
            ),
            (
                "parked",
                .array(
                    status.parked.map { parked in
                        .object([
                            ("lane", .text(parked.lane.description)),
                            ("sequence", .unsigned(parked.sequence.rawValue)),
                            ("error", .text(parked.reason)),
                        ])
                    }
                )
            ),
            ("notices", .array(status.notices.map { .text($0.text) })),
            (
                "gaps",
                .array(
                    status.gaps.map { gap in
                        .object([
                            ("lane", .optional(gap.lane?.description)),
                            ("from", .unsigned(gap.from.rawValue)),
                            ("through", .unsigned(gap.through.rawValue)),
                            ("reason", .text(gap.reason)),
                        ])
                    }
                )
            ),
        ])
    }
}

extension RestorePlan {
    /// One line for each collection or database, then the sum.
    var lines: [String] {
        var table = TextTable(["TARGET", "DEFINITIONS", "ROWS", "DELETED KEYS", "BYTES"])
        for (lane, counts) in lanes.sorted(by: { $0.key < $1.key }) {
            table.add([
                lane.description, String(counts.definitionCount), String(counts.rows),
                String(counts.keys), String(counts.bytes),
            ])
        }
        var lines = table.lines
        lines += skipped.map { "would skip  \($0.count) \($0.kind)  \($0.reason)" }
        lines += gaps.map { "gap  \($0.lane?.description ?? "anything")  \($0.reason)" }
        lines.append(
            "\(rows) rows, \(bytes) bytes, from \(entriesRead) entries, up to "
                + "\(reached.place); nothing was done"
        )
        return lines
    }

    var json: JSON {
        .object([
            ("rows", .integer(Int64(rows))),
            ("bytes", .integer(Int64(bytes))),
            ("entries", .integer(Int64(entriesRead))),
            ("reached", .mark(reached.sequence, reached.tso)),
            (
                "targets",
                .array(
                    lanes.sorted(by: { $0.key < $1.key }).map { lane, counts in
                        .object([
                            ("name", .text(lane.description)),
                            ("definitions", .integer(Int64(counts.definitionCount))),
                            ("rows", .integer(Int64(counts.rows))),
                            ("keys", .integer(Int64(counts.keys))),
                            ("bytes", .integer(Int64(counts.bytes))),
                        ])
                    }
                )
            ),
            ("gaps", .array(gaps.map { .text($0.reason) })),
        ])
    }
}

extension Mark {
    /// The entry, and the time where it is known.
    fileprivate var place: String {
        tso == .zero ? "entry \(sequence)" : "entry \(sequence) at \(tso.time)"
    }
}

extension RestorePlan.Counts {
    /// Operations that carry no rows.
    fileprivate var definitionCount: Int {
        operations.reduce(0) { $0 + ($1.key.carriesRows ? 0 : $1.value) }
    }
}
