import Catalog
import Testing

struct EventTests {
    @Test func `events are listed newest first, of all or of one task`() async throws {
        try await withCatalog { catalog, clock, _ in
            let id = try TaskID("t")
            for (time, task) in [(1, id), (2, nil), (3, id)] as [(Int64, TaskID?)] {
                clock.time = time
                try await catalog.note(
                    CatalogEvent(
                        kind: "task.parked",
                        source: "main",
                        task: task,
                        message: "at \(time)"
                    )
                )
            }
            #expect(try await catalog.events().map(\.at) == [3, 2, 1])
            #expect(try await catalog.events(of: id).map(\.message) == ["at 3", "at 1"])
            let newest = try await catalog.events(limit: 1)
            #expect(newest.map(\.at) == [3])
            #expect(try await catalog.events(before: newest.first?.id).map(\.at) == [2, 1])
        }
    }

    @Test func `events of a task outlive it`() async throws {
        try await withCatalog { catalog, _, _ in
            let id = try TaskID("t")
            try await catalog.create(ReplicationTask(id: id, source: "s", target: "u"))
            try await catalog.note(CatalogEvent(kind: "task.created", task: id, message: "made"))
            try await catalog.delete(id)
            #expect(try await catalog.events(of: id).count == 1)
        }
    }
}
