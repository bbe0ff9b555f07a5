import Journal
import MilvusAPI
import Operations
import Replay
import SwiftProtobuf
import Testing

@testable import Milvus

/// A field that is added to a collection, from the source's metadata to what a target is asked for.
struct AddedFieldTests {
    @Test func `a field that is added at the source is added on the target, and is no conflict`()
        async throws
    {
        var source = MadeSource()
        source.record([("session/rootcoord", Array(#"{"Version":"2.6.12"}"#.utf8))])
        try source.define(1, at: 100, on: ["a"])
        let headers = MadeSource.Headers(vchannel: "a_1v0")
        source.write(
            StreamMessageType.insert,
            at: 110,
            on: "a",
            headers,
            body: try MadeSource.insert([1])
        )
        source.write(StreamMessageType.timeTick, at: 120, on: "a")
        var added = Milvus_Proto_Schema_FieldSchema()
        added.fieldID = 101
        added.name = "note"
        added.dataType = .varChar
        added.nullable = true
        added.typeParams = [Property(key: "max_length", value: "32").pair]
        source.record([("root-coord/fields/1/101", try added.serializedBytes())])
        source.write(
            StreamMessageType.insert,
            at: 130,
            on: "a",
            headers,
            body: try MadeSource.insert([2])
        )
        source.write(StreamMessageType.timeTick, at: 140, on: "a")

        try await MadeJournal.withDirectory { directory in
            await #expect(throws: MadeLog.Ended.self) {
                try await MadeJournal.read(MadeLog(source), at: directory)
            }
            let operations = try MadeJournal.entries(at: directory).map(\.operation)
            #expect(
                operations.map(\.kind) == [.createCollection, .insert, .alterCollection, .insert]
            )
            guard case .createCollection(let before)? = operations.first,
                case .alterCollection(let after) = operations[2]
            else { return }
            // What MilvusTarget does of it: one AddCollectionField, without the source's field id.
            let name = CollectionName(database: "default", collection: "c1")
            let change = SchemaChange(
                from: try TargetSchema(before, name: name).schema,
                to: try TargetSchema(after, name: name).schema
            )
            added.fieldID = 0
            #expect(change.addedFields == [added])
            #expect(change.alteredFields.isEmpty && change.impossible == nil)
            // Done twice, as after a crash, it asks for nothing.
            let again = SchemaChange(
                from: try TargetSchema(after, name: name).schema,
                to: try TargetSchema(after, name: name).schema
            )
            #expect(again.addedFields.isEmpty && again.impossible == nil)

            let entries = JournalEntries(reader: try JournalReader.open(at: directory))
            let target = InMemoryTarget()
            let replayer = Replayer(
                source: entries,
                target: target,
                store: InMemoryCheckpoints(),
                projection: .everything,
                end: .sequence(try entries.head().sequence),
                logger: MadeJournal.logger
            )
            try await replayer.run()
            #expect(replayer.status.parked.isEmpty && replayer.status.skipped.isEmpty)
            #expect(
                target.calls.map(\.kind) == [
                    .createCollection, .insert, .alterCollection, .insert,
                ]
            )
        }
    }
}
