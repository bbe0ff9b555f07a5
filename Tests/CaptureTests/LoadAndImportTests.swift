import Operations
import Testing

@testable import Capture

/// What is loaded of a collection, and rows that come in beside the log.
struct LoadAndImportTests {
    private static let id = CollectionID(rawValue: 1)
    private var model = MetadataModel(decoder: ScriptMetadata(), known: Definitions())

    private mutating func apply(_ records: (String, String?)...) throws -> [Operation] {
        let change = MetadataChange(
            revision: MetadataRevision(rawValue: 1),
            records: records.map { key, value in
                MetadataRecord(key: key, value: value.map { Array($0.utf8) })
            }
        )
        return try model.apply(change).map(\.operation)
    }

    private mutating func create() throws {
        _ = try apply(
            ("partition/1", "10"),
            ("collection/1", "created 10 a 0"),
            ("extra/1/5", "11"),
            ("extra/1/6", "12")
        )
    }

    private func load(_ partitions: [Int64]?) -> Operation {
        .load(
            LoadDefinition(
                collection: Self.id,
                partitions: partitions?.map { PartitionID(rawValue: $0) },
                replicas: 1
            )
        )
    }

    @Test mutating func `a partition that is released from a loaded collection shows`() throws {
        try create()
        #expect(try apply(("load/1/-", "collection")) == [load(nil)])
        #expect(try apply(("loaded/1/1", ""), ("loaded/1/5", "")) == [], "the rest is yet to come")
        #expect(try apply(("loaded/1/6", "")) == [])
        #expect(try apply(("loaded/1/5", nil)) == [load([1, 6])])
        #expect(try apply(("load/1/-", "collection")) == [], "its record changes for other reasons")
        #expect(try apply(("extra/1/7", "20"), ("loaded/1/7", "")).last == load([1, 6, 7]))
        #expect(try apply(("loaded/1/5", "")) == [load(nil)])
        #expect(try apply(("loaded/1/1", nil), ("load/1/-", nil)) == [.release(Self.id)])
    }

    @Test mutating func `a collection that is loaded by partitions has those`() throws {
        try create()
        #expect(try apply(("load/1/-", "partitions")) == [])
        #expect(try apply(("loaded/1/5", "")) == [load([5])])
        #expect(try apply(("loaded/1/6", "")) == [load([5, 6])])
        #expect(try apply(("loaded/1/5", nil)) == [load([6])])
    }

    @Test mutating func `a new partition is loaded with the rest, whichever record comes first`()
        throws
    {
        try create()
        _ = try apply(("load/1/-", "collection"))
        _ = try apply(("loaded/1/5", nil))
        #expect(try apply(("loaded/1/7", "")) == [], "there is no such partition yet")
        #expect(try apply(("extra/1/7", "20")).last == load([1, 6, 7]))
    }

    @Test mutating func `a rename into another database is no drop`() throws {
        try create()
        let operations = try apply(
            ("collection/1/1", nil),
            ("collection/4/1", "created 10 a 0")
        )
        #expect(
            operations == [
                .renameCollection(Self.id, database: DatabaseID(rawValue: 4), name: "c1")
            ]
        )
        #expect(try apply(("collection/4/1", nil)) == [.dropCollection(Self.id)])
    }

    @Test func `a collection that was moved into a younger database comes after it`() throws {
        var machine = CaptureMachine(
            messageDecoder: ScriptMessages(),
            metadataDecoder: ScriptMetadata(),
            position: .start,
            known: Definitions(),
            sideChannel: nil
        )
        let records = [
            ("collection/4/1", "created 10 a 0"), ("database/-/4", "shop"),
            ("database/20/4", "shop"), ("partition/1", "10"),
        ].map { MetadataRecord(key: $0.0, value: Array($0.1.utf8)) }
        _ = try machine.begin(
            at: MetadataSnapshot(revision: MetadataRevision(rawValue: 3), records: records),
            plan: StartPlan()
        )
        try machine.receive(Script.message("tick 30", on: "a", offset: 0))
        let (batch, _) = machine.resolve(through: HybridTimestamp(rawValue: 30))
        #expect(batch.operations.map(\.operation.kind) == [.createDatabase, .createCollection])
    }

    @Test func `a snapshot tells what is loaded`() throws {
        var model = MetadataModel(decoder: ScriptMetadata(), known: Definitions())
        let records = [
            ("partition/1", "10"), ("collection/1", "created 10 a 0"), ("extra/1/5", "11"),
            ("load/1/-", "collection"), ("loaded/1/5", ""),
        ].map { MetadataRecord(key: $0.0, value: Array($0.1.utf8)) }
        let derived = try model.reconcile(
            MetadataSnapshot(revision: MetadataRevision(rawValue: 3), records: records)
        )
        #expect(derived.map(\.operation).filter { $0.kind == .load } == [load([5])])
    }

    @Test mutating func `an import is one gap, however many pieces it has`() throws {
        try create()
        #expect(try apply(("segment/1/7", "growing")) == [])
        guard case .gap(let gap)? = try apply(("segment/1/7", "importing")).first else {
            Issue.record("no gap")
            return
        }
        #expect(gap.collection == Self.id && gap.isBesideLog)
        #expect(try apply(("segment/1/8", "importing"), ("segment/1/7", "importing")) == [])
        #expect(try apply(("segment/1/7", "flushed")) == [])
        #expect(try apply(("segment/1/8", "flushed")) == [])
        #expect(try apply(("segment/1/9", "importing")).map(\.kind) == [.gap], "the next one")
        #expect(try apply(("segment/2/9", "importing")) == [], "of no collection that is known")
    }

    @Test func `an import that was noted is not noted again after a restart`() throws {
        var known = Definitions()
        known.apply(
            .createCollection(
                ScriptMetadata().definition(
                    of: CollectionRecord(
                        id: Self.id,
                        database: .default,
                        name: "c1",
                        state: .created,
                        schema: [],
                        virtualChannels: [],
                        startOffsets: [:],
                        consistencyLevel: 0,
                        properties: [],
                        createdAt: .zero
                    ),
                    fields: [:],
                    partitions: []
                )
            )
        )
        var model = MetadataModel(decoder: ScriptMetadata(), known: known)
        try model.restore(
            MetadataSnapshot(
                revision: MetadataRevision(rawValue: 1),
                records: [MetadataRecord(key: "segment/1/7", value: Array("importing".utf8))]
            )
        )
        let again = MetadataChange(
            revision: MetadataRevision(rawValue: 2),
            records: [MetadataRecord(key: "segment/1/7", value: Array("importing".utf8))]
        )
        #expect(try model.apply(again).isEmpty)
    }

    @Test func `rows of the log around an import stay, and the gap has the time it was seen`()
        throws
    {
        var machine = CaptureMachine(
            messageDecoder: ScriptMessages(),
            metadataDecoder: ScriptMetadata(),
            position: .start,
            known: Definitions(),
            sideChannel: nil
        )
        let changes = [
            Script.creation(1, of: 1, at: 10, on: "a"),
            Script.change(2, ("segment/1/7", "importing")),
        ]
        _ = try machine.learn(
            MetadataDelivery(changes: changes, through: MetadataRevision(rawValue: 2))
        )
        for (offset, text) in ["insert 11 1", "insert 12 1", "tick 20"].enumerated() {
            try machine.receive(Script.message(text, on: "a", offset: Int64(offset)))
        }
        let (batch, _) = machine.resolve(through: HybridTimestamp(rawValue: 20))
        #expect(
            batch.operations.map(\.operation.kind) == [.createCollection, .gap, .insert, .insert]
        )
        guard case .gap(let gap) = batch.operations[1].operation else { return }
        #expect(gap.from == batch.operations[1].timestamp && gap.through == gap.from)
        #expect(machine.discarded.inGaps == 0)
    }
}
