import FoundationEssentials
import Operations
import Testing

struct DefinitionsTests {
    private func fold(_ operations: [Operation]) -> Definitions {
        operations.reduce(into: Definitions()) { $0.apply($1) }
    }

    @Test func `the database default is always there`() {
        #expect(Definitions().databases.map(\.value.name) == ["default"])
    }

    @Test func `a collection is defined, changed, renamed and dropped with what belongs to it`() {
        var definitions = fold([
            .createDatabase(Samples.music), .createCollection(Samples.collection),
            .createPartition(Samples.songs, Samples.best), .createIndex(Samples.index),
            .load(LoadDefinition(collection: Samples.songs, partitions: nil, replicas: 1)),
            .createAlias(Samples.alias), .gap(Samples.gap),
        ])
        let collection = definitions.collections[Samples.songs]
        #expect(collection?.partitions.count == 2)
        #expect(collection?.indexes[Samples.index.id] == Samples.index)
        #expect(collection?.load?.replicas == 1)
        #expect(collection?.gaps == [Samples.gap])
        #expect(
            definitions.name(of: Samples.songs)
                == CollectionName(database: "default", collection: "songs")
        )

        definitions.apply(
            .renameCollection(Samples.songs, database: Samples.music.id, name: "new")
        )
        #expect(definitions.name(of: Samples.songs)?.description == "müsic.new")
        #expect(definitions.collections[Samples.songs]?.indexes.count == 1)

        definitions.apply(.release(Samples.songs))
        definitions.apply(.dropIndex(Samples.songs, Samples.index.id))
        definitions.apply(.dropPartition(Samples.songs, Samples.best.id))
        #expect(definitions.collections[Samples.songs]?.load == nil)
        #expect(definitions.collections[Samples.songs]?.indexes.isEmpty == true)
        #expect(definitions.collections[Samples.songs]?.partitions.count == 1)

        definitions.apply(.dropCollection(Samples.songs))
        #expect(definitions.collections.isEmpty)
        #expect(definitions.aliases.isEmpty)
        #expect(definitions.name(of: Samples.songs) == nil)
    }

    @Test func `an alias points to one collection at a time`() {
        let other = AliasDefinition(
            database: .default,
            name: "tunes",
            collection: CollectionID(rawValue: 5)
        )
        let elsewhere = AliasDefinition(
            database: Samples.music.id,
            name: "tunes",
            collection: Samples.songs
        )
        var definitions = fold([
            .createAlias(Samples.alias), .createAlias(elsewhere), .alterAlias(other),
        ])
        #expect(Set(definitions.aliases) == [elsewhere, other])
        definitions.apply(.dropAlias(.default, name: "tunes"))
        #expect(definitions.aliases == [elsewhere])
    }

    @Test func `rows and flushes change nothing, and what concerns the unknown is ignored`() {
        let unchanged = fold([
            .insert(Samples.rows), .flush(FlushDefinition(collections: [Samples.songs])),
            .dropCollection(Samples.songs), .alterCollection(Samples.collection),
            .createPartition(Samples.songs, Samples.best), .createIndex(Samples.index),
            .gap(Samples.gap),
        ])
        #expect(unchanged == Definitions())
    }

    @Test func `definitions come back from JSON, which is the same every time`() throws {
        let definitions = fold(
            Samples.everyKind.filter { $0.kind != .dropCollection && $0.kind != .dropDatabase }
        )
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        let json = try encoder.encode(definitions)
        #expect(try JSONDecoder().decode(Definitions.self, from: json) == definitions)
        #expect(try encoder.encode(definitions) == json)
        #expect(definitions.collections.count == 1)
    }

    @Test func `a role goes with its grants, a user with its roles`() {
        let (grant, binding) = (Samples.grant, Samples.binding)
        let made: [AccessChange] = [
            .createUser(Samples.user), .createRole(grant.role), .grant(grant), .bind(binding),
            .definePrivilegeGroup(PrivilegeGroup(name: "look", privileges: ["Query"])),
        ]
        let all = fold(made.map(Operation.rbac)).access
        #expect(all.users[Samples.user.name] == Samples.user)
        #expect(all.grants == [grant] && all.bindings == [binding] && all.roles == [grant.role])
        #expect(all.privilegeGroups["look"]?.privileges == ["Query"])
        let withoutRole = fold((made + [.dropRole(grant.role)]).map(Operation.rbac)).access
        #expect(withoutRole.grants.isEmpty && withoutRole.bindings.isEmpty)
        let withoutUser = fold((made + [.dropUser(Samples.user.name)]).map(Operation.rbac)).access
        #expect(withoutUser.bindings.isEmpty && withoutUser.grants == [grant])
    }

    @Test func `definitions without users are stored as before there were any`() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        func text(_ definitions: Definitions) throws -> String {
            String(decoding: try encoder.encode(definitions), as: UTF8.self)
        }
        #expect(try text(Definitions()).contains("access") == false)
        let gone = fold([
            .rbac(.createRole("reader")), .rbac(.dropRole("reader")),
        ])
        #expect(gone == Definitions())
        #expect(try text(fold([.rbac(.createRole("reader"))])).contains("access"))
    }

    @Test func `a dropped and re-created name is two collections`() {
        let id = CollectionID(rawValue: 9)
        var again = Samples.collection
        again = CollectionDefinition(
            id: id,
            database: again.database,
            name: again.name,
            schema: again.schema,
            primaryKey: again.primaryKey,
            hasPartitionKey: false,
            hasDynamicField: false,
            virtualChannels: [],
            consistencyLevel: 1,
            properties: [],
            partitions: [],
            createdAt: again.createdAt
        )
        let definitions = fold([
            .createCollection(Samples.collection), .dropCollection(Samples.songs),
            .createCollection(again),
        ])
        #expect(definitions.name(of: id)?.collection == "songs")
        #expect(definitions.name(of: Samples.songs) == nil)
    }
}
