import Catalog
import Testing

struct OperationTests {
    private func operation(_ id: String) throws -> LongOperation {
        LongOperation(id: try TaskID(id), kind: "restore", request: #"{"to":"latest"}"#)
    }

    @Test func `an operation goes on until it ends, and then stays as it is`() async throws {
        try await withCatalog { catalog, clock, _ in
            try await catalog.create(operation("r"))
            clock.time = 2_000
            let id = try TaskID("r")
            let further = try await catalog.updateOperation(id, progress: #"{"rows":1}"#)
            #expect(further.state == .running)
            #expect(further.progress == #"{"rows":1}"#)
            #expect(further.finishedAt == nil)
            clock.time = 3_000
            let cancelled = try await catalog.updateOperation(id, state: .cancelled)
            #expect(cancelled.state == .cancelled)
            #expect(cancelled.finishedAt == 3_000)
            #expect(cancelled.progress == #"{"rows":1}"#)
            let late = try await catalog.updateOperation(id, state: .done, progress: "{}")
            #expect(late == cancelled)
            #expect(try await catalog.operation(id) == cancelled)
        }
    }

    @Test func `an id is given once`() async throws {
        try await withCatalog { catalog, _, _ in
            try await catalog.create(operation("r"))
            await #expect {
                try await catalog.create(operation("r"))
            } throws: { error in
                isCatalogError(error, .exists)
            }
        }
    }

    @Test func `those that ended long ago go first, those that run never`() async throws {
        try await withCatalog { catalog, clock, _ in
            try await catalog.create(operation("runs"))
            for number in 0...Catalog.finishedOperationsMax {
                clock.time += 1
                let id = "r\(number)"
                try await catalog.create(operation(id))
                try await catalog.updateOperation(TaskID(id), state: .done)
            }
            try await catalog.create(operation("last"))
            let left = try await catalog.operations().map(\.id.rawValue)
            #expect(left.count == Catalog.finishedOperationsMax + 2)
            #expect(left.first == "runs")
            #expect(!left.contains("r0"))
            #expect(left.contains("r1"))
        }
    }
}
