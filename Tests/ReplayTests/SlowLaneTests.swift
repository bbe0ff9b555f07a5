import Operations
import Replay
import Testing

/// A lane that does not get on while others have much to do.
@Suite(.timeLimit(.minutes(5)))
struct SlowLaneTests {
    private let clock = ManualClock()

    /// A window of a few rows, and a lane may keep the others waiting for a moment.
    private func harness(
        _ operations: [Operation],
        setsApart: Bool = true
    ) -> ReplayHarness {
        var harness = ReplayHarness(
            operations,
            batchSize: 5,
            pieceEntriesMax: 3,
            traits: TargetTraits(
                product: "memory",
                requestSizeMaxBytes: 1 << 20,
                requestRowsMax: 1,
                unsupported: []
            )
        )
        harness.options.windowSizeMaxBytes = 500
        if setsApart { harness.options.setsApartAfter = .milliseconds(50) }
        return harness
    }

    /// Runs a replayer that follows the journal, while time passes whenever the target rests.
    private func following(
        _ harness: ReplayHarness,
        _ body: @escaping @Sendable (Replayer) async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup { group in
            group.addTask { await clock.pass(while: harness.target, hasAtMost: 0) }
            defer { group.cancelAll() }
            try await harness.following(clock: clock.replayClock, body)
        }
    }

    /// Lets the target do all that it is asked from now on.
    private func heal(_ harness: ReplayHarness) {
        harness.target.set(InMemoryFaults())
        clock.advance(by: .seconds(600))
    }

    /// Fails what is asked of some collections.
    private func failing(
        _ names: Set<String>,
        _ fault: InMemoryFaults.Fault = .failure(.transient, hadNoEffect: true)
    ) -> InMemoryFaults {
        InMemoryFaults { $0.kind == .insert && names.contains($0.subject) ? fault : nil }
    }

    private let creations = [Make.create(1, "a"), Make.create(2, "b"), Make.create(3, "c")]

    /// Inserts into two collections in turns.
    private func inserts(_ keys: ClosedRange<Int64>, into ids: [Int64] = [1, 2]) -> [Operation] {
        keys.flatMap { key in ids.map { Make.insert($0, key) } }
    }

    @Test func `the others get on, and it catches up`() async throws {
        let harness = harness(creations + inserts(1...200))
        harness.target.set(failing(["default.a/_default"]))
        try await following(harness) { replayer in
            try await until(replayer) { _ in harness.keys("b") == Array(1...200) }
            #expect(harness.keys("a") == [])
            // Told is how far the slow one is.
            try await until(replayer) { $0.checkpoint.sequence.rawValue == 3 }
            heal(harness)
            try await until(replayer) { $0.checkpoint == harness.journal.head() }
            try await until(replayer) { _ in harness.checkpoints.saved?.slow == nil }
        }
        #expect(harness.keys("a") == Array(1...200))
        #expect(harness.target.calls.filter { $0.kind == .insert }.count == 400)
        #expect(harness.target.calls.allSatisfy { !$0.isInDoubt })
    }

    @Test func `once it has caught up it is read with the others`() async throws {
        let harness = harness(creations + inserts(1...50))
        harness.target.set(failing(["default.a/_default"]))
        try await following(harness) { replayer in
            try await until(replayer) { _ in harness.keys("b") == Array(1...50) }
            heal(harness)
            try await until(replayer) { $0.checkpoint == harness.journal.head() }
            harness.journal.append(inserts(51...100), batchSize: 5)
            try await until(replayer) { $0.checkpoint == harness.journal.head() }
        }
        #expect(harness.keys("a") == Array(1...100))
        #expect(harness.keys("b") == Array(1...100))
        #expect(harness.target.calls.allSatisfy { !$0.isInDoubt })
    }

    @Test func `a crash meanwhile puts nothing of the others in doubt but what was under way`()
        async throws
    {
        let harness = harness(creations + inserts(1...200))
        harness.target.set(failing(["default.a/_default"], .hangAfter))
        let replayer = harness.replayer(clock: clock.replayClock)
        let run = Task { try await replayer.run() }
        let time = Task { await clock.pass(while: harness.target, hasAtMost: 1) }
        defer { time.cancel() }
        try await until(replayer) { _ in harness.keys("b") == Array(1...200) }
        clock.advance(by: .seconds(60))
        let head = harness.journal.append([Make.insert(2, 201)])
        try await until(replayer) { _ in harness.keys("b") == Array(1...201) }
        clock.advance(by: .seconds(60))
        // Whatever moves the head wakes it.
        let end = harness.journal.append([], resolved: Make.tso(head.tso.rawValue + 1))
        try await until(replayer) { _ in harness.checkpoints.saved?.slow?.others == end }
        let saved = try #require(harness.checkpoints.saved)
        #expect(saved.slow?.lanes.map(\.lane) == [Make.lane("a")])
        #expect(saved.sequence.rawValue == 3)
        #expect(saved.position(of: Make.lane("b")) == head.sequence)
        #expect(saved.position(of: Make.lane("a")).rawValue == 3)
        run.cancel()
        _ = await run.result
        harness.target.set(InMemoryFaults())
        try await harness.replayAll()
        #expect(harness.keys("a") == Array(1...200))
        #expect(harness.keys("b") == Array(1...201))
        #expect(harness.checkpoints.saved?.slow == nil)
        let doubted = harness.target.calls.filter(\.isInDoubt)
        #expect(doubted.allSatisfy { $0.subject == "default.a/_default" })
    }

    @Test func `a second slow lane joins the first`() async throws {
        let harness = harness(creations + inserts(1...60, into: [1, 2, 3]))
        harness.target.set(failing(["default.a/_default", "default.b/_default"]))
        try await following(harness) { replayer in
            try await until(replayer) { _ in harness.keys("c") == Array(1...60) }
            harness.target.set(failing(["default.b/_default"]))
            try await until(replayer) { _ in
                harness.checkpoints.saved?.slow?.lanes.map(\.lane)
                    == [Make.lane("a"), Make.lane("b")]
            }
            heal(harness)
            try await until(replayer) { $0.checkpoint == harness.journal.head() }
        }
        for name in ["a", "b", "c"] { #expect(harness.keys(name) == Array(1...60)) }
        #expect(harness.target.calls.allSatisfy { !$0.isInDoubt })
    }

    @Test func `what concerns it and another one waits for both and keeps its place`() async throws
    {
        let rename = Operation.renameCollection(
            CollectionID(rawValue: 2),
            database: .default,
            name: "d"
        )
        let swap = Operation.renameCollection(
            CollectionID(rawValue: 1),
            database: .default,
            name: "b"
        )
        let operations =
            creations + inserts(1...60) + [rename, swap]
            + inserts(61...120, into: [1, 2, 3])
        let harness = harness(operations)
        harness.target.set(failing(["default.a/_default"]))
        try await following(harness) { replayer in
            try await until(replayer) { _ in harness.keys("c") == Array(61...120) }
            #expect(harness.keys("a") == [])
            heal(harness)
            try await until(replayer) { $0.checkpoint == harness.journal.head() }
        }
        #expect(harness.keys("a") == nil)
        #expect(harness.keys("b") == Array(1...120))
        #expect(harness.keys("d") == Array(1...120))
        #expect(harness.target.calls.allSatisfy { !$0.isInDoubt })
    }

    @Test func `refused, it is parked; resumed, it has everything once`() async throws {
        let harness = harness(creations + inserts(1...100))
        harness.target.set(failing(["default.a/_default"]))
        try await following(harness) { replayer in
            try await until(replayer) { _ in harness.keys("b") == Array(1...100) }
            harness.target.set(
                InMemoryFaults {
                    $0.kind == .insert && $0.detail == [40] && $0.subject == "default.a/_default"
                        ? .failure(.rejected) : nil
                }
            )
            try await until(replayer) {
                $0.parked.map(\.lane) == [Make.lane("a")]
                    && $0.checkpoint == harness.journal.head()
            }
            #expect(harness.keys("a") == Array(1...39))
            heal(harness)
            replayer.resume(Make.lane("a"))
            try await until(replayer) { $0.parked.isEmpty }
        }
        #expect(harness.keys("a") == Array(1...100))
    }

    @Test func `a parked lane can be resumed while another is slow`() async throws {
        let harness = harness(creations + inserts(1...100, into: [1, 2, 3]))
        harness.target.set(
            InMemoryFaults {
                switch ($0.kind, $0.subject) {
                case (.insert, "default.a/_default"): .failure(.transient, hadNoEffect: true)
                case (.insert, "default.c/_default"): .failure(.rejected)
                default: nil
                }
            }
        )
        try await following(harness) { replayer in
            try await until(replayer) {
                harness.keys("b") == Array(1...100) && $0.parked.map(\.lane) == [Make.lane("c")]
            }
            heal(harness)
            replayer.resume(Make.lane("c"))
            try await until(replayer) {
                $0.parked.isEmpty && $0.checkpoint == harness.journal.head()
            }
        }
        for name in ["a", "b", "c"] { #expect(harness.keys(name) == Array(1...100)) }
    }

    @Test func `a replay to an end waits for it`() async throws {
        let harness = harness(creations + inserts(1...100))
        harness.target.set(
            InMemoryFaults(
                Dictionary(uniqueKeysWithValues: (4...200).map { ($0, .failure(.transient)) })
            )
        )
        let status = try await harness.replayAll()
        #expect(status.checkpoint == harness.journal.head())
        #expect(harness.checkpoints.saved?.slow == nil)
        #expect(harness.keys("a") == Array(1...100))
    }

    @Test func `without leave to read lanes apart, the others wait`() async throws {
        let harness = harness(creations + inserts(1...200), setsApart: false)
        harness.target.set(failing(["default.a/_default"]))
        try await following(harness) { replayer in
            try await until(replayer) { $0.state == .retrying && $0.appliedRows > 0 }
            #expect((harness.keys("b")?.count ?? 0) < 10)
            heal(harness)
            try await until(replayer) { $0.checkpoint == harness.journal.head() }
        }
    }
}
