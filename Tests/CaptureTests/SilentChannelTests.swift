import Operations
import Testing

@testable import Capture

/// Channels of Milvus 2.6, which tick only where something was written.
struct SilentChannelTests {
    /// As `ScriptMetadata`, with `log/CHANNEL` for what the source has read of a channel.
    private struct Metadata: MetadataDecoder {
        let script = ScriptMetadata()

        func decode(_ record: MetadataRecord) -> DecodedRecord? {
            let parts = record.key.split(separator: "/")
            let time = record.value.flatMap { UInt64(String(decoding: $0, as: UTF8.self)) }
            if parts[0] == "log" {
                return DecodedRecord(
                    key: .log(PhysicalChannel(String(parts[1]))),
                    value: time.map { .log(HybridTimestamp(rawValue: $0)) }
                )
            }
            if parts[0] == "checkpoint" {
                return DecodedRecord(
                    key: .checkpoint(channel: String(parts[1])),
                    value: time.map { .checkpoint(offset: 0, HybridTimestamp(rawValue: $0)) }
                )
            }
            return script.decode(record)
        }

        func definition(
            of record: CollectionRecord,
            fields: [Int64: [UInt8]],
            partitions: [PartitionDefinition]
        ) -> CollectionDefinition {
            script.definition(of: record, fields: fields, partitions: partitions)
        }

        func fieldName(_ field: [UInt8]) -> String { "" }

        func admit(_ snapshot: MetadataSnapshot) {}
    }

    /// `tick 20` and `insert 15`, as messages that order themselves.
    private struct Messages: MessageDecoder {
        func decode(_ message: LogMessage) throws -> DecodedMessage {
            let words = String(decoding: message.value, as: UTF8.self).split(separator: " ")
            let id = CollectionID(rawValue: 1)
            return .streamed(
                StreamedMessage(
                    timestamp: HybridTimestamp(rawValue: UInt64(words[1]) ?? 0),
                    lastConfirmed: message.offset,
                    content: words[0] == "tick"
                        ? .timeTick
                        : .insert(
                            Rows(
                                collection: id,
                                partition: PartitionID(rawValue: 1),
                                shard: 0,
                                count: 1,
                                columns: [1]
                            )
                        )
                )
            )
        }
    }

    private func machine() -> CaptureMachine {
        CaptureMachine(
            messageDecoder: Messages(),
            metadataDecoder: Metadata(),
            position: .start,
            known: Definitions(),
            sideChannel: nil
        )
    }

    private func learn(_ machine: inout CaptureMachine, _ change: MetadataChange) throws {
        _ = try machine.learn(
            MetadataDelivery(changes: [change], through: change.revision)
        )
    }

    @Test func `a silent channel is complete as far as the metadata says, once it is read`() throws
    {
        var machine = machine()
        try learn(&machine, Script.creation(1, of: 1, at: 10, on: "a", "b"))
        try machine.receive(Script.message("insert 30", on: "a", offset: 0))
        try machine.receive(Script.message("tick 40", on: "a", offset: 1))
        try machine.receive(Script.message("insert 20", on: "b", offset: 0))
        #expect(machine.claims.isEmpty)
        #expect(machine.isWaitingForSilence == false)
        try learn(&machine, Script.change(2, ("log/b", "35")))
        #expect(machine.isWaitingForSilence)
        let claim = try #require(machine.claims.first)
        #expect(claim.channel == PhysicalChannel("b") && claim.through.rawValue == 35)
        machine.settle(claim, end: 2)
        #expect(machine.claims.isEmpty, "asked for once")
        #expect(machine.candidate?.rawValue == 9, "offset 1 of b is not read yet")
        try machine.receive(Script.message("insert 34", on: "b", offset: 1))
        let (batch, _) = machine.resolve(through: try #require(machine.candidate))
        #expect(batch.operations.map(\.timestamp.rawValue) == [10, 20, 30, 34])
        #expect(batch.position.resolved.rawValue == 35)
        #expect(batch.position.offsets[PhysicalChannel("b")] == 2)
    }

    @Test func `the source's checkpoint of a virtual channel counts as well`() throws {
        var machine = machine()
        try learn(&machine, Script.creation(1, of: 1, at: 10, on: "a_x"))
        try learn(&machine, Script.change(2, ("checkpoint/a_x_1v0", "50")))
        #expect(machine.claims.isEmpty, "not where a channel ticks by itself")
        try learn(&machine, Script.change(3, ("log/a_x", "20")))
        #expect(machine.claims.map(\.through.rawValue) == [50])
    }

    @Test func `a restart on a silent channel goes on from what the metadata says`() throws {
        var before = machine()
        try learn(&before, Script.creation(1, of: 1, at: 10, on: "a"))
        try before.receive(Script.message("insert 20", on: "a", offset: 0))
        try before.receive(Script.message("tick 25", on: "a", offset: 1))
        let (batch, _) = before.resolve(through: HybridTimestamp(rawValue: 25))
        #expect(batch.position.offsets == [PhysicalChannel("a"): 2])
        var known = Definitions()
        for operation in batch.operations { known.apply(operation.operation) }
        var after = CaptureMachine(
            messageDecoder: Messages(),
            metadataDecoder: Metadata(),
            position: batch.position,
            known: known,
            sideChannel: nil
        )
        _ = try after.resume(
            at: MetadataSnapshot(
                revision: batch.position.metadata,
                records: Script.creation(1, of: 1, at: 10, on: "a").records
            )
        )
        #expect(after.candidate == nil)
        try learn(&after, Script.change(2, ("log/a", "90")))
        after.settle(try #require(after.claims.first), end: 2)
        #expect(after.candidate?.rawValue == 90)
    }
}
