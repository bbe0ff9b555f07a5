import Capture
import FoundationEssentials
import MilvusAPI
import Operations
import SwiftProtobuf
import TestSupport
import Testing

@testable import Milvus

struct MilvusAdmissionTests {
    private let decoder = MilvusMetadataDecoder()

    private func snapshot(_ records: [(String, [UInt8])]) -> MetadataSnapshot {
        MetadataSnapshot(
            revision: MetadataRevision(rawValue: 1),
            records: records.map { MetadataRecord(key: $0.0, value: $0.1) }
        )
    }

    private func refusal(_ records: [(String, [UInt8])]) -> String {
        let failure = #expect(throws: MetadataFailure.self) {
            try decoder.admit(snapshot(records))
        }
        return failure?.message ?? ""
    }

    @Test(arguments: Keyspace.Phase.allCases)
    func `the recorded source is admitted at any time, with its version`(
        phase: Keyspace.Phase
    ) throws {
        let pairs = try Recording.keyspace(phase).pairs
        let whole = snapshot(
            pairs.map { (String($0.key.dropFirst(Recording.root.count)), $0.value) }
        )
        try decoder.admit(whole)
        #expect(decoder.version(in: whole) == "2.3.5")
    }

    @Test func `a stopped Milvus is admitted, without a version`() throws {
        let stopped = snapshot([("meta/root-coord/database/db-info/1", [0x12, 1, 0x61])])
        try decoder.admit(stopped)
        #expect(decoder.version(in: stopped) == nil)
    }

    @Test func `no Milvus is refused, and the sentence says what to check`() {
        #expect(
            refusal([("meta2/session/rootcoord", []), ("other", [])])
                == "There is no Milvus here: none of 2 keys begins with meta/session/ or"
                + " meta/root-coord/. Check the root path."
        )
    }

    @Test(arguments: ["2.7.0", "v3.0.0-dev", "3.0.1"])
    func `a Milvus after 2.6 is refused`(version: String) {
        let session = Array(#"{"ServerID":1,"Version":"\#(version)"}"#.utf8)
        #expect(refusal([("meta/session/proxy-1", session)]).contains("runs Milvus \(version)"))
    }

    @Test(arguments: ["2.2.16", "2.5.27", "2.6.0", "v2.6.3-dev", "master-20240101", ""])
    func `other versions are admitted`(version: String) throws {
        let session = Array(#"{"ServerID":1,"Version":"\#(version)"}"#.utf8)
        try decoder.admit(snapshot([("meta/session/proxy-1", session)]))
    }

    @Test func `positions that are no Kafka offsets are refused`() throws {
        var position = Milvus_Proto_Msg_MsgPosition()
        position.msgID = Data(count: 12)
        let session = ("meta/session/id", Array("2".utf8))
        let checkpoint = "meta/datacoord-meta/channel-cp/c_1v0"
        let sentence = refusal([session, (checkpoint, try position.serializedBytes())])
        #expect(sentence.contains("not on Kafka") && sentence.contains(checkpoint))
        var info = Milvus_Proto_Etcd_CollectionInfo()
        info.startPositions = [Milvus_Proto_Common_KeyDataPair()]
        let collection = "meta/root-coord/database/collection-info/1/9"
        #expect(
            refusal([session, (collection, try info.serializedBytes())]).contains("0 bytes")
        )
        position.msgID = Data()
        try decoder.admit(snapshot([session, (checkpoint, try position.serializedBytes())]))
    }
}
