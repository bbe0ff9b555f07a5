internal import Catalog
internal import Journal
internal import Operations

// What `/metrics` tells of sources, journals and tasks. Times are those of what is durable, so that a lag that is
// computed from them grows while something is stuck, and is the same after a restart.

extension Supervisor {
    /// Families of everything that is looked after; collections are no labels, so their number is bounded by the
    /// configuration and the tasks.
    func metrics() async throws -> [MetricFamily] {
        let now = now()
        var build = MetricFamily("flightlog_build_info", .gauge, "Which Flightlog this is.")
        build.add(1, .init("version", Build.version))
        var sourceMetrics = SourceMetrics()
        for source in sources { sourceMetrics.add(source, now: now) }
        var taskMetrics = TaskMetrics()
        for task in try await catalog.tasks() {
            let source = sources.first { $0.plan.name == task.source }
            taskMetrics.add(
                try await document(of: task),
                applied: runners[task.id]?.applied ?? [:],
                segments: source?.segments ?? []
            )
        }
        return [build] + sourceMetrics.families + taskMetrics.families
    }
}

extension SourceRunner {
    /// The journal's files, oldest first; none where they cannot be listed.
    var segments: [SegmentSummary] {
        (try? JournalReader.open(at: directory).segments()) ?? []
    }
}

extension MetricFamily {
    /// Adds a source timestamp in seconds since 1970; zero is none.
    mutating func add(time: HybridTimestamp, _ labels: [Label]) {
        guard time > .zero else { return }
        add(Double(time.unixMilliseconds) / 1000, labels)
    }
}
