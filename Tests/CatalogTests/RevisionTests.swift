import Catalog
import Operations
import Testing

struct RevisionTests {
    private func task() throws -> ReplicationTask {
        ReplicationTask(id: try TaskID("t"), source: "s", target: "u")
    }

    @Test func `each change that changes something counts, and no other`() async throws {
        try await withCatalog { catalog, _, _ in
            let id = try TaskID("t")
            let first = try await catalog.create(task())
            #expect(first.revision == 1)
            let paused = try await catalog.update(id) { $0.wantedState = .paused }
            #expect(paused.revision == 2)
            let again = try await catalog.update(id) { $0.wantedState = .paused }
            #expect(again == paused)
        }
    }

    @Test func `a change that is meant for another state is refused and changes nothing`()
        async throws
    {
        try await withCatalog { catalog, clock, _ in
            let id = try TaskID("t")
            let first = try await catalog.create(task())
            let second = try await catalog.update(id) { $0.wantedState = .paused }
            await #expect {
                try await catalog.update(id, ifOneOf: [first.version]) {
                    $0.wantedState = .running
                }
            } throws: { error in
                isCatalogError(error, .changed)
            }
            await #expect {
                try await catalog.delete(id, ifOneOf: [])
            } throws: { error in
                isCatalogError(error, .changed)
            }
            #expect(try await catalog.task(id) == second)
            try await catalog.delete(id, ifOneOf: [first.version, second.version])
            clock.time += 1
            let namesake = try await catalog.create(task())
            #expect(namesake.version != first.version)
        }
    }

    @Test func `a task and its first checkpoint are written together or not at all`() async throws {
        try await withCatalog { catalog, _, _ in
            let id = try TaskID("t")
            let mark = TaskCheckpoint(
                sequence: SequenceNumber(rawValue: 5),
                tso: HybridTimestamp(rawValue: 50),
                reach: SequenceNumber(rawValue: 5)
            )
            let impossible = TaskCheckpoint(
                sequence: SequenceNumber(rawValue: .max),
                tso: .zero,
                reach: .zero
            )
            await #expect {
                try await catalog.create(task(), at: impossible)
            } throws: { error in
                isCatalogError(error, .refused)
            }
            #expect(try await catalog.task(id) == nil)
            try await catalog.create(task(), at: mark)
            #expect(try await catalog.checkpoint(of: id) == mark)
        }
    }
}
