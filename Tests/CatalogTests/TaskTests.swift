import Catalog
import Testing

struct TaskTests {
    private func task(_ id: String, source: String = "main") throws -> ReplicationTask {
        ReplicationTask(
            id: try TaskID(id),
            source: source,
            target: "http://127.0.0.1:19531",
            targetOptions: ["token": "env:DR_TOKEN"],
            include: ["a.*"],
            exclude: ["a.tmp"],
            rename: ["a.b=c.d"],
            leftOut: ["flush"],
            start: "tso:12",
            onError: .deadLetter,
            wantedState: .paused
        )
    }

    @Test func `a task is read as it was written`() async throws {
        try await withCatalog { catalog, clock, _ in
            clock.time = 77
            let created = try await catalog.create(task("t-1"))
            #expect(created.createdAt == 77)
            #expect(try await catalog.task(TaskID("t-1")) == created)
            #expect(try await catalog.tasks() == [created])
        }
    }

    @Test func `an id is given once`() async throws {
        try await withCatalog { catalog, _, _ in
            try await catalog.create(task("t"))
            await #expect {
                try await catalog.create(task("t"))
            } throws: { error in
                isCatalogError(error, .exists)
            }
        }
    }

    @Test func `tasks are listed in the order they were created`() async throws {
        try await withCatalog { catalog, clock, _ in
            for (time, id) in [(10, "b"), (20, "a"), (20, "c")] as [(Int64, String)] {
                clock.time = time
                try await catalog.create(task(id))
            }
            #expect(try await catalog.tasks().map(\.id.rawValue) == ["b", "a", "c"])
        }
    }

    @Test func `a change is one step and moves the time`() async throws {
        try await withCatalog { catalog, clock, _ in
            try await catalog.create(task("t"))
            clock.time = 5_000
            let changed = try await catalog.update(TaskID("t")) { $0.wantedState = .running }
            #expect(changed.wantedState == .running)
            #expect(changed.updatedAt == 5_000)
            #expect(changed.createdAt == 1_000)
            #expect(try await catalog.task(TaskID("t")) == changed)
        }
    }

    @Test func `a change that throws changes nothing`() async throws {
        struct Refusal: Error {}
        try await withCatalog { catalog, _, _ in
            let created = try await catalog.create(task("t"))
            await #expect(throws: Refusal.self) {
                try await catalog.update(TaskID("t")) {
                    $0.target = "elsewhere"
                    throw Refusal()
                }
            }
            #expect(try await catalog.task(TaskID("t")) == created)
        }
    }

    @Test func `a clock that was set back does not bring a change before its creation`()
        async throws
    {
        try await withCatalog { catalog, clock, _ in
            try await catalog.create(task("t"))
            clock.time = 10
            let changed = try await catalog.update(TaskID("t")) { $0.include = [] }
            #expect(changed.updatedAt == 1_000)
        }
    }

    @Test func `what is not there is not found`() async throws {
        try await withCatalog { catalog, _, _ in
            let id = try TaskID("t")
            let found = try await catalog.task(id)
            #expect(found == nil)
            await #expect {
                try await catalog.delete(id)
            } throws: { error in
                isCatalogError(error, .notFound)
            }
            await #expect {
                try await catalog.update(id) { $0.include = [] }
            } throws: { error in
                isCatalogError(error, .notFound)
            }
        }
    }

    @Test(arguments: ["yesterday", "tso:", "tso:x", "tso:1x", "point:", ""])
    func `a start that is none is refused by the schema`(start: String) async throws {
        try await withCatalog { catalog, _, _ in
            let task = ReplicationTask(
                id: try TaskID("t"),
                source: "s",
                target: "u",
                start: start
            )
            await #expect {
                try await catalog.create(task)
            } throws: { error in
                isCatalogError(error, .refused)
            }
        }
    }

    @Test(arguments: ["earliest", "latest", "tso:0", "tso:450000000000000000", "point:p"])
    func `every form of start is taken`(start: String) async throws {
        try await withCatalog { catalog, _, _ in
            try await catalog.create(
                ReplicationTask(id: TaskID("t"), source: "s", target: "u", start: start)
            )
        }
    }

    @Test(arguments: ["", "-a", ".", "a b", "a/b", "ä", String(repeating: "a", count: 129)])
    func `an id of other characters is refused`(text: String) {
        #expect {
            try TaskID(text)
        } throws: { error in
            isCatalogError(error, .refused)
        }
    }
}
