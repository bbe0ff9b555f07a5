import Operations
import Testing

@testable import ControlPlane

@Suite struct VerdictTests {
    private static func source(
        _ state: SourceDocument.State = .running,
        gaps: [SourceDocument.Gap] = [],
        free: Int = 100 << 30,
        error: String? = nil
    ) -> SourceDocument {
        SourceDocument(
            name: "main",
            state: state,
            resolved: MarkDocument(SequenceNumber(rawValue: 9), HybridTimestamp(rawValue: 900)),
            lagSeconds: 0.4,
            channels: [],
            gaps: gaps,
            reading: nil,
            journal: SourceDocument.Journal(
                oldest: MarkDocument(SequenceNumber(rawValue: 1), HybridTimestamp(rawValue: 100)),
                segments: 1,
                bytes: 1,
                diskFreeBytes: free
            ),
            lastError: error
        )
    }

    private static func task(
        _ state: TaskDocument.State = .running,
        lag: Double = 0,
        error: String? = nil
    ) -> TaskDocument {
        var task = Samples.task
        (task.id, task.state, task.lagSeconds, task.lastError) = ("dr", state, lag, error)
        task.parked = state == .parked ? [.init(lane: "a.b", sequence: 1, error: "no")] : []
        return task
    }

    private static func verdict(_ sources: [SourceDocument], _ tasks: [TaskDocument]) -> Verdict {
        Verdict(sources: sources, tasks: tasks) { "T\($0)" }
    }

    @Test func `where nothing is wrong, it says from when to when, and how far behind`() {
        let verdict = Self.verdict([Self.source()], [Self.task(lag: 0.21)])
        #expect(verdict.level == .safe)
        #expect(verdict.reasons.isEmpty)
        #expect(
            verdict.sentence
                == "Safe: main can be restored to any moment from T100 to T900; the one target is 0.3 s "
                + "behind; there are no gaps."
        )
    }

    @Test func `what is lost comes before what waits`() {
        let gap = SourceDocument.Gap(
            Gap(
                collection: nil,
                shard: nil,
                from: HybridTimestamp(rawValue: 1),
                through: HybridTimestamp(rawValue: 2),
                reason: "r"
            ),
            name: CollectionName(database: "default", collection: "a")
        )
        let verdict = Self.verdict([Self.source(gaps: [gap])], [Self.task(.paused, lag: 7)])
        #expect(verdict.level == .atRisk)
        #expect(
            verdict.reasons == [
                "1 gap in the history of main: default.a.", "Task dr is paused, 7 s behind.",
            ]
        )
        #expect(
            verdict.sentence
                == "At risk: 1 gap in the history of main: default.a. (and 1 more)"
        )
    }

    @Test(arguments: [
        (TaskDocument.State.failed, 0.0, Verdict.Level.atRisk), (.gap, 0, .atRisk),
        (.retrying, 0, .degraded), (.parked, 0, .degraded), (.paused, 0, .degraded),
        (.running, 61, .degraded), (.running, 59, .safe),
    ])
    func `each state of a task has its level`(
        state: TaskDocument.State,
        lag: Double,
        level: Verdict.Level
    ) {
        #expect(Self.verdict([Self.source()], [Self.task(state, lag: lag)]).level == level)
    }

    @Test func `a source that stopped, a full disk and no source at all are risks`() {
        #expect(Self.verdict([Self.source(.failed, error: "E.")], []).level == .atRisk)
        #expect(Self.verdict([Self.source(.gap)], []).level == .atRisk)
        #expect(Self.verdict([Self.source(free: 1 << 20)], []).level == .atRisk)
        #expect(Self.verdict([], []).level == .atRisk)
        #expect(Self.verdict([Self.source(.retrying, error: "E.")], []).level == .degraded)
    }
}
