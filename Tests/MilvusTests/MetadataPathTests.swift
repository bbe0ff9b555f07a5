import Capture
import Operations
import Testing

@testable import Milvus

struct MetadataPathTests {
    private static let one = CollectionID(rawValue: 11)

    private static let grantee = Grantee(
        role: "r",
        objectType: "Collection",
        database: "d",
        object: "c"
    )

    @Test(arguments: [
        ("root-coord/database/db-info/7", MetadataKey.database(DatabaseID(rawValue: 7))),
        ("root-coord/database/collection-info/7/11", .collection(DatabaseID(rawValue: 7), one)),
        ("root-coord/collection/11", .collection(.default, one)),
        ("root-coord/fields/11/101", .field(one, 101)),
        ("root-coord/partitions/11/12", .partition(one, PartitionID(rawValue: 12))),
        ("root-coord/database/aliases/7/a_ts5", .alias(DatabaseID(rawValue: 7), "a_ts5")),
        ("root-coord/aliases/a", .alias(.default, "a")),
        ("field-index/11/13", .index(one, IndexID(rawValue: 13))),
        ("querycoord-collection-loadinfo/11", .collectionLoad(one)),
        ("querycoord-partition-loadinfo/11/12", .partitionLoad(one, PartitionID(rawValue: 12))),
        ("datacoord-meta/channel-cp/c_11v0", .checkpoint(channel: "c_11v0")),
        ("datacoord-meta/s/11/12/13", .segment(one, 13)),
        ("root-coord/credential/users/a", .access(.user("a"))),
        ("root-coord/credential/roles/r", .access(.role("r"))),
        (
            "root-coord/credential/user-role-mapping/a/r",
            .access(.binding(RoleBinding(user: "a", role: "r")))
        ),
        ("root-coord/credential/grantee-privileges/r/Collection/d.c", .access(.grantee(grantee))),
        (
            "root-coord/credential/grantee-privileges/r/Global/*",
            .access(
                .grantee(Grantee(role: "r", objectType: "Global", database: "default", object: "*"))
            )
        ),
        (
            "root-coord/credential/grantee-id/0af3/PrivilegeInsert",
            .access(.right(id: "0af3", privilege: "Insert"))
        ),
        ("root-coord/credential/grantee-id/0af3/*", .access(.right(id: "0af3", privilege: "*"))),
        (
            "root-coord/credential/grantee-id/0af3/PrivilegeGroupClusterAdmin",
            .access(.right(id: "0af3", privilege: "ClusterAdmin"))
        ),
        ("root-coord/privilege-group/g", .access(.privilegeGroup("g"))),
    ])
    func `keys are told by their path`(path: String, key: MetadataKey) throws {
        let plain = try MetadataPath(path)
        #expect(plain?.key == key)
        #expect(plain?.stamp == nil)
        let copy = try MetadataPath("snapshots/\(path)_ts470642807169351685")
        #expect(copy?.key == key)
        #expect(copy?.stamp?.rawValue == 470_642_807_169_351_685)
    }

    @Test(arguments: [
        "", "session/rootcoord", "root-coord", "root-coord/credential/users",
        "root-coord/credential/grantee-privileges/r/Collection",
        "root-coord/fields/11",
        "root-coord/database/db-info/7/8", "snapshots/root-coord/fields/11/101", "field-index/11",
        "snapshots/root-coord/fields/11/101_tsx", "datacoord-meta/s/1/2", "channelwatch/1/c_11v0",
        "snapshots/_ts5",
    ])
    func `other keys are of no concern`(path: String) throws {
        #expect(try MetadataPath(path) == nil)
    }

    @Test(arguments: [
        "root-coord/database/db-info/x", "root-coord/fields/11/", "field-index/11/1.5",
        "root-coord/partitions//12", "querycoord-collection-loadinfo/99999999999999999999",
    ])
    func `a key that has no id where one is due is corrupt`(path: String) {
        #expect(throws: WireFailure.self) { try MetadataPath(path) }
        #expect(throws: MetadataFailure.self) {
            try MilvusMetadataDecoder().decode(MetadataRecord(key: "meta/\(path)", value: []))
        }
    }

    @Test func `what is gone has no value, and a forgotten copy says nothing`() throws {
        let decoder = MilvusMetadataDecoder(metaPath: "m2")
        let path = "m2/root-coord/database/db-info/7"
        let tombstone = MetadataRecord(key: path, value: [0xe2, 0x9b, 0xbc])
        #expect(try decoder.decode(tombstone)?.key == .database(DatabaseID(rawValue: 7)))
        #expect(try decoder.decode(tombstone)?.value == nil)
        let deleted = MetadataRecord(key: path, value: nil)
        #expect(try decoder.decode(deleted)?.key == .database(DatabaseID(rawValue: 7)))
        #expect(try decoder.decode(deleted)?.value == nil)
        let copy = "m2/snapshots/root-coord/database/db-info/7_ts9"
        #expect(try decoder.decode(MetadataRecord(key: copy, value: nil)) == nil)
        let stamped = try decoder.decode(MetadataRecord(key: copy, value: [0xe2, 0x9b, 0xbc]))
        #expect(stamped?.stamp?.rawValue == 9)
        #expect(stamped?.value == nil)
        #expect(try decoder.decode(MetadataRecord(key: "meta/x", value: [])) == nil)
    }

    @Test func `a checkpoint that points nowhere has no offset`() throws {
        let key = "meta/datacoord-meta/channel-cp/c_11v0"
        func offset(_ bytes: [UInt8]) throws -> Int64? {
            let record = try MilvusMetadataDecoder().decode(MetadataRecord(key: key, value: bytes))
            guard case .checkpoint(let offset, _)? = record?.value else { return -1 }
            return offset
        }
        #expect(try offset([0x12, 8, 0xd6, 0, 0, 0, 0, 0, 0, 0, 0x20, 5]) == 214)
        #expect(try offset([0x20, 5]) == nil)
        let never: [UInt8] = [0x20] + Array(repeating: 0xff, count: 9) + [1]
        #expect(try offset([0x12, 8, 0xd6, 0, 0, 0, 0, 0, 0, 0] + never) == nil)
        #expect(throws: MetadataFailure.self) { try offset([0x12, 2, 1, 2, 0x20, 5]) }
    }
}
