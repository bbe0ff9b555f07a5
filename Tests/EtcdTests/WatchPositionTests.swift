import Testing

@testable import Etcd

@Suite struct WatchPositionTests {
    @Test func `a revision without a trace below the root is passed`() {
        var position = WatchPosition(after: 10, keys: 3)
        let finding = WatchPosition.Finding(revision: 20, newest: nil, keys: 3)
        let passed = position.confirm(finding, asked: position)
        #expect(passed)
        #expect(position.through == 20)
        #expect(position.resumeAfter == 20)
    }

    @Test func `a newer key or a missing one holds it back`() {
        var position = WatchPosition(after: 10, keys: 3)
        for finding in [
            WatchPosition.Finding(revision: 20, newest: 15, keys: 3),
            WatchPosition.Finding(revision: 20, newest: nil, keys: 2),
        ] {
            let held = position.confirm(finding, asked: position)
            #expect(!held)
        }
        #expect(position.through == 10)
    }

    @Test func `what arrives while the question is under way does not confuse the answer`() {
        var position = WatchPosition(after: 10, keys: 3)
        let asked = position
        position.arrived(21, keyDelta: -1)
        let finding = WatchPosition.Finding(revision: 20, newest: nil, keys: 3)
        let passed = position.confirm(finding, asked: asked)
        #expect(passed)
        #expect(position.through == 21)
        #expect(position.resumeAfter == 21)
    }

    /// A store with few keys, many of them short-lived, among the revisions of others; a watch that
    /// lags at random and is cut at random.
    ///
    /// Whenever the barrier says yes, what arrived has to be what the
    /// store holds; and in the end everything has to have arrived once, in order.
    @Test(arguments: 0..<40)
    func `the barrier never lies`(seed: UInt64) {
        var random = SplitMix(state: seed)
        var store: [Int: Int64] = [:]
        var events: [(revision: Int64, key: Int, isPut: Bool)] = []
        var arrived: [Int: Int64] = [:]
        var position = WatchPosition(after: 1, keys: 0)
        var next = 0
        var revision: Int64 = 1
        var confirmed = 0

        func deliver() {
            let event = events[next]
            next += 1
            let delta = event.isPut ? (arrived[event.key] == nil ? 1 : 0) : -1
            arrived[event.key] = event.isPut ? event.revision : nil
            position.arrived(event.revision, keyDelta: delta)
        }

        for _ in 0..<3000 {
            switch Int.random(in: 0..<10, using: &random) {
            case 0...2:
                revision += 1
            case 3...5:
                let key = Int.random(in: 0..<4, using: &random)
                revision += 1
                let isPut = store[key] == nil || Bool.random(using: &random)
                store[key] = isPut ? revision : nil
                events.append((revision, key, isPut))
            case 6, 7:
                for _ in 0..<Int.random(in: 0..<6, using: &random) where next < events.count {
                    deliver()
                }
            case 8:
                // A new watch: what lies between where it begins and what had come is skipped.
                while next < events.count, events[next].revision <= position.resumeAfter {
                    next += 1
                }
            default:
                let asked = position
                let newest = store.values.filter { $0 > asked.through }.max()
                let finding = WatchPosition.Finding(
                    revision: revision,
                    newest: newest,
                    keys: store.count
                )
                if position.confirm(finding, asked: asked) {
                    confirmed += 1
                    #expect(arrived == store)
                }
            }
        }
        while next < events.count { deliver() }
        #expect(arrived == store)
        #expect(confirmed > 10)
    }
}

/// A generator that repeats itself from its seed.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
