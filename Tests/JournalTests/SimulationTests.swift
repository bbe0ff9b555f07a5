import Foundation
import Testing

@testable import Journal

/// Writers, readers, pins and retention at once, on a disk that fails and a machine that dies.
///
/// `FLIGHTLOG_SIMULATIONS` sets how many runs there are, `FLIGHTLOG_SEED` which one is the first.
struct SimulationTests {
    private static let runs =
        ProcessInfo.processInfo.environment["FLIGHTLOG_SIMULATIONS"].flatMap { UInt64($0) } ?? 60

    @Test func `what is acknowledged is read as it was written, whatever fails meanwhile`()
        async throws
    {
        let first = SeededRandom.runSeed
        var sum = SimulatedJournal.Counts()
        for run in 0..<Self.runs {
            var world = SimulatedJournal(seed: first &+ run)
            do {
                try await world.run(steps: 80)
            } catch {
                Issue.record("FLIGHTLOG_SEED=\(first &+ run): \(error)")
            }
            sum.add(world.counts)
            await Task.yield()
        }
        print(
            "simulation: \(Self.runs) runs from seed \(first), \(sum.batches) batches, \(sum.reads) reads, "
                + "\(sum.faults) faults, \(sum.crashes) crashes, \(sum.kills) kills, \(sum.trimmed) segments removed"
        )
        #expect(sum.crashes > 0 && sum.trimmed > 0 && sum.reads > 0)
    }
}

extension SimulatedJournal.Counts {
    fileprivate mutating func add(_ other: Self) {
        batches += other.batches
        reads += other.reads
        faults += other.faults
        crashes += other.crashes
        kills += other.kills
        trimmed += other.trimmed
    }
}
