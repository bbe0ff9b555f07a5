internal import Journal
internal import Operations
internal import Replay

/// What is told of tasks and their targets.
struct TaskMetrics {
    private var state = MetricFamily(
        "flightlog_target_state",
        .gauge,
        "1 for the state that a task is in."
    )
    private var applied = MetricFamily(
        "flightlog_target_applied_timestamp_seconds",
        .gauge,
        "Source timestamp up to which a target holds everything."
    )
    private var lag = MetricFamily(
        "flightlog_target_lag_seconds",
        .gauge,
        "How far a target is behind; 0 where it holds everything and the source is being read."
    )
    private var backlog = MetricFamily(
        "flightlog_target_backlog_records",
        .gauge,
        "Entries of the journal that a target does not hold."
    )
    private var backlogBytes = MetricFamily(
        "flightlog_target_backlog_bytes",
        .gauge,
        "Bytes of the journal's files that a target is not done with."
    )
    private var parked = MetricFamily(
        "flightlog_target_parked_lanes",
        .gauge,
        "Collections of a task that wait for a person."
    )
    private var records = MetricFamily(
        "flightlog_target_applied_records_total",
        .counter,
        "Entries that were carried out on a target since its task began to run, by kind."
    )
    private var rows = MetricFamily(
        "flightlog_target_applied_rows_total",
        .counter,
        "Rows and keys that were sent to a target since its task began to run, by kind."
    )
    private var bytes = MetricFamily(
        "flightlog_target_applied_bytes_total",
        .counter,
        "Bytes that were sent to a target since its task began to run, by kind."
    )
    private var requests = MetricFamily(
        "flightlog_target_requests_total",
        .counter,
        "Calls on a target that succeeded since its task began to run, by kind."
    )

    var families: [MetricFamily] {
        [state, applied, lag, backlog, backlogBytes, parked, records, rows, bytes, requests]
    }

    /// Adds a task, with what was applied and the files of its source's journal.
    mutating func add(
        _ task: TaskDocument,
        applied counts: [OperationKind: AppliedCounts],
        segments: [SegmentSummary]
    ) {
        let labels = [
            MetricFamily.Label("source", task.source), .init("target", task.target),
            .init("task", task.id),
        ]
        state.add(
            state: task.state.rawValue,
            of: TaskDocument.State.allCases.map(\.rawValue),
            labels
        )
        applied.add(time: HybridTimestamp(rawValue: task.checkpoint.tso), labels)
        lag.add(task.lagSeconds, labels)
        backlog.add(Double(task.backlogEntries), labels)
        let left = segments.filter { $0.lastSequence.rawValue > task.checkpoint.sequence }
        backlogBytes.add(Double(left.reduce(0) { $0 + $1.fileBytes }), labels)
        parked.add(Double(task.parked.count), labels)
        for (kind, count) in counts.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            let labels = labels + [.init("op", kind.name)]
            records.add(Double(count.entries), labels)
            requests.add(Double(count.requests), labels)
            guard count.rows > 0 else { continue }
            rows.add(Double(count.rows), labels)
            bytes.add(Double(count.bytes), labels)
        }
    }
}
