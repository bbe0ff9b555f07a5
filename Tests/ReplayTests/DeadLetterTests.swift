import Operations
import Replay
import Testing

/// What a target refuses for good, under the policy that lists it and goes on.
@Suite(.timeLimit(.minutes(5)))
struct DeadLetterTests {
    private let id = CollectionID(rawValue: 1)

    private func harness(
        _ operations: [Operation],
        batchSize: Int = .max,
        refusing faults: InMemoryFaults
    ) -> ReplayHarness {
        var harness = ReplayHarness(operations, batchSize: batchSize, faults: faults)
        harness.options.onError = .deadLetter
        return harness
    }

    /// Refuses whatever carries one of some keys.
    private func refusing(_ keys: Int64..., hadNoEffect: Bool = true) -> InMemoryFaults {
        InMemoryFaults { call in
            keys.contains { call.detail.contains($0) }
                ? .failure(.rejected, hadNoEffect: hadNoEffect) : nil
        }
    }

    private func letters(_ harness: ReplayHarness) -> [UInt64] {
        harness.checkpoints.letters.map(\.id.sequence.rawValue)
    }

    /// Takes every dead letter up again, against a target that refuses nothing any more.
    private func retryAll(_ harness: ReplayHarness) async throws {
        harness.target.set(InMemoryFaults())
        harness.checkpoints.wantAll()
        try await harness.replayAll()
    }

    @Test func `an entry that is refused is listed, and its lane goes on`() async throws {
        let harness = harness(
            [
                Make.create(1, "a"), Make.insert(1, 1), Make.insert(1, 2, 22), Make.insert(1, 3),
                Make.upsert(1, 4), Make.delete(1, 3),
            ],
            refusing: refusing(2)
        )
        let status = try await harness.replayAll()
        #expect(harness.keys("a") == [1, 4])
        #expect(status.parked.isEmpty)
        #expect(status.checkpoint == harness.journal.head())
        let letter = try #require(harness.checkpoints.letters.first)
        #expect(harness.checkpoints.letters.count == 1)
        #expect(
            letter.id == DeadLetter.ID(sequence: SequenceNumber(rawValue: 3), lane: Make.lane("a"))
        )
        #expect(letter.kind == .insert)
        #expect(letter.rowCount == 2)
        #expect(letter.reason.contains("failed"))
    }

    @Test(arguments: [true, false])
    func `a large request that is refused for one entry takes no neighbour along`(
        hadNoEffect: Bool
    ) async throws {
        let inserts = (1...64).map { Make.insert(1, Int64($0)) }
        let harness = harness(
            [Make.create(1, "a")] + inserts,
            refusing: refusing(17, 40, hadNoEffect: hadNoEffect)
        )
        try await harness.replayAll()
        #expect(harness.keys("a") == (1...64).filter { $0 != 17 && $0 != 40 })
        #expect(letters(harness) == [18, 41])
        // Halving finds an entry among 64 in a few calls, not in 64.
        #expect(harness.target.callCount < 40)
        // Where nothing was applied, nothing is in doubt.
        #expect(harness.target.calls.contains(where: \.isInDoubt) != hadNoEffect)
    }

    @Test func `under the policy that parks, the lane stops at the entry and not before it`()
        async throws
    {
        let inserts = (1...64).map { Make.insert(1, Int64($0)) }
        var harness = harness([Make.create(1, "a")] + inserts, refusing: refusing(17))
        harness.options.onError = .park
        let status = try await harness.replayAll()
        #expect(harness.keys("a") == Array(1...16))
        #expect(status.parked.first?.sequence.rawValue == 18)
        #expect(status.parked.first?.needs?.contains("resume") == true)
        #expect(letters(harness).isEmpty)
        harness.target.set(InMemoryFaults())
        let replayer = harness.replayer(end: .sequence(harness.journal.head().sequence))
        replayer.resume(Make.lane("a"))
        try await replayer.run()
        #expect(harness.keys("a") == Array(1...64))
    }

    @Test func `what the collection itself lacks parks the lane all the same`() async throws {
        for code in [TargetFailure.Code.conflict, .absent, .forbidden] {
            let harness = harness(
                [Make.create(1, "a"), Make.create(2, "b"), Make.insert(1, 1), Make.insert(2, 1)],
                refusing: InMemoryFaults {
                    $0.kind == .insert && $0.subject.hasPrefix("default.a") ? .failure(code) : nil
                }
            )
            let status = try await harness.replayAll()
            #expect(status.parked.map(\.lane) == [Make.lane("a")])
            #expect(status.parked.first?.needs != nil)
            #expect(letters(harness).isEmpty)
            #expect(harness.keys("b") == [1])
        }
    }

    @Test func `what was refused before a lane is parked is neither passed nor lost`() async throws
    {
        let inserts = (1...32).map { Make.insert(1, Int64($0)) }
        let harness = harness(
            [Make.create(1, "a")] + inserts,
            refusing: InMemoryFaults { call in
                guard call.kind == .insert else { return nil }
                if call.detail.count > 1 { return .failure(.rejected, hadNoEffect: true) }
                switch call.detail.first {
                case 5: return .failure(.rejected, hadNoEffect: true)
                case 20: return .failure(.absent, hadNoEffect: true)
                default: return nil
                }
            }
        )
        let status = try await harness.replayAll()
        #expect(status.parked.first?.sequence.rawValue == 6)
        #expect(letters(harness).isEmpty)
        harness.target.set(refusing(5))
        let replayer = harness.replayer(end: .sequence(harness.journal.head().sequence))
        replayer.resume(Make.lane("a"))
        try await replayer.run()
        #expect(letters(harness) == [6])
        #expect(harness.keys("a") == (1...32).filter { $0 != 5 })
    }

    @Test func `what others build on parks the lane all the same`() async throws {
        for kind in [
            OperationKind.createCollection, .createPartition, .dropPartition, .renameCollection,
        ] {
            let partition = PartitionDefinition(id: PartitionID(rawValue: 7), name: "p")
            let harness = harness(
                [
                    Make.create(1, "a"), .createPartition(id, partition),
                    .dropPartition(id, partition.id),
                    .renameCollection(id, database: .default, name: "b"), Make.insert(1, 1),
                ],
                refusing: InMemoryFaults { $0.kind == kind ? .failure(.rejected) : nil }
            )
            let status = try await harness.replayAll()
            #expect(status.parked.contains { $0.lane == Make.lane("a") }, "\(kind)")
            #expect(letters(harness).isEmpty, "\(kind)")
        }
    }

    @Test func `a definition that is refused is listed, retried and then there`() async throws {
        let harness = harness(
            [Make.create(1, "a"), .createIndex(Make.index(1, 1)), Make.insert(1, 1)],
            refusing: InMemoryFaults { $0.kind == .createIndex ? .failure(.rejected) : nil }
        )
        try await harness.replayAll()
        #expect(harness.keys("a") == [1])
        #expect(letters(harness) == [2])
        try await retryAll(harness)
        #expect(letters(harness).isEmpty)
        #expect(harness.target.contents.collections[Make.name("a")]?.indexes.count == 1)
    }

    @Test func `an index that was dropped since is not brought back`() async throws {
        let harness = harness(
            [
                Make.create(1, "a"), .createIndex(Make.index(1, 1)),
                .dropIndex(id, IndexID(rawValue: 1)),
            ],
            batchSize: 1,
            refusing: InMemoryFaults { $0.kind == .createIndex ? .failure(.rejected) : nil }
        )
        try await harness.replayAll()
        try await retryAll(harness)
        #expect(letters(harness).isEmpty)
        #expect(harness.target.contents.collections[Make.name("a")]?.indexes.isEmpty == true)
    }

    @Test func `a retry applies what nothing later has touched`() async throws {
        let harness = harness(
            [Make.create(1, "a"), Make.insert(1, 1, 2, 3), Make.insert(1, 9)],
            refusing: refusing(2)
        )
        try await harness.replayAll()
        #expect(harness.keys("a") == [9])
        try await retryAll(harness)
        #expect(harness.keys("a") == [1, 2, 3, 9])
        #expect(letters(harness).isEmpty)
        try await harness.replayAll()
        #expect(harness.keys("a") == [1, 2, 3, 9])
    }

    @Test func `a retried row never overwrites a newer one, nor brings a deleted one back`()
        async throws
    {
        let harness = harness(
            [
                Make.create(1, "a"), Make.insert(1, 1, 2, 3, 4), Make.upsert(1, 1, value: 10),
                Make.insert(1, 2), Make.delete(1, 3),
            ],
            batchSize: 1,
            refusing: InMemoryFaults {
                $0.detail == [1, 2, 3, 4] ? .failure(.rejected, hadNoEffect: true) : nil
            }
        )
        try await harness.replayAll()
        try await retryAll(harness)
        #expect(
            harness.target.contents.collections[Make.name("a")]?.rows
                == [InMemoryRow(1, 10), InMemoryRow(2, 2), InMemoryRow(4, 4)]
        )
        #expect(letters(harness).isEmpty)
    }

    @Test func `an upsert is retried for the keys that are still its own`() async throws {
        let harness = harness(
            [
                Make.create(1, "a"), Make.insert(1, 1, 2), Make.upsert(1, 1, 2, value: 5),
                Make.upsert(1, 2, value: 6),
            ],
            batchSize: 1,
            refusing: InMemoryFaults {
                $0.kind == .upsert && $0.detail == [1, 2] ? .failure(.rejected) : nil
            }
        )
        try await harness.replayAll()
        try await retryAll(harness)
        #expect(
            harness.target.contents.collections[Make.name("a")]?.rows
                == [InMemoryRow(1, 5), InMemoryRow(2, 6)]
        )
    }

    @Test func `a delete that is retried leaves what was inserted since`() async throws {
        let harness = harness(
            [
                Make.create(1, "a"), Make.insert(1, 1, 2), Make.delete(1, 1, 2),
                Make.upsert(1, 2, value: 6),
            ],
            batchSize: 1,
            refusing: InMemoryFaults { $0.kind == .delete ? .failure(.rejected) : nil }
        )
        try await harness.replayAll()
        try await retryAll(harness)
        #expect(
            harness.target.contents.collections[Make.name("a")]?.rows == [InMemoryRow(2, 6)]
        )
    }

    @Test func `rows follow their collection to its new name`() async throws {
        let harness = harness(
            [
                Make.create(1, "a"), Make.insert(1, 1),
                .renameCollection(id, database: .default, name: "b"), Make.create(2, "a"),
            ],
            refusing: refusing(1)
        )
        try await harness.replayAll()
        try await retryAll(harness)
        #expect(harness.keys("b") == [1])
        #expect(harness.keys("a") == [])
    }

    @Test func `rows of a collection that was dropped since are done with`() async throws {
        let harness = harness(
            [
                Make.create(1, "a"), Make.insert(1, 1), .dropCollection(id), Make.create(2, "a"),
                Make.insert(2, 5),
            ],
            refusing: refusing(1)
        )
        try await harness.replayAll()
        #expect(letters(harness) == [2])
        try await retryAll(harness)
        #expect(letters(harness).isEmpty)
        #expect(harness.keys("a") == [5])
    }

    @Test func `what is refused again stays listed, with what the target says now`() async throws {
        let harness = harness(
            [Make.create(1, "a"), Make.insert(1, 1)],
            refusing: refusing(1)
        )
        try await harness.replayAll()
        harness.checkpoints.wantAll()
        try await harness.replayAll()
        #expect(letters(harness) == [2])
        #expect(harness.checkpoints.letters.first?.reason.contains("in doubt") == true)
        let wanted = try await harness.checkpoints.wantedLetters()
        #expect(wanted.isEmpty)
    }

    @Test func `a retry that is asked for while the task runs is made between its calls`()
        async throws
    {
        let harness = harness(
            [Make.create(1, "a"), Make.insert(1, 1), Make.insert(1, 2)],
            refusing: refusing(1)
        )
        try await harness.following { replayer in
            try await until(replayer) { _ in letters(harness) == [2] }
            harness.target.set(InMemoryFaults())
            harness.checkpoints.wantAll()
            replayer.retryDeadLetters()
            try await until(replayer) { _ in letters(harness).isEmpty }
            #expect(harness.keys("a") == [1, 2])
            harness.journal.append([Make.insert(1, 3)])
            try await until(replayer) { _ in harness.keys("a") == [1, 2, 3] }
        }
    }

    @Test func `a dead letter of a parked lane waits for the lane`() async throws {
        let harness = harness(
            [Make.create(1, "a"), Make.insert(1, 1), .flush(FlushDefinition(collections: [id]))],
            refusing: InMemoryFaults { call in
                switch call.kind {
                case .insert: .failure(.rejected)
                case .flush: .failure(.conflict)
                default: nil
                }
            }
        )
        try await harness.replayAll()
        #expect(harness.checkpoints.saved?.parked.map(\.lane) == [Make.lane("a")])
        try await retryAll(harness)
        #expect(letters(harness) == [2])
        let replayer = harness.replayer(end: .sequence(harness.journal.head().sequence))
        replayer.resume(Make.lane("a"))
        try await replayer.run()
        #expect(letters(harness).isEmpty)
        #expect(harness.keys("a") == [1])
    }

    @Test func `the list is bounded, and what comes then parks its lane`() async throws {
        let harness = harness(
            [Make.create(1, "a"), Make.insert(1, 1)],
            refusing: refusing(1)
        )
        var changes = DeadLetterChanges()
        changes.added = (1...DeadLetter.countMax).map { number in
            DeadLetter(
                id: DeadLetter.ID(
                    sequence: SequenceNumber(rawValue: UInt64(number)),
                    lane: Make.lane("z")
                ),
                kind: .insert,
                rowCount: 1,
                reason: "no"
            )
        }
        try await harness.checkpoints.save(Checkpoint(), changes)
        let status = try await harness.replayAll()
        #expect(status.parked.map(\.lane) == [Make.lane("a")])
        #expect(harness.checkpoints.letters.count == DeadLetter.countMax)
    }

    @Test(arguments: [false, true])
    func `no checkpoint passes a refused entry that is not listed`(isAfter: Bool) async throws {
        let inserts = (1...40).map { Make.insert(1, Int64($0)) }
        var save = 1
        while true {
            let harness = harness(
                [Make.create(1, "a")] + inserts,
                batchSize: 4,
                refusing: refusing(11, 29)
            )
            let store = FailingCheckpoints(harness.checkpoints, failingAt: save, isAfter: isAfter)
            var options = harness.options
            options.reachStep = 5
            options.saveInterval = .zero
            let replayer = Replayer(
                source: harness.journal,
                target: harness.target,
                store: store,
                projection: .everything,
                end: .sequence(harness.journal.head().sequence),
                options: options,
                clock: InstantClock().replayClock,
                logger: ReplayHarness.logger
            )
            do {
                try await replayer.run()
                break
            } catch is FailingCheckpoints.Failure {
                let passed = harness.checkpoints.saved?.sequence.rawValue ?? 0
                for refused in [12, 30] as [UInt64] where refused <= passed {
                    #expect(letters(harness).contains(refused), "save \(save)")
                }
                try await harness.replayAll()
                #expect(letters(harness) == [12, 30], "save \(save)")
                #expect(harness.keys("a") == (1...40).filter { $0 != 11 && $0 != 29 })
            }
            save += 1
        }
        #expect(save > 3)
    }

    @Test(arguments: 0..<10 as Range<UInt64>)
    func `refusals at random, then retried, leave the keys that the source holds`(
        round: UInt64
    ) async throws {
        let seed = SeededRandom.runSeed &+ round &* 23
        let history = RandomHistory(seed: seed, count: 250)
        var harness = ReplayHarness(history.operations, batchSize: 9, pieceEntriesMax: 4)
        harness.options.onError = .deadLetter
        harness.options.requestsMax = 3
        // Inserts alone: a delete that comes late cannot undo what came after it. And none into a partition
        // that may be dropped, of which the model keeps the rows.
        harness.target.set(
            InMemoryFaults { call in
                call.kind == .insert && (call.detail.first ?? 0) % 5 == Int64(round % 5)
                    && !call.subject.hasSuffix("/p") ? .failure(.rejected, hadNoEffect: true) : nil
            }
        )
        let status = try await harness.replayAll()
        #expect(status.parked.isEmpty, "seed \(seed)")
        try await retryAll(harness)
        #expect(letters(harness).isEmpty, "seed \(seed)")
        #expect(harness.target.contents == history.contents, "seed \(seed)")
    }
}
