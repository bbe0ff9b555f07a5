import Operations
import Testing

@testable import Capture

struct CaptureMachineTests {
    private func machine(
        _ position: SourcePosition = .start,
        known: Definitions = Definitions()
    ) -> CaptureMachine {
        CaptureMachine(
            messageDecoder: ScriptMessages(),
            metadataDecoder: ScriptMetadata(),
            position: position,
            known: known,
            sideChannel: nil
        )
    }

    private func time(_ value: UInt64) -> HybridTimestamp { HybridTimestamp(rawValue: value) }

    private func learn(
        _ machine: inout CaptureMachine,
        _ changes: MetadataChange...
    ) throws -> [ChannelSet.Start] {
        try machine.learn(
            MetadataDelivery(
                changes: changes,
                through: changes.last?.revision ?? MetadataRevision(rawValue: 0)
            )
        )
    }

    @Test func `rows wait for the slowest channel, and come in timestamp order`() throws {
        var machine = machine()
        _ = try learn(&machine, Script.creation(1, of: 1, at: 10, on: "a", "b"))
        try machine.receive(Script.message("insert 16 1", on: "a", offset: 0))
        try machine.receive(Script.message("tick 20", on: "a", offset: 1))
        try machine.receive(Script.message("insert 15 1", on: "b", offset: 0))
        #expect(machine.candidate == time(9), "what is before the collection is complete")
        try machine.receive(Script.message("tick 18", on: "b", offset: 1))
        #expect(machine.candidate == time(18))
        let (batch, _) = machine.resolve(through: time(18))
        #expect(batch.operations.map(\.operation.kind) == [.createCollection, .insert, .insert])
        #expect(batch.operations.map(\.timestamp.rawValue) == [10, 15, 16])
        #expect(batch.position.offsets == [PhysicalChannel("a"): 1, PhysicalChannel("b"): 2])
        #expect(batch.position.metadata == MetadataRevision(rawValue: 1))
    }

    @Test func `a row above the tick before it stays until the next`() throws {
        var machine = machine()
        _ = try learn(&machine, Script.creation(1, of: 1, at: 10, on: "a"))
        try machine.receive(Script.message("insert 30 1", on: "a", offset: 0))
        try machine.receive(Script.message("tick 20", on: "a", offset: 1))
        let (first, _) = machine.resolve(through: time(20))
        #expect(first.operations.map(\.operation.kind) == [.createCollection])
        #expect(first.position.offsets == [PhysicalChannel("a"): 0])
        try machine.receive(Script.message("tick 31", on: "a", offset: 2))
        let (second, _) = machine.resolve(through: time(31))
        #expect(second.operations.map(\.operation.kind) == [.insert])
    }

    @Test func `a restart drops what is in the journal and keeps what is not`() throws {
        var known = Definitions()
        var before = machine()
        _ = try learn(&before, Script.creation(1, of: 1, at: 10, on: "a"))
        try before.receive(Script.message("insert 30 1", on: "a", offset: 0))
        try before.receive(Script.message("insert 15 1", on: "a", offset: 1))
        try before.receive(Script.message("tick 20", on: "a", offset: 2))
        let (batch, _) = before.resolve(through: time(20))
        for operation in batch.operations { known.apply(operation.operation) }

        var after = machine(batch.position, known: known)
        let snapshot = MetadataSnapshot(
            revision: batch.position.metadata,
            records: Script.creation(1, of: 1, at: 10, on: "a").records
        )
        #expect(
            try after.resume(at: snapshot)
                == [ChannelSet.Start(channel: PhysicalChannel("a"), offset: 0)]
        )
        #expect(after.candidate == nil)
        for (offset, text) in ["insert 30 1", "insert 15 1", "tick 20", "tick 31"].enumerated() {
            try after.receive(Script.message(text, on: "a", offset: Int64(offset)))
        }
        let (rest, _) = after.resolve(through: time(31))
        #expect(rest.operations.map(\.timestamp.rawValue) == [30])
        #expect(after.discarded.alreadyJournalled == 1)
    }

    @Test func `rows of a collection that is gone leave no trace`() throws {
        var machine = machine()
        _ = try learn(&machine, Script.creation(1, of: 1, at: 10, on: "a"))
        try machine.receive(Script.message("insert 12 7", on: "a", offset: 0))
        try machine.receive(Script.message("tick 20", on: "a", offset: 1))
        let (batch, _) = machine.resolve(through: time(20))
        #expect(batch.operations.map(\.operation.kind) == [.createCollection])
        #expect(machine.discarded.ofDroppedCollections == 1)
    }

    @Test func `a drop comes after the rows before it, and its channel is left`() throws {
        var machine = machine()
        _ = try learn(&machine, Script.creation(1, of: 1, at: 10, on: "a"))
        _ = try learn(&machine, Script.creation(2, of: 2, at: 11, on: "b"))
        try machine.receive(Script.message("insert 12 1", on: "a", offset: 0))
        try machine.receive(Script.message("drop 1", on: "a", offset: 1))
        try machine.receive(Script.message("tick 30", on: "b", offset: 0))
        _ = try learn(
            &machine,
            Script.change(3, ("collection/1", "dropping 10 a 0"))
        )
        let (batch, left) = machine.resolve(through: try #require(machine.candidate))
        #expect(
            batch.operations.map(\.operation.kind) == [
                .createCollection, .createCollection, .insert, .dropCollection,
            ]
        )
        #expect(left == [PhysicalChannel("a")])
    }

    @Test func `a name can be dropped and made again`() throws {
        var machine = machine()
        _ = try learn(&machine, Script.creation(1, of: 1, at: 10, on: "a"))
        _ = try learn(&machine, Script.change(2, ("collection/1", "dropping 10 a 0")))
        _ = try learn(&machine, Script.creation(3, of: 2, at: 50, on: "a", offset: 4))
        try machine.receive(Script.message("tick 60", on: "a", offset: 5))
        let (batch, _) = machine.resolve(through: time(60))
        #expect(
            batch.operations.map(\.operation).map(\.collection?.rawValue) == [1, 1, 2]
        )
    }

    @Test func `without any channel, time goes by what the metadata says`() throws {
        var machine = machine()
        #expect(machine.candidate == nil)
        _ = try learn(&machine, Script.creation(1, of: 1, at: 10, on: "a"))
        #expect(machine.candidate == time(9))
    }

    @Test func `bytes that mean nothing are an error, not a skip`() throws {
        var machine = machine()
        _ = try learn(&machine, Script.creation(1, of: 1, at: 10, on: "a"))
        #expect(throws: LogFailure.self) {
            try machine.receive(Script.message("?", on: "a", offset: 0))
        }
    }

    @Test func `a whole snapshot yields only what the journal does not have`() throws {
        var known = Definitions()
        var first = machine()
        _ = try learn(&first, Script.creation(1, of: 1, at: 10, on: "a"))
        try first.receive(Script.message("tick 20", on: "a", offset: 0))
        let (batch, _) = first.resolve(through: time(20))
        for operation in batch.operations { known.apply(operation.operation) }

        var later = machine(batch.position, known: known)
        let records =
            Script.change(0, ("collection/1", "dropping 10 a 0")).records
            + Script.creation(0, of: 2, at: 40, on: "a", offset: 7).records
        _ = try later.begin(
            at: MetadataSnapshot(revision: MetadataRevision(rawValue: 90), records: records),
            plan: StartPlan()
        )
        try later.receive(Script.message("tick 60", on: "a", offset: 9))
        let (rest, _) = later.resolve(through: time(60))
        #expect(
            rest.operations.map(\.operation.kind) == [.dropCollection, .createCollection]
        )
        #expect(rest.position.metadata == MetadataRevision(rawValue: 90))
    }
}
