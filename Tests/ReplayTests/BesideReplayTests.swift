import Operations
import Replay
import Testing

/// Two inserts of a shard under way, and one of them or both go wrong.
@Suite(.timeLimit(.minutes(5)))
struct BesideReplayTests {
    /// A target that takes two inserts of a shard at once, of one row each.
    private func harness(_ operations: [Operation]) -> ReplayHarness {
        ReplayHarness(
            [Make.create(1, "a")] + operations,
            traits: TargetTraits(
                product: "memory",
                requestSizeMaxBytes: 1 << 20,
                requestRowsMax: 1,
                unsupported: [],
                insertsAtOnceMax: 2
            )
        )
    }

    /// Fails the first call for a key.
    private func failing(_ key: Int64, _ fault: InMemoryFaults.Fault) -> InMemoryFaults {
        InMemoryFaults { $0.detail == [key] && !$0.isInDoubt ? fault : nil }
    }

    @Test func `two are under way, and each key has its rows`() async throws {
        let harness = harness((1...20).map { Make.insert(1, $0 / 2) })
        try await harness.replayAll()
        #expect(harness.target.underWayMost == 2)
        #expect(harness.keys("a") == (1...20).map { $0 / 2 })
        #expect(harness.target.calls.allSatisfy { !$0.isInDoubt })
    }

    @Test func `rows of one key arrive in the order of the source`() async throws {
        let inserts = (1...60 as ClosedRange<Int64>).map { Make.insert(1, $0 % 7, $0 % 3 + 10) }
        let harness = harness(inserts)
        try await harness.replayAll()
        let found = harness.target.calls.filter { $0.kind == .insert }.map(\.detail)
        for key in Int64(0)...12 {
            let wanted = (1...60 as ClosedRange<Int64>).map { [$0 % 7, $0 % 3 + 10] }
                .filter { $0.contains(key) }
            #expect(found.filter { $0.contains(key) } == wanted)
        }
    }

    @Test func `the first is repeated though the second was acknowledged, and nothing is doubled`()
        async throws
    {
        for fault in [
            InMemoryFaults.Fault.replyLost, .failure(.transient),
            .failure(.transient, hadNoEffect: true),
        ] {
            let harness = harness([
                Make.insert(1, 1), Make.insert(1, 2), Make.insert(1, 2), Make.delete(1, 1),
                Make.insert(1, 1), Make.insert(1, 3),
            ])
            // The first row alone is harmed, once.
            harness.target.set(InMemoryFaults([2: fault]))
            try await harness.replayAll()
            #expect(harness.keys("a") == [1, 2, 2, 3])
            let deletion = harness.target.calls.firstIndex { $0.kind == .delete }
            let before = harness.target.calls.prefix(deletion ?? 0)
            #expect(before.contains { $0.detail == [1] })
        }
    }

    @Test func `the checkpoint stays before the first until it is acknowledged`() async throws {
        let harness = harness([Make.insert(1, 1), Make.insert(1, 2)])
        harness.target.set(failing(1, .hang))
        let replayer = harness.replayer()
        let run = Task { try await replayer.run() }
        try await until(replayer) { _ in harness.keys("a") == [2] }
        try await until(replayer) { $0.checkpoint.sequence.rawValue == 1 }
        #expect(harness.checkpoints.saved?.reach.rawValue == 3)
        run.cancel()
        _ = await run.result
        harness.target.set(InMemoryFaults())
        try await harness.replayAll()
        #expect(harness.keys("a") == [1, 2])
    }

    @Test(arguments: [
        (InMemoryFaults.Fault.hang, InMemoryFaults.Fault.hang), (.hang, .hangAfter),
        (.hangAfter, .hang), (.hangAfter, .hangAfter),
    ])
    func `a crash with two under way loses nothing and doubles nothing`(
        first: InMemoryFaults.Fault,
        second: InMemoryFaults.Fault
    ) async throws {
        let harness = harness((1...6).map { Make.insert(1, $0) })
        var hangs = harness.target.hangs.makeAsyncIterator()
        harness.target.set(
            InMemoryFaults { call in
                switch call.detail {
                case [3]: first
                case [4]: second
                default: nil
                }
            }
        )
        let replayer = harness.replayer()
        let run = Task { try await replayer.run() }
        _ = await hangs.next(isolation: nil)
        _ = await hangs.next(isolation: nil)
        run.cancel()
        _ = await run.result
        harness.target.set(InMemoryFaults())
        try await harness.replayAll()
        #expect(harness.keys("a") == [1, 2, 3, 4, 5, 6])
    }

    @Test func `a refused first parks the lane; resumed, it has everything once`() async throws {
        let harness = harness((1...5).map { Make.insert(1, $0) })
        harness.target.set(failing(1, .failure(.rejected)))
        let status = try await harness.replayAll()
        #expect(status.parked.first?.sequence.rawValue == 2)
        harness.target.set(InMemoryFaults())
        let replayer = harness.replayer(end: .sequence(harness.journal.head().sequence))
        replayer.resume(Make.lane("a"))
        try await replayer.run()
        #expect(replayer.status.parked.isEmpty)
        #expect(harness.keys("a") == [1, 2, 3, 4, 5])
    }

    @Test func `a refused first is listed, and all others arrive`() async throws {
        var harness = harness((1...5).map { Make.insert(1, $0) })
        harness.options.onError = .deadLetter
        harness.target.set(failing(1, .failure(.rejected)))
        let status = try await harness.replayAll()
        #expect(status.parked.isEmpty)
        #expect(harness.checkpoints.letters.map(\.id.sequence.rawValue) == [2])
        #expect(harness.keys("a") == [2, 3, 4, 5])
        harness.target.set(InMemoryFaults())
        harness.checkpoints.wantAll()
        try await harness.replayAll()
        #expect(harness.keys("a") == [1, 2, 3, 4, 5])
    }

    @Test func `a stop waits for both and leaves nothing in doubt`() async throws {
        let harness = harness((1...200).map { Make.insert(1, $0) })
        let replayer = harness.replayer()
        async let run: Void = replayer.run()
        try await until(replayer) { $0.appliedRows > 3 }
        replayer.stop()
        try await run
        let saved = try #require(harness.checkpoints.saved)
        #expect(saved.reach == saved.sequence)
        try await harness.replayAll()
        #expect(harness.target.calls.allSatisfy { !$0.isInDoubt })
        #expect(harness.keys("a") == Array(1...200))
    }
}
