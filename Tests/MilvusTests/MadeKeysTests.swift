import MilvusAPI
import Operations
import Testing

@testable import Milvus

/// Which servers keep the keys they are given, in collections that make keys.
struct MadeKeysTests {
    private func takesKeys(_ version: String, _ properties: [String: String] = [:]) -> Bool {
        MilvusServer(versionText: version).takesKeys(
            properties.map { Property(key: $0, value: $1).pair }
        )
    }

    @Test func `keys are taken where a property allows it, on versions that know it`() {
        let allowed = ["allow_insert_auto_id": "True"]
        for version in ["2.5.19", "2.5.27", "2.6.3", "2.6.19", "3.0.0"] {
            #expect(takesKeys(version, allowed), "\(version)")
            #expect(takesKeys(version) == false, "\(version)")
            #expect(takesKeys(version, ["allow_insert_auto_id": "false"]) == false)
        }
        for version in ["2.3.5", "2.4.24", "2.5.18", "2.6.0", "2.6.2"] {
            #expect(takesKeys(version, allowed) == false, "\(version)")
        }
    }

    @Test func `milvus-lite keeps the keys it is given`() {
        #expect(takesKeys("milvus_lite-3.2.2"))
    }

    @Test func `a collection is asked for once, until its name means another`() async throws {
        let keys = MadeKeys()
        let name = CollectionName(database: "d", collection: "c")
        #expect(try await keys.isMaking(name) { true })
        #expect(try await keys.isMaking(name) { false })
        keys.forget(name)
        #expect(try await keys.isMaking(name) { false } == false)
    }
}
