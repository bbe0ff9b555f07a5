import Operations
import Replay
import Testing

struct TranslationTests {
    private let id = CollectionID(rawValue: 1)

    private func translate(
        _ operations: [Operation],
        projection: Projection = .everything,
        unsupported: Set<OperationKind> = []
    ) -> [Translation.Result] {
        var translation = Translation(
            projection: projection,
            unsupported: unsupported,
            definitions: Definitions()
        )
        return operations.enumerated().map { index, operation in
            translation.take(
                Entry(
                    sequence: SequenceNumber(rawValue: UInt64(index) + 1),
                    timestamp: Make.tso(UInt64(index) + 1),
                    operation: operation
                )
            )
        }
    }

    private func partitions(_ ids: [Int64]) -> [Operation] {
        [Make.create(1, "a")]
            + ids.map {
                .createPartition(
                    id,
                    PartitionDefinition(id: PartitionID(rawValue: $0), name: "p\($0)")
                )
            }
    }

    private func load(_ ids: [Int64]?) -> Operation {
        .load(
            LoadDefinition(
                collection: id,
                partitions: ids?.map { PartitionID(rawValue: $0) },
                replicas: 1
            )
        )
    }

    @Test func `rows go to the name the collection has at their place`() {
        let results = translate([
            Make.create(1, "a"), Make.insert(1, 1),
            .renameCollection(id, database: .default, name: "b"), Make.insert(1, 2),
        ])
        #expect(results[1].drafts.map(\.lanes) == [[Make.lane("a")]])
        #expect(results[3].drafts.map(\.lanes) == [[Make.lane("b")]])
    }

    @Test func `rows of a partition key collection name no partition`() {
        let results = translate([
            .createCollection(Make.definition(1, "a", partitionKey: true)), Make.insert(1, 1),
        ])
        #expect(results[1].drafts.map(\.partition) == [nil])
        #expect(results[1].drafts.map(\.action.kind) == [.insert])
    }

    @Test func `rows for a partition that is not defined are refused, not dropped`() {
        let results = translate([
            Make.create(1, "a"), Make.insert(1, 1, partition: PartitionID(rawValue: 77)),
        ])
        guard case .refuse(.insert, let reason)? = results[1].drafts.first?.action else {
            Issue.record("not refused")
            return
        }
        #expect(reason.contains("77"))
    }

    @Test func `rows of a collection that is not defined are listed`() {
        let results = translate([Make.insert(1, 1)])
        #expect(results[0].drafts.isEmpty)
        #expect(results[0].skipped.map(\.kind) == ["insert"])
    }

    @Test func `what is not taken asks for nothing`() throws {
        let projection = try Projection(include: [NamePattern("b")])
        let results = translate(
            [
                Make.create(1, "a"), Make.insert(1, 1), .createIndex(Make.index(1, 1)),
                load(nil), .dropCollection(id),
            ],
            projection: projection
        )
        #expect(results.allSatisfy { $0.drafts.isEmpty && $0.skipped.isEmpty })
    }

    @Test func `a renamed collection brings its database`() throws {
        let projection = try Projection(rename: [RenameRule("a=c.d"), RenameRule("b=c.e")])
        let results = translate([Make.create(1, "a"), Make.create(2, "b")], projection: projection)
        #expect(results[0].drafts.map(\.action.kind) == [.createDatabase, .createCollection])
        #expect(results[1].drafts.map(\.action.kind) == [.createCollection])
    }

    @Test func `two collections that meet in one name are refused`() throws {
        let projection = try Projection(rename: [RenameRule("a=b")])
        let results = translate([Make.create(1, "b"), Make.create(2, "a")], projection: projection)
        guard case .refuse(.createCollection, _)? = results[1].drafts.first?.action else {
            Issue.record("not refused")
            return
        }
    }

    @Test func `a collection renamed into the projection is listed and left out`() throws {
        let projection = try Projection(include: [NamePattern("b")])
        let results = translate(
            [
                Make.create(1, "a"), .renameCollection(id, database: .default, name: "b"),
                Make.insert(1, 1),
            ],
            projection: projection
        )
        #expect(results[1].skippedCollection?.collection == id)
        #expect(results[2].drafts.isEmpty)
        #expect(results[2].skipped.count == 1)
    }

    @Test func `a smaller load releases what is no longer loaded`() {
        let results = translate(partitions([2, 3]) + [load([2, 3]), load([2])])
        #expect(results[4].drafts.map(\.action.kind) == [.release, .load])
        guard case .release(_, let released)? = results[4].drafts.first?.action else { return }
        #expect(released == ["p3"])
    }

    @Test func `loading partitions after the whole releases the others`() {
        let results = translate(partitions([2, 3]) + [load(nil), load([2])])
        guard case .release(_, let released)? = results[4].drafts.first?.action else {
            Issue.record("nothing released")
            return
        }
        #expect(released == ["_default", "p3"])
    }

    @Test func `a flush of several collections is one call each`() {
        let flush = FlushDefinition(collections: [id, CollectionID(rawValue: 2)])
        let results = translate([Make.create(1, "a"), Make.create(2, "b"), .flush(flush)])
        #expect(results[2].drafts.map(\.lanes) == [[Make.lane("a")], [Make.lane("b")]])
    }

    @Test func `dropping a collection keeps order with its aliases`() {
        let alias = AliasDefinition(database: .default, name: "x", collection: id)
        let results = translate([Make.create(1, "a"), .createAlias(alias), .dropCollection(id)])
        #expect(results[2].drafts.map(\.lanes) == [[Make.lane("a"), Make.lane("x")]])
    }

    @Test func `a kind the target cannot hold is listed`() {
        let results = translate(
            [Make.create(1, "a"), .createIndex(Make.index(1, 1))],
            unsupported: [.createIndex]
        )
        #expect(results[1].drafts.isEmpty)
        #expect(results[1].skipped.map(\.lane) == [Make.lane("a")])
    }

    @Test func `kinds left out ask for nothing but change names`() throws {
        let projection = try Projection(leftOut: [.flush, .createPartition])
        let partition = PartitionDefinition(id: PartitionID(rawValue: 7), name: "p")
        let results = translate(
            [
                Make.create(1, "a"), .flush(FlushDefinition(collections: [id])),
                .createPartition(id, partition), Make.insert(1, 1, partition: partition.id),
            ],
            projection: projection
        )
        #expect(results[1].drafts.isEmpty)
        #expect(results[2].drafts.isEmpty)
        #expect(results[3].drafts.map(\.partition) == ["p"])
    }

    @Test func `a database is altered and dropped only if all of it is taken`() throws {
        let database = DatabaseDefinition(id: DatabaseID(rawValue: 5), name: "d")
        let projection = try Projection(include: [NamePattern("d.a")])
        let operations: [Operation] = [
            .createDatabase(database), .alterDatabase(database), .dropDatabase(database.id),
        ]
        #expect(
            translate(operations, projection: projection).map { $0.drafts.count } == [1, 0, 0]
        )
        #expect(translate(operations).map { $0.drafts.count } == [1, 1, 1])
    }

    @Test func `a gap names the collection it affects, and none if it is not taken`() throws {
        func gap(_ id: CollectionID?) -> Operation {
            .gap(Gap(collection: id, shard: nil, from: .zero, through: .zero, reason: "lost"))
        }
        let results = translate([Make.create(1, "a"), gap(id), gap(nil)])
        #expect(results[1].gap?.lane == Make.lane("a"))
        #expect(results[2].gap != nil)
        #expect(results[2].gap?.lane == nil)
        let projection = try Projection(exclude: [NamePattern("a")])
        let others = translate([Make.create(1, "a"), gap(id)], projection: projection)
        #expect(others[1].gap == nil)
    }
}
