import Operations
import Replay
import Testing

/// A crash at any moment loses nothing and doubles nothing.
@Suite(.timeLimit(.minutes(5)))
struct CrashTests {
    private let seed = SeededRandom.runSeed

    /// Replays with crashes at the calls that `faults` hangs, then to the end; returns how many crashes.
    private func replayWithCrashes(
        _ harness: ReplayHarness,
        faults: [InMemoryFaults]
    ) async throws -> Int {
        var crashes = 0
        var hangs = harness.target.hangs.makeAsyncIterator()
        let end = ReplayEnd.sequence(harness.journal.head().sequence)
        for fault in faults {
            harness.target.set(fault)
            let replayer = harness.replayer(end: end)
            if try await crash(replayer, at: &hangs, of: harness.target) { crashes += 1 }
        }
        harness.target.set(InMemoryFaults())
        try await harness.replayer(end: end).run()
        return crashes
    }

    private func harness(_ history: RandomHistory, batchSize: Int, seed: UInt64) -> ReplayHarness {
        var random = SeededRandom(seed: seed)
        var harness = ReplayHarness(
            history.operations,
            batchSize: batchSize,
            pieceEntriesMax: 3,
            traits: TargetTraits(
                product: "memory",
                requestSizeMaxBytes: 400,
                requestRowsMax: Int.random(in: 1...5, using: &random),
                unsupported: [],
                insertsAtOnceMax: Int.random(in: 1...3, using: &random)
            )
        )
        harness.options.requestsMax = Int.random(in: 1...4, using: &random)
        harness.options.reachStep = UInt64.random(in: 1...30, using: &random)
        harness.options.windowSizeMaxBytes = Int.random(in: 500...20_000, using: &random)
        if Bool.random(using: &random) { harness.options.setsApartAfter = .milliseconds(1) }
        return harness
    }

    @Test(arguments: 0..<8 as Range<UInt64>)
    func `without a crash the target equals the source`(round: UInt64) async throws {
        let history = RandomHistory(seed: seed &+ round, count: 400, doublesKeys: true)
        let harness = harness(history, batchSize: 10, seed: seed &+ round)
        let status = try await harness.replayAll()
        #expect(harness.target.contents == history.contents, "seed \(seed), round \(round)")
        #expect(status.parked.isEmpty, "seed \(seed), round \(round)")
        #expect(harness.target.calls.allSatisfy { !$0.isInDoubt })
    }

    @Test(arguments: [false, true])
    func `a crash at any one call, before or after its effect, is healed`(
        isAfter: Bool
    ) async throws {
        let history = RandomHistory(seed: seed, count: 60)
        let whole = harness(history, batchSize: 10, seed: seed)
        try await whole.replayAll()
        for call in 1...whole.target.callCount {
            let harness = harness(history, batchSize: 10, seed: seed)
            let crashes = try await replayWithCrashes(
                harness,
                faults: [InMemoryFaults([call: isAfter ? .hangAfter : .hang])]
            )
            let parked = harness.checkpoints.saved?.parked
            #expect(parked == [], "seed \(seed), call \(call), after \(isAfter)")
            #expect(
                harness.target.contents == history.contents,
                "seed \(seed), call \(call), after \(isAfter), \(crashes) crashes"
            )
        }
    }

    @Test(arguments: 0..<12 as Range<UInt64>)
    func `many crashes in a row are healed`(round: UInt64) async throws {
        let seed = seed &+ round &* 1_000
        var random = SeededRandom(seed: seed)
        let history = RandomHistory(seed: seed, count: 300)
        let harness = harness(history, batchSize: 20, seed: seed)
        let faults = (0..<20).map { _ in
            InMemoryFaults([
                Int.random(in: 1...10, using: &random): .replyLost,
                Int.random(in: 11...30, using: &random):
                    Bool.random(using: &random) ? .hang : .hangAfter,
            ])
        }
        _ = try await replayWithCrashes(harness, faults: faults)
        #expect(harness.checkpoints.saved?.parked == [], "seed \(seed)")
        #expect(harness.target.contents == history.contents, "seed \(seed)")
    }

    @Test(arguments: 0..<8 as Range<UInt64>)
    func `where the source doubles keys, a crash loses no key and invents no row`(
        round: UInt64
    ) async throws {
        let seed = seed &+ round &* 77
        let history = RandomHistory(seed: seed, count: 300, doublesKeys: true)
        let harness = harness(history, batchSize: 20, seed: seed)
        let faults = (0..<10).map {
            InMemoryFaults([5 + $0 * 3: $0.isMultiple(of: 3) ? .hang : .hangAfter])
        }
        _ = try await replayWithCrashes(harness, faults: faults)
        let held = harness.target.contents
        var lost = 0
        #expect(Set(held.collections.keys) == Set(history.contents.collections.keys))
        for (name, collection) in history.contents.collections {
            let rows = held.collections[name]?.rows ?? []
            #expect(
                Set(rows.map(\.key)) == Set(collection.rows.map(\.key)),
                "seed \(seed), \(name)"
            )
            // Values are unique, so a row that is doubled, or was never there, shows.
            #expect(Set(rows).count == rows.count, "seed \(seed), \(name)")
            #expect(Set(rows).isSubset(of: collection.rows), "seed \(seed), \(name)")
            lost += collection.rows.count - rows.count
        }
        // Whatever became one row is counted.
        #expect(lost <= harness.checkpoints.saved?.doubt.rowsHeld ?? 0, "seed \(seed)")
    }

    @Test func `what the target holds of keys in doubt is saved before it is replaced`()
        async throws
    {
        let inserts = (0..<30).map { Make.insert(1, Int64($0 % 10)) }
        let harness = ReplayHarness(
            [Make.create(1, "a")] + inserts,
            batchSize: 10,
            traits: TargetTraits(
                product: "memory",
                requestSizeMaxBytes: 1 << 20,
                requestRowsMax: 1,
                unsupported: []
            )
        )
        _ = try await replayWithCrashes(
            harness,
            faults: [
                InMemoryFaults([25: .hangAfter]),
                // Killed again with the first replacement done and nothing said of it.
                InMemoryFaults(where: { $0.isInDoubt ? .hangAfter : nil }),
                InMemoryFaults(where: { $0.isInDoubt ? .hangAfter : nil }),
            ]
        )
        let doubt = try #require(harness.checkpoints.saved?.doubt)
        let lost = inserts.count - (harness.keys("a")?.count ?? 0)
        #expect(lost > 0)
        #expect(lost <= doubt.rowsHeld)
        #expect(Set(harness.keys("a") ?? []) == Set(0..<10))
    }

    @Test func `a stop amid what is in doubt leaves the rest of it in doubt`() async throws {
        let inserts = (1...200).map { Make.insert(1, Int64($0)) }
        let harness = ReplayHarness(
            [Make.create(1, "a")] + inserts,
            traits: TargetTraits(
                product: "memory",
                requestSizeMaxBytes: 1 << 20,
                requestRowsMax: 1,
                unsupported: []
            )
        )
        _ = try await crashOnce(harness, at: 100)
        try await harness.following { replayer in
            try await until(replayer) { $0.appliedRows > 5 }
        }
        try await harness.replayAll()
        #expect(harness.keys("a") == Array(1...200))
    }

    /// Crashes once, at a call that has its effect.
    private func crashOnce(_ harness: ReplayHarness, at call: Int) async throws -> Bool {
        var hangs = harness.target.hangs.makeAsyncIterator()
        harness.target.set(InMemoryFaults([call: .hangAfter]))
        defer { harness.target.set(InMemoryFaults()) }
        return try await crash(harness.replayer(), at: &hangs, of: harness.target)
    }

    @Test(arguments: 0..<12 as Range<UInt64>)
    func `crashes and stops in any order are healed`(round: UInt64) async throws {
        let seed = seed &+ round &* 501
        var random = SeededRandom(seed: seed)
        let history = RandomHistory(seed: seed, count: 400)
        var harness = harness(history, batchSize: 20, seed: seed)
        harness.options.setsApartAfter = .milliseconds(1)
        harness.options.windowSizeMaxBytes = 1_500
        for _ in 0..<12 {
            if Bool.random(using: &random) {
                _ = try await crashOnce(harness, at: Int.random(in: 1...25, using: &random))
            } else {
                let rows = UInt64.random(in: 0...10, using: &random)
                let end = harness.journal.head().sequence
                try await harness.following { replayer in
                    try await until(replayer) {
                        $0.appliedRows >= rows || $0.checkpoint.sequence == end
                    }
                }
            }
        }
        try await harness.replayAll()
        #expect(harness.checkpoints.saved?.parked == [], "seed \(seed)")
        #expect(harness.checkpoints.saved?.slow == nil, "seed \(seed)")
        #expect(harness.target.contents == history.contents, "seed \(seed)")
    }

    @Test func `plain inserts are sent once, whatever is in doubt`() async throws {
        let inserts = (1...200).map { Make.insert(1, Int64($0)) }
        var harness = ReplayHarness(
            [Make.create(1, "a")] + inserts,
            batchSize: 10,
            traits: TargetTraits(
                product: "memory",
                requestSizeMaxBytes: 1 << 20,
                requestRowsMax: 1,
                unsupported: []
            )
        )
        harness.options.reachStep = 20
        _ = try await replayWithCrashes(harness, faults: [InMemoryFaults([100: .hangAfter])])
        let plain = harness.target.calls.filter { $0.kind == .insert && !$0.isInDoubt }
        #expect(Set(plain.flatMap(\.detail)).count == plain.count)
        let doubted = harness.target.calls.filter(\.isInDoubt)
        #expect(!doubted.isEmpty)
        // What is in doubt is bounded by the step of the reach and by what was not yet saved.
        #expect(doubted.count <= 120)
        #expect(harness.keys("a") == Array(1...200))
    }

    @Test(arguments: 0..<8 as Range<UInt64>)
    func `a crash around any save is healed`(round: UInt64) async throws {
        let seed = seed &+ round &* 31
        let history = RandomHistory(seed: seed, count: 200)
        let harness = harness(history, batchSize: 15, seed: seed)
        let end = ReplayEnd.sequence(harness.journal.head().sequence)
        var save = 1
        while true {
            let store = FailingCheckpoints(
                harness.checkpoints,
                failingAt: save,
                isAfter: save % 2 == 0
            )
            let replayer = Replayer(
                source: harness.journal,
                target: harness.target,
                store: store,
                projection: .everything,
                end: end,
                options: harness.options,
                clock: InstantClock().replayClock,
                logger: ReplayHarness.logger
            )
            do {
                try await replayer.run()
                break
            } catch is FailingCheckpoints.Failure {
                save = save % 7 + 1
                if save == 1 { save = 8 }
            }
        }
        #expect(harness.checkpoints.saved?.parked == [], "seed \(seed)")
        #expect(harness.target.contents == history.contents, "seed \(seed)")
    }
}
