import Operations
import Replay
import Testing

/// Users, roles and grants on their way to a target.
struct AccessTests {
    private static func grant(
        _ object: String,
        in database: String = "default",
        type: String = "Collection"
    ) -> Grant {
        Grant(
            role: "reader",
            objectType: type,
            database: database,
            object: object,
            privilege: "Query"
        )
    }

    private static let history: [AccessChange] = [
        .createUser(UserDefinition(name: "ann", passwordMark: 1)), .createRole("reader"),
        .grant(grant("a")), .bind(RoleBinding(user: "ann", role: "reader")),
    ]

    private static let operations = history.map(Operation.rbac)

    @Test func `the target comes to know the source's users, roles and grants`() async throws {
        let harness = ReplayHarness(Self.operations + [Make.create(1, "a"), Make.insert(1, 1)])
        let status = try await harness.replayAll()
        var expected = AccessDefinitions()
        for change in Self.history { expected.apply(change) }
        #expect(harness.target.contents.access == expected)
        #expect(harness.keys("a") == [1])
        #expect(status.notices.map(\.subject) == ["ann"], "her password is not known")
        #expect(harness.checkpoints.saved?.notices == status.notices)
    }

    @Test func `a notice goes with what it is about`() async throws {
        let harness = ReplayHarness(Self.operations)
        try await harness.replayAll()
        harness.journal.append([.rbac(.dropUser("ann"))])
        #expect(try await harness.replayAll().notices.isEmpty)
        #expect(harness.target.contents.access.bindings.isEmpty)
    }

    @Test func `a user whose creation is in doubt has a notice too`() async throws {
        let harness = ReplayHarness(
            Self.operations,
            faults: InMemoryFaults([1: .replyLost])
        )
        #expect(try await harness.replayAll().notices.map(\.subject) == ["ann"])
        #expect(harness.target.contents.access.users.count == 1)
    }

    @Test func `changes of access keep their order, and collections do not wait for them`()
        async throws
    {
        let harness = ReplayHarness(
            Self.operations + [.rbac(.dropRole("reader")), Make.create(1, "a")]
        )
        try await harness.replayAll()
        let calls = harness.target.calls.filter { $0.kind == .rbac }.map(\.subject)
        #expect(
            calls == [
                "create the user ann", "create the role reader",
                "grant Query on Collection default.a to the role reader",
                "give the user ann the role reader", "drop the role reader",
            ]
        )
        #expect(harness.target.contents.access.grants.isEmpty)
    }

    @Test func `a change that is refused parks access alone`() async throws {
        let harness = ReplayHarness(
            Self.operations + [Make.create(1, "a"), Make.insert(1, 1)],
            faults: InMemoryFaults { call in
                call.subject == "create the role reader" ? .failure(.rejected) : nil
            }
        )
        let status = try await harness.replayAll()
        #expect(status.parked.map(\.lane) == [.access])
        #expect(status.parked.map(\.lane.description) == ["@rbac"])
        #expect(harness.keys("a") == [1])
        harness.target.set(InMemoryFaults())
        let replayer = harness.replayer()
        replayer.resume(.access)
        async let run: Void = replayer.run()
        try await until(replayer) { $0.parked.isEmpty && $0.checkpoint == harness.journal.head() }
        replayer.stop()
        try await run
        #expect(harness.target.contents.access.bindings.count == 1)
    }

    @Test func `a target without users has them listed as skipped, once`() async throws {
        let harness = ReplayHarness(
            Self.operations,
            traits: TargetTraits(
                product: "memory",
                requestSizeMaxBytes: 1 << 20,
                requestRowsMax: 10_000,
                unsupported: [.rbac]
            )
        )
        let status = try await harness.replayAll()
        #expect(harness.target.calls.isEmpty)
        #expect(status.skipped.map(\.kind) == ["rbac"])
        #expect(status.skipped.map(\.count) == [4])
    }

    @Test(arguments: [
        (["b.*"], [], [], false), (["*"], [], [], true), ([], ["b.*"], [], true),
        ([], [], ["b.*=c.*"], true),
    ])
    func `access is taken with the whole source only`(
        include: [String],
        exclude: [String],
        rename: [String],
        isTaken: Bool
    ) throws {
        let projection = try Projection(
            include: include.map { try NamePattern($0) },
            exclude: exclude.map { try NamePattern($0) },
            rename: rename.map { try RenameRule($0) }
        )
        #expect(projection.takesAccess == isTaken)
        #expect((projection.target(of: .createRole("reader")) != nil) == isTaken)
        #expect(try Projection(leftOut: [.rbac]).takesAccess == false)
    }

    @Test func `grants follow the names of what they are on`() throws {
        let projection = try Projection(
            exclude: [NamePattern("secret.*"), NamePattern("shop.hidden")],
            rename: [RenameRule("default.a=eu.b"), RenameRule("shop.*=store.*")]
        )
        func target(_ grant: Grant) -> String? { projection.target(of: grant)?.right }
        #expect(target(Self.grant("a")) == "Query on Collection eu.b")
        #expect(target(Self.grant("c")) == "Query on Collection default.c")
        #expect(target(Self.grant("c", in: "shop")) == "Query on Collection store.c")
        #expect(target(Self.grant("*", in: "shop")) == "Query on Collection store.*")
        #expect(target(Self.grant("*", in: "shop", type: "Global")) == "Query on Global store.*")
        #expect(target(Self.grant("*", in: "*")) == "Query on Collection *.*")
        #expect(target(Self.grant("hidden", in: "shop")) == nil)
        #expect(target(Self.grant("*", in: "secret")) == nil)
        #expect(target(Self.grant("*", in: "secret", type: "Global")) == nil)
    }

    @Test func `the lane of access is no collection's and no database's`() {
        #expect(Lane("@rbac") == .access)
        #expect(Lane.access.database == nil)
        for other in [Make.lane("a"), .database("default")] {
            #expect(!other.covers(.access) && !Lane.access.covers(other))
        }
    }

    @Test func `rows in a gap beside the log are applied, and the task says that rows are missing`()
        async throws
    {
        let gap = Gap(
            collection: CollectionID(rawValue: 1),
            shard: nil,
            from: Make.tso(2),
            through: Make.tso(2),
            reason: "rows were imported into it",
            isBesideLog: true
        )
        let harness = ReplayHarness([
            Make.create(1, "a"), .gap(gap), Make.insert(1, 1), Make.create(2, "b"),
        ])
        var status = try await harness.replayAll()
        #expect(status.gaps.map(\.lane) == [Make.lane("a")])
        #expect(harness.keys("a") == [1])
        var other = ReplayHarness([Make.create(1, "a"), .gap(gap), Make.create(2, "b")])
        other.projection = try Projection(include: [NamePattern("b")])
        status = try await other.replayAll()
        #expect(status.gaps.isEmpty, "a task that does not take the collection is not concerned")
    }
}
