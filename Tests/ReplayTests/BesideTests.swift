import Operations
import Replay
import Testing

/// Inserts of one shard that are under way at once.
struct BesideTests {
    private let id = CollectionID(rawValue: 1)

    private func fed(
        _ operations: [Operation],
        rowsMax: Int = 1,
        atOnce: Int = 2,
        doubtReach: UInt64 = 0
    ) -> FedWindow {
        var fed = FedWindow(
            [Make.create(1, "a")],
            rowsMax: rowsMax,
            insertsAtOnce: atOnce,
            doubtReach: doubtReach
        )
        for step in fed.start() { fed.window.finish(step.id) }
        fed.take(operations)
        return fed
    }

    private func sequences(_ steps: [Step]) -> [[UInt64]] {
        steps.map { $0.sequences.map(\.rawValue) }
    }

    @Test func `inserts without a common key go beside each other, as many as the target takes`() {
        var fed = fed((1...4).map { Make.insert(1, $0) })
        let first = fed.start()
        #expect(sequences(first) == [[2], [3]])
        fed.window.finish(first[1].id)
        #expect(fed.window.line.through.sequence.rawValue == 1)
        let second = fed.start()
        #expect(sequences(second) == [[4]])
        fed.window.finish(first[0].id)
        #expect(sequences(fed.start()) == [[5]])
        #expect(fed.window.line.through.sequence.rawValue == 3)
    }

    @Test func `inserts with a common key go one after another`() {
        var fed = fed([
            Make.insert(1, 1, 2), Make.insert(1, 2, 3), Make.insert(1, 4), Make.insert(1, 5),
        ])
        #expect(fed.generations() == [[[2]], [[3], [4]], [[5]]])
    }

    @Test func `a key between those of another request is no common one`() {
        var fed = fed([Make.insert(1, 1, 9), Make.insert(1, 5)])
        #expect(fed.generations() == [[[2], [3]]])
    }

    @Test func `three may go at once, each without a key of the others`() {
        var fed = fed(
            [Make.insert(1, 1), Make.insert(1, 2), Make.insert(1, 1), Make.insert(1, 3)],
            atOnce: 3
        )
        let first = fed.start()
        #expect(sequences(first) == [[2], [3]])
        fed.window.finish(first[1].id)
        #expect(fed.start().isEmpty)
        fed.window.finish(first[0].id)
        #expect(sequences(fed.start()) == [[4], [5]])
    }

    @Test func `only plain inserts go beside others`() {
        var fed = fed([
            Make.insert(1, 1), Make.delete(1, 2), Make.insert(1, 3), Make.upsert(1, 4),
            Make.upsert(1, 5), Make.insert(1, 6),
        ])
        #expect(fed.generations() == [[[2]], [[3]], [[4]], [[5]], [[6]], [[7]]])
    }

    @Test func `what is in doubt goes alone`() {
        var fed = fed((1...4).map { Make.insert(1, $0) }, doubtReach: 3)
        #expect(fed.generations() == [[[2]], [[3]], [[4], [5]]])
    }

    @Test func `a delete waits for all that is under way, in whatever order it ends`() {
        for order in [[0, 1], [1, 0]] {
            var fed = fed([Make.insert(1, 1), Make.insert(1, 2), Make.delete(1, 1, 2)])
            let inserts = fed.start()
            #expect(sequences(inserts) == [[2], [3]])
            fed.window.finish(inserts[order[0]].id)
            #expect(fed.start().isEmpty)
            fed.window.finish(inserts[order[1]].id)
            #expect(sequences(fed.start()) == [[4]])
        }
    }

    @Test
    func `a definition waits for all that is under way, and rows behind wait for it`() {
        for order in [[0, 1], [1, 0]] {
            var fed = fed([
                Make.insert(1, 1), Make.insert(1, 2), .createIndex(Make.index(1, 1)),
                Make.insert(1, 3), Make.insert(1, 4),
            ])
            let inserts = fed.start()
            fed.window.finish(inserts[order[0]].id)
            #expect(fed.start().isEmpty)
            fed.window.finish(inserts[order[1]].id)
            let index = fed.start()
            #expect(sequences(index) == [[4]])
            fed.window.finish(index[0].id)
            #expect(sequences(fed.start()) == [[5], [6]])
        }
    }

    @Test func `what was let go beside others takes no further rows`() throws {
        var fed = fed([Make.insert(1, 1)], rowsMax: 10)
        _ = fed.start()
        fed.take([Make.insert(1, 2)])
        let next = fed.window.peek()
        let beside = try #require(next)
        fed.take([Make.insert(1, 1)])
        fed.window.start(beside.id)
        #expect(beside.sequences.map(\.rawValue) == [3])
        #expect(fed.window.steps[beside.id]?.sequences.map(\.rawValue) == [3])
        #expect(fed.start().isEmpty)
    }

    @Test func `other lanes go before a second request of the same`() {
        var fed = fed([
            Make.insert(1, 1), Make.insert(1, 2), Make.create(2, "b"), Make.create(3, "c"),
        ])
        #expect(sequences(fed.start()) == [[2], [4], [5], [3]])
    }

    @Test func `what is parked takes along what waits, not what is under way beside it`() {
        var fed = fed((1...3).map { Make.insert(1, $0) })
        let started = fed.start()
        fed.window.park(started[0].id, because: "no")
        #expect(fed.start().isEmpty)
        #expect(Array(fed.window.steps.keys) == [started[1].id])
        fed.window.finish(started[1].id)
        let parked = fed.window.parked[Make.lane("a")]
        #expect(parked?.sequence.rawValue == 2)
        #expect(parked?.reach.rawValue == 3)
        #expect(fed.window.line.through.sequence.rawValue == 4)
        #expect(fed.window.byteCount == 0)
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `at random, what has a key in common goes in order, and all of it goes`(round: UInt64) {
        let seed = SeededRandom.runSeed &+ round &* 41
        var random = SeededRandom(seed: seed)
        let atOnce = Int.random(in: 1...4, using: &random)
        var fed = fed([], rowsMax: Int.random(in: 1...3, using: &random), atOnce: atOnce)
        var operations: [UInt64: (shard: Int, key: Int64, isInsert: Bool)] = [:]
        var started: [Step] = []
        var ended: Set<UInt64> = []
        var most = 0
        while operations.count < 300 || !started.isEmpty || fed.window.peek() != nil {
            if operations.count < 300 {
                let shard = Int.random(in: 0...1, using: &random)
                let key = Int64.random(in: 0..<12, using: &random)
                let isInsert = Int.random(in: 0..<6, using: &random) > 0
                operations[fed.next] = (shard, key, isInsert)
                fed.take([
                    isInsert ? Make.insert(1, key, shard: shard) : Make.delete(1, key, shard: shard)
                ])
            }
            if Bool.random(using: &random), let step = fed.window.peek() {
                for sequence in step.sequences.map(\.rawValue) {
                    guard let operation = operations[sequence] else { continue }
                    let open = operations.filter { other in
                        other.key < sequence && !ended.contains(other.key)
                            && !step.sequences.map(\.rawValue).contains(other.key)
                            && other.value.shard == operation.shard
                            && (other.value.key == operation.key
                                || other.value.isInsert != operation.isInsert)
                    }
                    #expect(open.isEmpty, "seed \(seed), entry \(sequence)")
                }
                fed.window.start(step.id)
                started.append(step)
                most = max(most, started.count { $0.action.kind == .insert })
            }
            if Int.random(in: 0..<3, using: &random) == 0, !started.isEmpty {
                let step = started.remove(at: Int.random(in: 0..<started.count, using: &random))
                fed.window.finish(step.id)
                ended.formUnion(step.sequences.map(\.rawValue))
            }
        }
        #expect(ended.count == 300, "seed \(seed)")
        #expect(fed.window.steps.isEmpty && fed.window.byteCount == 0, "seed \(seed)")
        #expect(most <= 2 * atOnce, "seed \(seed)")
    }
}
