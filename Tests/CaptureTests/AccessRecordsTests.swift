import Operations
import Testing

@testable import Capture

struct AccessRecordsTests {
    private var model = MetadataModel(decoder: ScriptMetadata(), known: Definitions())

    private mutating func changes(_ records: (String, String?)...) throws -> [String] {
        let change = MetadataChange(
            revision: MetadataRevision(rawValue: 1),
            records: records.map { key, value in
                MetadataRecord(key: key, value: value.map { Array($0.utf8) })
            }
        )
        return try model.apply(change).map { derived in
            guard case .rbac(let change) = derived.operation else {
                return derived.operation.kind.name
            }
            #expect(derived.timestamp == nil, "the source stamps none of it")
            return change.description
        }
    }

    @Test mutating func `a grant is one once both of its records are there`() throws {
        #expect(try changes(("role/-/reader", "")) == ["create the role reader"])
        #expect(try changes(("grantee/reader/songs", "id7")) == [])
        #expect(
            try changes(("right/id7/Query", "root"))
                == ["grant Query on Collection default.songs to the role reader"]
        )
        #expect(try changes(("right/id7/Query", "root")) == [], "the same again is no news")
        #expect(
            try changes(("right/id7/Query", nil))
                == ["revoke Query on Collection default.songs from the role reader"]
        )
        #expect(try changes(("grantee/reader/songs", nil)) == [])
    }

    @Test mutating func `what is made together is made in the order in which it is needed`() throws
    {
        let made = try changes(
            ("bind/ann/reader", ""),
            ("right/i/Query", "root"),
            ("grantee/reader/*", "i"),
            ("group/-/look", "Search Query"),
            ("role/-/reader", ""),
            ("user/-/ann", "1")
        )
        #expect(
            made == [
                "create the user ann", "create the role reader", "define the privilege group look",
                "grant Query on Collection default.* to the role reader",
                "give the user ann the role reader",
            ]
        )
        #expect(
            try changes(("bind/ann/reader", nil), ("right/i/Query", nil), ("group/-/look", nil))
                == [
                    "take the role reader from the user ann",
                    "revoke Query on Collection default.* from the role reader",
                    "drop the privilege group look",
                ]
        )
    }

    @Test mutating func `what a dropped role leaves behind is not granted again`() throws {
        _ = try changes(
            ("user/-/ann", "1"),
            ("role/-/reader", ""),
            ("bind/ann/reader", ""),
            ("grantee/reader/songs", "i"),
            ("right/i/Query", ""),
            ("right/i/Search", "")
        )
        #expect(try changes(("role/-/reader", nil)) == ["drop the role reader"])
        #expect(try changes(("right/i/Query", nil)) == [])
        #expect(try changes(("bind/ann/reader", nil)) == [])
        #expect(model.known.access.grants.isEmpty && model.known.access.bindings.isEmpty)
        // The same name later is another role; what was never taken back is its own again.
        #expect(
            try changes(("role/-/reader", "")) == [
                "create the role reader",
                "grant Search on Collection default.songs to the role reader",
            ]
        )
    }

    @Test mutating func `another password is noticed, the same one is not`() throws {
        #expect(try changes(("user/-/ann", "1")) == ["create the user ann"])
        #expect(try changes(("user/-/ann", "1")) == [])
        #expect(try changes(("user/-/ann", "2")) == ["change the password of the user ann"])
        #expect(try changes(("user/-/ann", nil)) == ["drop the user ann"])
    }

    @Test mutating func `a group that changed is defined anew`() throws {
        #expect(try changes(("group/-/look", "Query")) == ["define the privilege group look"])
        #expect(
            try changes(("group/-/look", "Search Query")) == ["define the privilege group look"]
        )
        #expect(model.known.access.privilegeGroups["look"]?.privileges == ["Query", "Search"])
    }

    @Test func `a snapshot after a long absence yields what differs`() throws {
        var known = Definitions()
        for change: AccessChange in [
            .createUser(UserDefinition(name: "gone", passwordMark: 1)), .createRole("old"),
            .createUser(UserDefinition(name: "ann", passwordMark: 1)),
            .bind(RoleBinding(user: "ann", role: "old")),
        ] {
            known.apply(.rbac(change))
        }
        var model = MetadataModel(decoder: ScriptMetadata(), known: known)
        let derived = try model.reconcile(
            MetadataSnapshot(
                revision: MetadataRevision(rawValue: 9),
                records: [
                    MetadataRecord(key: "role/-/new", value: []),
                    MetadataRecord(key: "user/-/ann", value: Array("1".utf8)),
                    MetadataRecord(key: "bind/ann/new", value: []),
                ]
            )
        )
        let told = derived.map { derived -> String in
            if case .rbac(let change) = derived.operation { change.description } else { "" }
        }
        #expect(
            told == [
                "drop the role old", "drop the user gone", "create the role new",
                "give the user ann the role new",
            ]
        )
    }
}
