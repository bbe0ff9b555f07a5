import Operations
import Replay
import Synchronization
import Testing

/// Lanes that are parked, in any combination, come to what the source holds once they are resumed.
@Suite(.timeLimit(.minutes(5)))
struct ParkingTests {
    /// Refuses a few calls at random, and loses the replies of a few more.
    private func refusals(
        seed: UInt64,
        percent: Int,
        and faults: [Int: InMemoryFaults.Fault] = [:]
    ) -> InMemoryFaults {
        let random = Mutex(SeededRandom(seed: seed))
        return InMemoryFaults(faults) { _ in
            random.withLock { random in
                switch Int.random(in: 0..<100, using: &random) {
                case 0..<percent: .failure(.rejected)
                case percent..<(percent + 3): .replyLost
                default: nil
                }
            }
        }
    }

    /// A target that takes two inserts of a shard at once, of few rows each.
    private func harness(_ history: RandomHistory) -> ReplayHarness {
        ReplayHarness(
            history.operations,
            batchSize: 9,
            pieceEntriesMax: 4,
            traits: TargetTraits(
                product: "memory",
                requestSizeMaxBytes: 1 << 20,
                requestRowsMax: 3,
                unsupported: [],
                insertsAtOnceMax: 2
            )
        )
    }

    /// Resumes until nothing is parked any more, the lane that stopped first before the others.
    private func resumeAll(_ harness: ReplayHarness) async throws {
        let head = harness.journal.head().sequence
        // Each lane may come to a place where it waits for another one.
        for _ in 0..<200 {
            let parked = harness.checkpoints.saved?.parked ?? []
            guard let first = parked.min(by: { $0.sequence < $1.sequence }) else { return }
            let replayer = harness.replayer(end: .sequence(head))
            replayer.resume(first.lane)
            try await replayer.run()
        }
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `refusals at random, then resumed, leave the target equal to the source`(
        round: UInt64
    ) async throws {
        let seed = SeededRandom.runSeed &+ round &* 13
        let history = RandomHistory(seed: seed, count: 250)
        var harness = harness(history)
        harness.options.requestsMax = 3
        harness.options.reachStep = 15
        harness.target.set(refusals(seed: seed, percent: 4))
        let status = try await harness.replayAll()
        #expect(status.checkpoint == harness.journal.head())
        harness.target.set(InMemoryFaults())
        try await resumeAll(harness)
        #expect(harness.checkpoints.saved?.parked == [], "seed \(seed)")
        #expect(harness.target.contents == history.contents, "seed \(seed)")
    }

    @Test(arguments: 0..<10 as Range<UInt64>)
    func `refusals and crashes at random leave the target equal to the source`(
        round: UInt64
    ) async throws {
        let seed = SeededRandom.runSeed &+ round &* 19
        let history = RandomHistory(seed: seed, count: 250)
        var harness = harness(history)
        harness.options.requestsMax = 4
        harness.options.reachStep = 10
        var hangs = harness.target.hangs.makeAsyncIterator()
        for run in 1...8 {
            harness.target.set(
                refusals(
                    seed: seed &+ UInt64(run),
                    percent: 2,
                    and: [run * 5: run % 2 == 0 ? .hang : .hangAfter]
                )
            )
            let replayer = harness.replayer(end: .sequence(harness.journal.head().sequence))
            try await crash(replayer, at: &hangs, of: harness.target)
        }
        harness.target.set(InMemoryFaults())
        try await harness.replayAll()
        try await resumeAll(harness)
        #expect(harness.checkpoints.saved?.parked == [], "seed \(seed)")
        #expect(harness.target.contents == history.contents, "seed \(seed)")
    }

    @Test(arguments: 0..<10 as Range<UInt64>)
    func `a crash while a lane is caught up is healed too`(round: UInt64) async throws {
        let seed = SeededRandom.runSeed &+ round &* 17
        let history = RandomHistory(seed: seed, count: 200)
        var harness = harness(history)
        harness.options.reachStep = 5
        harness.target.set(refusals(seed: seed, percent: 6))
        try await harness.replayAll()
        var hangs = harness.target.hangs.makeAsyncIterator()
        for call in 1...6 {
            let parked = harness.checkpoints.saved?.parked ?? []
            guard let first = parked.min(by: { $0.sequence < $1.sequence }) else { break }
            harness.target.set(InMemoryFaults([call * 2: call % 2 == 0 ? .hang : .hangAfter]))
            let replayer = harness.replayer(end: .sequence(harness.journal.head().sequence))
            replayer.resume(first.lane)
            try await crash(replayer, at: &hangs, of: harness.target)
        }
        harness.target.set(InMemoryFaults())
        try await resumeAll(harness)
        #expect(harness.checkpoints.saved?.parked == [], "seed \(seed)")
        #expect(harness.target.contents == history.contents, "seed \(seed)")
    }
}
