import Operations
import Replay
import Testing

struct ReplayWindowTests {
    private let partition = PartitionID(rawValue: 2)

    private var twoPartitions: [Operation] {
        [
            Make.create(1, "a"),
            .createPartition(
                CollectionID(rawValue: 1),
                PartitionDefinition(id: partition, name: "p")
            ),
        ]
    }

    @Test func `adjacent inserts of a lane share a request`() {
        var fed = FedWindow([
            Make.create(1, "a"), Make.insert(1, 1), Make.insert(1, 2), Make.insert(1, 3),
        ])
        #expect(fed.generations() == [[[1]], [[2, 3, 4]]])
    }

    @Test func `a request takes no more rows than the target's`() {
        var fed = FedWindow(
            [Make.create(1, "a"), Make.insert(1, 1, 2), Make.insert(1, 3), Make.insert(1, 4, 5)],
            rowsMax: 3
        )
        #expect(fed.generations() == [[[1]], [[2, 3]], [[4]]])
    }

    @Test func `a request takes no more bytes than the target's, a single entry apart`() {
        var fed = FedWindow(
            [Make.create(1, "a"), Make.insert(1, 1), Make.insert(1, 2), Make.insert(1, 3)],
            bytesMax: 100
        )
        #expect(fed.generations() == [[[1]], [[2]], [[3]], [[4]]])
    }

    @Test func `a delete between inserts keeps its place`() {
        var fed = FedWindow([
            Make.create(1, "a"), Make.insert(1, 1), Make.delete(1, 1), Make.delete(1, 2),
            Make.insert(1, 1),
        ])
        #expect(fed.generations() == [[[1]], [[2]], [[3, 4]], [[5]]])
    }

    @Test func `shards of a collection do not wait for each other`() {
        var fed = FedWindow([
            Make.create(1, "a"), Make.insert(1, 1, shard: 0), Make.delete(1, 9, shard: 1),
            Make.delete(1, 1, shard: 0), Make.insert(1, 9, shard: 1),
        ])
        #expect(fed.generations() == [[[1]], [[2], [3]], [[4], [5]]])
    }

    @Test func `inserts join an earlier request of their partition`() {
        var fed = FedWindow(
            twoPartitions + [
                Make.insert(1, 1), Make.insert(1, 2, partition: partition), Make.insert(1, 3),
                Make.insert(1, 4, partition: partition),
            ]
        )
        #expect(fed.generations() == [[[1]], [[2]], [[3, 5]], [[4, 6]]])
    }

    @Test func `upserts of different timestamps share a request only where the target allows it`() {
        let operations = [Make.create(1, "a"), Make.upsert(1, 1), Make.upsert(1, 1, value: 2)]
        var apart = FedWindow(operations)
        #expect(apart.generations() == [[[1]], [[2]], [[3]]])
        var together = FedWindow(operations, joinsUpserts: true)
        #expect(together.generations() == [[[1]], [[2, 3]]])
    }

    @Test func `inserts in doubt keep their order and stay apart from plain ones`() {
        var fed = FedWindow(
            twoPartitions + [
                Make.insert(1, 1), Make.insert(1, 2), Make.insert(1, 1, partition: partition),
                Make.insert(1, 3), Make.insert(1, 4),
            ],
            doubtReach: 6
        )
        let generations = fed.generations()
        #expect(generations == [[[1]], [[2]], [[3, 4]], [[5]], [[6]], [[7]]])
    }

    @Test func `what has started takes no further rows`() {
        var fed = FedWindow([Make.create(1, "a")])
        for step in fed.start() { fed.window.finish(step.id) }
        fed.take([Make.insert(1, 1)])
        let started = fed.start()
        fed.take([Make.insert(1, 2), Make.insert(1, 3)])
        #expect(fed.start().isEmpty)
        for step in started { fed.window.finish(step.id) }
        #expect(fed.generations() == [[[3, 4]]])
    }

    @Test func `a definition waits for all rows of its collection and holds back those behind it`()
    {
        var fed = FedWindow([
            Make.create(1, "a"), Make.create(2, "b"), Make.insert(1, 1, shard: 0),
            Make.insert(1, 2, shard: 1), .createIndex(Make.index(1, 1)),
            Make.insert(1, 3, shard: 0), Make.insert(2, 1),
        ])
        #expect(fed.generations() == [[[1], [2]], [[3], [4], [7]], [[5]], [[6]]])
    }

    @Test func `a dropped and re-created name keeps its order though the ids differ`() {
        var fed = FedWindow([
            Make.create(1, "a"), Make.insert(1, 1), .dropCollection(CollectionID(rawValue: 1)),
            Make.create(2, "a"), Make.insert(2, 1),
        ])
        #expect(fed.generations() == [[[1]], [[2]], [[3]], [[4]], [[5]]])
    }

    @Test func `a rename is a barrier for both names`() {
        var fed = FedWindow([
            Make.create(1, "a"), Make.insert(1, 1),
            .renameCollection(CollectionID(rawValue: 1), database: .default, name: "b"),
            Make.create(2, "a"), Make.insert(1, 2), Make.create(3, "c"),
        ])
        #expect(fed.generations() == [[[1], [6]], [[2]], [[3]], [[4], [5]]])
    }

    @Test func `a database's definition is a barrier for its collections alone`() {
        let database = DatabaseDefinition(id: DatabaseID(rawValue: 5), name: "d")
        var fed = FedWindow([
            Make.create(9, "x"), .createDatabase(database),
            .createCollection(Make.definition(1, "a", database: database.id)), Make.insert(1, 1),
            .dropCollection(CollectionID(rawValue: 1)), .dropDatabase(database.id),
            Make.insert(9, 1),
        ])
        #expect(fed.generations() == [[[1], [2]], [[7], [3]], [[4]], [[5]], [[6]]])
    }

    @Test func `the line moves with what is acknowledged, not with what is sent`() {
        var fed = FedWindow([Make.create(1, "a"), Make.create(2, "b"), Make.insert(1, 1)])
        let started = fed.start()
        #expect(fed.window.line.through.sequence == .zero)
        #expect(fed.window.reach.rawValue == 2)
        fed.window.finish(started[1].id)
        #expect(fed.window.line.through.sequence == .zero)
        fed.window.finish(started[0].id)
        #expect(fed.window.line.through.sequence.rawValue == 2)
    }

    @Test func `what a saved lane has already is passed over`() {
        let ahead = LaneProgress(lane: Make.lane("a"), sequence: SequenceNumber(rawValue: 3))
        var fed = FedWindow(
            [
                Make.create(1, "a"), Make.insert(1, 1), .dropCollection(CollectionID(rawValue: 1)),
                Make.create(2, "a"), Make.create(3, "b"),
            ],
            ahead: [ahead]
        )
        #expect(fed.generations() == [[[4], [5]]])
        #expect(fed.window.line.through.sequence.rawValue == 5)
    }

    @Test func `a refused step parks its lane and nothing else`() {
        var fed = FedWindow([
            Make.create(1, "a"), Make.create(2, "b"), Make.insert(1, 1), Make.insert(2, 1),
            Make.insert(1, 2, shard: 1),
        ])
        for step in fed.start() { fed.window.finish(step.id) }
        let steps = fed.start().sorted { $0.id < $1.id }
        #expect(Set(steps.map(\.first.rawValue)) == [3, 4, 5])
        fed.window.park(steps[0].id, because: "no")
        fed.window.finish(steps[1].id)
        fed.window.finish(steps[2].id)
        fed.take([Make.insert(1, 3), Make.insert(2, 2)])
        #expect(fed.generations() == [[[7]]])
        #expect(fed.window.line.through.sequence.rawValue == 7)
        let parked = fed.window.parked[Make.lane("a")]
        #expect(parked?.sequence.rawValue == 3)
        #expect(parked?.reach.rawValue == 5)
        #expect(parked?.reason == "no")
    }

    @Test func `a lane is parked before what had not started`() {
        var fed = FedWindow([
            Make.create(1, "a"), Make.insert(1, 1, shard: 0), Make.insert(1, 2, shard: 1),
        ])
        for step in fed.start() { fed.window.finish(step.id) }
        guard let first = fed.window.peek() else { return }
        fed.window.start(first.id)
        guard let second = fed.window.peek() else { return }
        fed.take([Make.delete(1, 1, shard: 0)])
        fed.window.start(second.id)
        fed.window.finish(first.id)
        fed.window.park(second.id, because: "no")
        #expect(fed.window.parked[Make.lane("a")]?.sequence.rawValue == 3)
        #expect(fed.window.steps.isEmpty)
        #expect(fed.window.line.through.sequence.rawValue == 4)
    }

    @Test func `a rename of a parked collection parks the new name behind it`() {
        var fed = FedWindow([
            Make.create(1, "a"), Make.create(2, "b"), Make.insert(1, 1), Make.insert(2, 1),
            .dropCollection(CollectionID(rawValue: 2)),
            .renameCollection(CollectionID(rawValue: 1), database: .default, name: "b"),
            Make.insert(1, 2),
        ])
        for step in fed.start() { fed.window.finish(step.id) }
        let steps = fed.start()
        fed.window.park(steps[0].id, because: "no")
        fed.window.finish(steps[1].id)
        #expect(fed.generations() == [[[5]]])
        #expect(fed.window.parked[Make.lane("a")]?.sequence.rawValue == 3)
        #expect(fed.window.parked[Make.lane("b")]?.sequence.rawValue == 6)
    }

    @Test func `a parked collection stops what its whole database is to do`() {
        let database = DatabaseDefinition(id: DatabaseID(rawValue: 5), name: "d")
        var fed = FedWindow([
            .createDatabase(database),
            .createCollection(Make.definition(1, "a", database: database.id)), Make.insert(1, 1),
        ])
        _ = fed.start().map { fed.window.finish($0.id) }
        _ = fed.start().map { fed.window.finish($0.id) }
        for step in fed.start() { fed.window.park(step.id, because: "no") }
        fed.take([.dropCollection(CollectionID(rawValue: 1)), .dropDatabase(database.id)])
        #expect(fed.generations().isEmpty)
        #expect(fed.window.parked[.database("d")]?.sequence.rawValue == 5)
    }

    @Test func `many random operations all end, each lane in order`() {
        var random = SeededRandom(seed: SeededRandom.runSeed)
        for round in 0..<20 {
            var fed = FedWindow(rowsMax: 5)
            for id in 1...3 as ClosedRange<Int64> { fed.take([Make.create(id, "c\(id)")]) }
            var started: [Step] = []
            var lastEnded: [String: SequenceNumber] = [:]
            var total = 3
            while total < 400 || !started.isEmpty {
                if total < 400 {
                    let id = Int64.random(in: 1...3, using: &random)
                    let shard = Int.random(in: 0...1, using: &random)
                    switch Int.random(in: 0..<10, using: &random) {
                    case 0: fed.take([.createIndex(Make.index(id, 1))])
                    case 1...3: fed.take([Make.delete(id, 1, shard: shard)])
                    default: fed.take([Make.insert(id, 1, shard: shard)])
                    }
                    total += 1
                }
                if Bool.random(using: &random), let step = fed.window.peek() {
                    fed.window.start(step.id)
                    started.append(step)
                }
                if Bool.random(using: &random), !started.isEmpty {
                    let step = started.remove(
                        at: Int.random(in: 0..<started.count, using: &random)
                    )
                    let lane = step.lanes[0].description
                    #expect(step.sequences == step.sequences.sorted())
                    if step.action.kind == .createIndex {
                        #expect(
                            (lastEnded[lane] ?? .zero) < step.first,
                            "seed \(SeededRandom.runSeed) round \(round)"
                        )
                        lastEnded[lane] = step.first
                    }
                    fed.window.finish(step.id)
                }
            }
            while !fed.generations().isEmpty {}
            #expect(fed.window.line.through.sequence.rawValue == 400)
            #expect(fed.window.byteCount == 0)
        }
    }
}
