import Capture
import MilvusAPI
import Operations
import SwiftProtobuf
import Testing

@testable import Milvus

struct AccessDecodingTests {
    private func decode(_ path: String, _ value: [UInt8]?) throws -> DecodedRecord? {
        try MilvusMetadataDecoder().decode(
            MetadataRecord(key: "meta/\(path)", value: value)
        )
    }

    private func user(_ text: String) throws -> UserDefinition? {
        let record = try decode("root-coord/credential/users/ann", Array(text.utf8))
        guard case .access(.user(let user))? = record?.value else { return nil }
        return user
    }

    @Test func `a password is told from another one, and from nothing else`() throws {
        let first = try #require(try user(#"{"encrypted_password":"$2a$10$one"}"#))
        #expect(first.name == "ann")
        #expect(try user(#"{"tenant":"t","encrypted_password":"$2a$10$one"}"#) == first)
        #expect(try user(#"{"encrypted_password":"$2a$10$two"}"#) != first)
        #expect(try user("what is no JSON") != nil)
        #expect(try decode("root-coord/credential/users/ann", nil)?.value == nil)
    }

    @Test func `a role, a binding and a right are there by their keys`() throws {
        for path in ["roles/r", "user-role-mapping/ann/r", "grantee-id/0af3/PrivilegeQuery"] {
            #expect(
                try decode("root-coord/credential/\(path)", [])?.value == .access(.present),
                "\(path)"
            )
        }
        #expect(
            try decode("root-coord/credential/grantee-privileges/r/Global/*", Array("0af3".utf8))?
                .value == .access(.grantee(id: "0af3"))
        )
    }

    @Test func `a privilege group has the API's names, in order`() throws {
        var group = Milvus_Proto_Milvus_PrivilegeGroupInfo()
        group.groupName = "look"
        group.privileges = ["Search", "PrivilegeQuery"].map { name in .with { $0.name = name } }
        #expect(
            try decode("root-coord/privilege-group/look", group.serializedBytes())?.value
                == .access(
                    .privilegeGroup(PrivilegeGroup(name: "look", privileges: ["Query", "Search"]))
                )
        )
        #expect(throws: MetadataFailure.self) {
            try decode("root-coord/privilege-group/look", [255])
        }
    }

    @Test func `a stored piece matters while rows are imported into it`() throws {
        // Field 6 is the state (3 sealed, 7 importing), field 17 says so too.
        let path = "datacoord-meta/s/1/2/3"
        #expect(try decode(path, [8, 3, 48, 7])?.value == .importedSegment)
        #expect(try decode(path, [48, 4, 0x88, 1, 1])?.value == .importedSegment)
        #expect(try decode(path, [48, 4, 0x88, 1, 0])?.value == nil)
        #expect(try decode(path, [8, 3, 48, 3])?.value == nil)
        #expect(try decode(path, nil)?.key == .segment(CollectionID(rawValue: 1), 3))
        #expect(throws: MetadataFailure.self) { try decode(path, [48]) }
    }
}
