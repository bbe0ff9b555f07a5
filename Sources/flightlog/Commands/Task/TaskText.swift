internal import ControlPlane
internal import Operations

// How tasks and sources look to people.

extension TaskDocument {
    /// The headings of a table of tasks.
    static let headings = [
        "ID", "SOURCE", "TARGET", "STATE", "CHECKPOINT", "BACKLOG", "LAG", "LAST ERROR",
    ]

    /// The task in a table.
    var row: [String] {
        [
            id, source, target, state.rawValue, checkpoint.text, String(backlogEntries),
            TaskDocument.seconds(lagSeconds), lastError ?? "-",
        ]
    }

    /// The task by itself.
    var lines: [String] {
        var lines = [
            "id          \(id)",
            "source      \(source)",
            "target      \(target)",
            "state       \(state.rawValue)",
            "checkpoint  \(checkpoint.text)",
            "resolved    \(resolved.text)",
            "backlog     \(backlogEntries) entries",
            "lag         \(TaskDocument.seconds(lagSeconds))",
            "etag        \(etag)",
        ]
        lines += include.map { "include     \($0)" }
        lines += exclude.map { "exclude     \($0)" }
        lines += rename.map { "rename      \($0)" }
        lines += leaveOut.map { "leave out   \($0)" }
        lines.append("on error    \(onError)")
        if deadLetters > 0 { lines.append("refused     \(deadLetters) dead letters") }
        for lane in parked {
            lines.append("parked      \(lane.lane): \(lane.error)")
            if let waitsFor = lane.waitsFor { lines.append("waits for   \(waitsFor)") }
        }
        if inDoubt.requests > 0 { lines.append("in doubt    \(inDoubt.text)") }
        lines += (gaps ?? []).map { "gap         \($0.lane ?? "anything"): \($0.reason)" }
        lines += (skipped ?? []).map {
            "skipped     \($0.lane ?? "-"): \($0.count) \($0.op): \($0.reason)"
        }
        lines += (notices ?? []).map { "to do       \($0)" }
        if let lastError { lines.append("last error  \(lastError)") }
        return lines
    }

    /// Seconds with one digit after the point.
    static func seconds(_ value: Double) -> String {
        let tenths = Int64((value * 10).rounded())
        return "\(tenths / 10).\(tenths % 10) s"
    }
}

extension TaskDocument.InDoubt {
    fileprivate var text: String {
        let untold = requestsUntold == 0 ? "" : "; of \(requestsUntold) requests it could not tell"
        return
            "\(requests) requests with \(rows) rows; the target held \(rowsHeld) rows of their keys\(untold)"
    }
}

extension SourceDocument {
    /// The headings of a table of sources.
    static let headings = [
        "SOURCE", "STATE", "RESTORABLE FROM", "TO", "LAG", "GAPS", "JOURNAL", "DISK LEFT",
        "LAST ERROR",
    ]

    /// The source in a table.
    var row: [String] {
        [
            name, state.rawValue, journal?.oldest.text ?? "-", resolved.text,
            lagSeconds.map(TaskDocument.seconds) ?? "-", String(gaps.count),
            journal.map { ShownBytes($0.bytes).description } ?? "-",
            journal.map { ShownBytes($0.diskFreeBytes).description } ?? "-", lastError ?? "-",
        ]
    }
}

extension MarkDocument {
    /// The sequence number and the time.
    fileprivate var text: String {
        tso == 0 ? String(sequence) : "\(sequence) at \(HybridTimestamp(rawValue: tso).time)"
    }
}
