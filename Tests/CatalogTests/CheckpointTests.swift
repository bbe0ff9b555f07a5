import Catalog
import Operations
import Testing

struct CheckpointTests {
    private func checkpoint(_ sequence: UInt64, parked: [String] = []) -> TaskCheckpoint {
        TaskCheckpoint(
            sequence: SequenceNumber(rawValue: sequence),
            tso: HybridTimestamp(rawValue: 450_000_000_000_000_000 + sequence),
            reach: SequenceNumber(rawValue: sequence + 10),
            parked: parked.map {
                TaskCheckpoint.ParkedLane(
                    lane: $0,
                    sequence: SequenceNumber(rawValue: 3),
                    reach: SequenceNumber(rawValue: 4),
                    reason: "no",
                    needs: "Say yes."
                )
            },
            detail: #"{"gaps":[]}"#
        )
    }

    private func withTask(
        _ body: (Catalog, TaskID) async throws -> Void
    ) async throws {
        try await withCatalog { catalog, _, _ in
            let id = try TaskID("t")
            try await catalog.create(ReplicationTask(id: id, source: "main", target: "u"))
            try await body(catalog, id)
        }
    }

    @Test func `a checkpoint is read as it was saved, the last one`() async throws {
        try await withTask { catalog, id in
            #expect(try await catalog.checkpoint(of: id) == nil)
            try await catalog.save(checkpoint(7, parked: ["a.b", "c.*"]), of: id)
            #expect(
                try await catalog.checkpoint(of: id) == checkpoint(7, parked: ["a.b", "c.*"])
            )
            try await catalog.save(checkpoint(8, parked: ["a.b"]), of: id)
            #expect(try await catalog.checkpoint(of: id) == checkpoint(8, parked: ["a.b"]))
        }
    }

    @Test func `a checkpoint goes with its task`() async throws {
        try await withTask { catalog, id in
            try await catalog.save(checkpoint(7, parked: ["a.b"]), of: id)
            try await catalog.delete(id)
            #expect(try await catalog.checkpoint(of: id) == nil)
            try await catalog.create(ReplicationTask(id: id, source: "main", target: "u"))
            #expect(try await catalog.checkpoint(of: id) == nil)
        }
    }

    @Test func `a checkpoint without a task is not kept`() async throws {
        try await withCatalog { catalog, _, _ in
            await #expect {
                try await catalog.save(checkpoint(1), of: TaskID("t"))
            } throws: { error in
                isCatalogError(error, .notFound)
            }
        }
    }

    @Test func `what the schema refuses leaves the last checkpoint in place`() async throws {
        try await withTask { catalog, id in
            try await catalog.save(checkpoint(7, parked: ["a.b"]), of: id)
            for bad in [
                checkpoint(8, parked: ["nodot"]), checkpoint(8, parked: ["a.b", "a.b"]),
                TaskCheckpoint(sequence: .zero, tso: .zero, reach: .zero, detail: "[]"),
                TaskCheckpoint(sequence: .zero, tso: .max, reach: .zero),
            ] {
                await #expect {
                    try await catalog.save(bad, of: id)
                } throws: { error in
                    isCatalogError(error, .refused)
                }
            }
            #expect(try await catalog.checkpoint(of: id) == checkpoint(7, parked: ["a.b"]))
        }
    }

    @Test func `the lowest checkpoint of a source counts what is parked`() async throws {
        try await withTask { catalog, id in
            #expect(try await catalog.lowestCheckpoint(ofSource: "main") == nil)
            try await catalog.save(checkpoint(7), of: id)
            #expect(try await catalog.lowestCheckpoint(ofSource: "main")?.rawValue == 7)
            try await catalog.save(checkpoint(9, parked: ["a.b"]), of: id)
            #expect(try await catalog.lowestCheckpoint(ofSource: "main")?.rawValue == 2)
            #expect(try await catalog.lowestCheckpoint(ofSource: "other") == nil)
        }
    }

    @Test func `what was saved is there for another process`() async throws {
        try await withCatalog { catalog, _, path in
            let id = try TaskID("t")
            try await catalog.create(ReplicationTask(id: id, source: "s", target: "u"))
            let other = try Catalog.open(at: path)
            for sequence in 1...20 as ClosedRange<UInt64> {
                try await catalog.save(checkpoint(sequence), of: id)
                #expect(try await other.checkpoint(of: id) == checkpoint(sequence))
            }
            try other.close()
        }
    }
}
