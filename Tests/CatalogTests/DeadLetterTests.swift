import Catalog
import Operations
import Testing

struct DeadLetterTests {
    private let none = TaskCheckpoint(
        sequence: SequenceNumber(rawValue: 50),
        tso: HybridTimestamp(rawValue: 50),
        reach: SequenceNumber(rawValue: 50)
    )

    private func letter(
        _ sequence: UInt64,
        _ lane: String = "a.b",
        reason: String = "no"
    ) -> TaskDeadLetter {
        TaskDeadLetter(
            id: TaskDeadLetter.ID(sequence: SequenceNumber(rawValue: sequence), lane: lane),
            kind: "insert",
            rowCount: 3,
            reason: reason
        )
    }

    private func withLetters(
        _ letters: [TaskDeadLetter],
        _ body: (Catalog, TaskID, TestClock) async throws -> Void
    ) async throws {
        try await withCatalog { catalog, clock, _ in
            let id = try TaskID("t")
            try await catalog.create(ReplicationTask(id: id, source: "main", target: "u"))
            try await catalog.save(
                none,
                of: id,
                deadLetters: TaskDeadLetterChanges(added: letters)
            )
            try await body(catalog, id, clock)
        }
    }

    @Test func `dead letters are read in the order of the journal, page by page`() async throws {
        try await withLetters([letter(9), letter(3), letter(3, "a.c"), letter(7)]) {
            catalog,
            id,
            _ in
            let all = try await catalog.deadLetters(of: id)
            #expect(all.map(\.id.sequence.rawValue) == [3, 3, 7, 9])
            #expect(all.map(\.id.lane) == ["a.b", "a.c", "a.b", "a.b"])
            #expect(all.allSatisfy { $0.attempts == 1 && !$0.isWanted && $0.rowCount == 3 })
            let page = try await catalog.deadLetters(
                of: id,
                after: SequenceNumber(rawValue: 3),
                limit: 1
            )
            #expect(page.map(\.id.sequence.rawValue) == [7])
            #expect(try await catalog.deadLetterCount(of: id) == 4)
            #expect(try await catalog.firstDeadLetter(of: id)?.rawValue == 3)
        }
    }

    @Test func `a checkpoint that cannot be saved lists nothing`() async throws {
        try await withLetters([]) { catalog, id, _ in
            let bad = TaskCheckpoint(
                sequence: SequenceNumber(rawValue: 60),
                tso: .zero,
                reach: .zero,
                detail: "[]"
            )
            await #expect(throws: CatalogError.self) {
                try await catalog.save(
                    bad,
                    of: id,
                    deadLetters: TaskDeadLetterChanges(added: [letter(55)])
                )
            }
            let count = try await catalog.deadLetterCount(of: id)
            #expect(count == 0)
        }
    }

    @Test func `a dead letter that cannot be listed keeps the checkpoint where it was`()
        async throws
    {
        try await withLetters([]) { catalog, id, _ in
            let further = TaskCheckpoint(
                sequence: SequenceNumber(rawValue: 60),
                tso: HybridTimestamp(rawValue: 60),
                reach: SequenceNumber(rawValue: 60)
            )
            await #expect(throws: CatalogError.self) {
                try await catalog.save(
                    further,
                    of: id,
                    deadLetters: TaskDeadLetterChanges(added: [letter(55, "nodot")])
                )
            }
            let saved = try await catalog.checkpoint(of: id)
            #expect(saved == none)
        }
    }

    @Test func `what is refused again is listed once, with the newest reason`() async throws {
        try await withLetters([letter(3)]) { catalog, id, clock in
            let first = try await catalog.deadLetters(of: id)
            clock.time = 9_000
            try await catalog.save(
                none,
                of: id,
                deadLetters: TaskDeadLetterChanges(added: [letter(3, reason: "never")])
            )
            let again = try await catalog.deadLetters(of: id)
            #expect(again.map(\.reason) == ["never"])
            #expect(again.map(\.createdAt) == first.map(\.createdAt))
        }
    }

    @Test func `an attempt that is asked for stands until it was made`() async throws {
        try await withLetters([letter(3), letter(7)]) { catalog, id, clock in
            #expect(try await catalog.wantDeadLetters(of: id, [SequenceNumber(rawValue: 7)]) == 1)
            #expect(try await catalog.wantDeadLetters(of: id, [SequenceNumber(rawValue: 8)]) == 0)
            #expect(
                try await catalog.wantedDeadLetters(of: id).map(\.id.sequence.rawValue) == [7]
            )
            clock.time = 9_000
            try await catalog.save(
                none,
                of: id,
                deadLetters: TaskDeadLetterChanges(refusedAgain: [letter(7, reason: "still no")])
            )
            let letters = try await catalog.deadLetters(of: id)
            #expect(letters.map(\.isWanted) == [false, false])
            #expect(letters.map(\.attempts) == [1, 2])
            #expect(letters.last?.reason == "still no")
            #expect(letters.last?.updatedAt == 9_000)
        }
    }

    @Test func `what was dropped meanwhile is not listed again`() async throws {
        try await withLetters([letter(3), letter(7)]) { catalog, id, _ in
            #expect(try await catalog.dropDeadLetters(of: id, [SequenceNumber(rawValue: 3)]) == 1)
            try await catalog.save(
                none,
                of: id,
                deadLetters: TaskDeadLetterChanges(
                    refusedAgain: [letter(3)],
                    removed: [letter(7).id]
                )
            )
            #expect(try await catalog.deadLetterCount(of: id) == 0)
        }
    }

    @Test func `all are dropped at once, and go with their task`() async throws {
        try await withLetters([letter(3), letter(7)]) { catalog, id, _ in
            #expect(try await catalog.dropDeadLetters(of: id) == 2)
            try await catalog.save(
                none,
                of: id,
                deadLetters: TaskDeadLetterChanges(added: [letter(9)])
            )
            try await catalog.delete(id)
            #expect(try await catalog.deadLetterCount(of: id) == 0)
        }
    }

    @Test func `a dead letter is needed as a checkpoint is`() async throws {
        try await withLetters([letter(30)]) { catalog, id, _ in
            #expect(try await catalog.lowestCheckpoint(ofSource: "main")?.rawValue == 29)
            try await catalog.dropDeadLetters(of: id)
            #expect(try await catalog.lowestCheckpoint(ofSource: "main")?.rawValue == 50)
        }
    }
}
