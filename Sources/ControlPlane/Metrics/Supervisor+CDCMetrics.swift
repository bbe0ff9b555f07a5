internal import Catalog
internal import Operations
internal import Replay

// The names that milvus-cdc gives its numbers, so that dashboards which know them go on. Labels that would name
// single collections are empty.

extension Supervisor {
    /// Families under the names of milvus-cdc.
    func cdcMetrics() async throws -> [MetricFamily] {
        var metrics = CDCMetrics()
        for source in sources {
            for channel in source.document(now: now()).channels {
                metrics.add(center: channel)
            }
        }
        for task in try await catalog.tasks() {
            let source = sources.first { $0.plan.name == task.source }
            metrics.add(
                try await document(of: task),
                channels: source?.document(now: now()).channels ?? [],
                applied: runners[task.id]?.applied ?? [:]
            )
        }
        return metrics.families
    }
}

/// The families of milvus-cdc that are not about requests.
private struct CDCMetrics {
    private var counts = ["Initial": 0, "Running": 0, "Paused": 0]
    private var state = MetricFamily("milvus_cdc_task_state", .gauge, "cdc task state")
    private var time = MetricFamily(
        "milvus_cdc_replicate_tt",
        .gauge,
        "timestamp of the newest message, unit: ms"
    )
    private var size = MetricFamily(
        "milvus_cdc_replicate_data_size",
        .counter,
        "the size of the message"
    )
    private var rows = MetricFamily("milvus_cdc_replicate_data_cnt", .counter, "the data count")
    private var calls = MetricFamily(
        "milvus_cdc_api_execute_total",
        .counter,
        "the counter of executing api"
    )
    private var center = MetricFamily("milvus_cdc_center_tt", .gauge, "the center ts, unit: ms")

    var families: [MetricFamily] {
        var number = MetricFamily("milvus_cdc_task_num", .gauge, "cdc task number")
        for (name, count) in counts.sorted(by: { $0.key < $1.key }) {
            number.add(Double(count), .init("task_state", name))
        }
        return [number, state, time, size, rows, calls, center]
    }

    mutating func add(center channel: SourceDocument.Channel) {
        center.add(Self.milliseconds(channel.head), .init("channel_name", channel.name))
    }

    mutating func add(
        _ task: TaskDocument,
        channels: [SourceDocument.Channel],
        applied: [OperationKind: AppliedCounts]
    ) {
        let isPaused = task.state == .paused || task.state == .failed
        counts[isPaused ? "Paused" : "Running", default: 0] += 1
        state.add(isPaused ? 2 : 1, .init("task_id", task.id))
        for channel in channels {
            for (operation, tso) in [("read", channel.head), ("write", task.checkpoint.tso)] {
                time.add(
                    Self.milliseconds(tso),
                    .init("op_type", operation),
                    .init("task_id", task.id),
                    .init("vchannel_name", channel.name)
                )
            }
        }
        for (kind, count) in applied.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            let name = kind.name.split(separator: "_").map(\.capitalized).joined()
            calls.add(Double(count.requests), .init("api_type", name), .init("task_id", task.id))
            guard count.rows > 0 else { continue }
            size.add(
                Double(count.bytes),
                .init("msg_type", name),
                .init("op_type", "write"),
                .init("task_id", task.id),
                .init("vchannel_name", "")
            )
            rows.add(
                Double(count.rows),
                .init("api_type", kind.name),
                .init("collection_id", ""),
                .init("collection_name", ""),
                .init("op_type", "write"),
                .init("task_id", task.id)
            )
        }
    }

    private static func milliseconds(_ tso: UInt64) -> Double {
        Double(HybridTimestamp(rawValue: tso).unixMilliseconds)
    }
}

extension Substring {
    fileprivate var capitalized: String { prefix(1).uppercased() + dropFirst() }
}
