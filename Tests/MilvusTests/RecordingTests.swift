import TestSupport
import Testing

struct RecordingTests {
    @Test func `the recording is whole`() throws {
        let recording = try Recording.milvus235.get()
        #expect(recording.messages.count == 5040)
        #expect(recording.metadataEvents.count == 1003)
        let collections = recording.manifest.phases.flatMap { $0.state.values.flatMap(\.values) }
        #expect(recording.manifest.phases.count == 16)
        #expect(collections.count == 137)
        #expect(try Recording.lines("expected-wal").count == 5005)
        #expect(try Recording.lines("expected-replicate").count == 35)
        #expect(try Recording.lines("expected-etcd").count == 415)
        #expect(try Recording.lines("fielddata").count == 45)
        for phase in Keyspace.Phase.allCases {
            #expect(try Recording.keyspace(phase).pairs.isEmpty == false)
        }
    }
}
