import MilvusAPI
import Operations
import Replay
import Testing

@testable import Milvus

@Suite(.enabled(if: TargetLiveServers.areNamed), .serialized)
struct TargetLiveDefinitionsTests {
    private var plain: TargetCollection {
        var collection = TargetCollection(hasDynamicField: true)
        collection.addVector()
        return collection
    }

    private func index(
        _ nlist: Int = 16,
        name: String = "i",
        field: String = "vector"
    ) -> IndexDefinition {
        IndexDefinition(
            id: IndexID(rawValue: 1),
            collection: CollectionID(rawValue: 5),
            field: field,
            name: name,
            parameters: [
                Property(key: "index_type", value: "IVF_FLAT"),
                Property(key: "metric_type", value: "L2"),
                Property(key: "params", value: "{\"nlist\": \(nlist)}"),
            ]
        )
    }

    @Test(arguments: TargetLiveServers.uris)
    func `the server says what it is`(uri: String) async throws {
        try await TargetLiveServers.with(uri) { target, _ in
            let traits = try await target.describe()
            #expect(
                traits.product.hasPrefix("Milvus 2.") || traits.product.hasPrefix("milvus-lite 3.")
            )
            #expect(traits.requestRowsMax == 10_000)
        }
    }

    @Test(arguments: TargetLiveServers.uris)
    func `a collection created twice is there once, and another shape is a conflict`(
        uri: String
    ) async throws {
        try await TargetLiveServers.with(uri) { target, name in
            var collection = plain
            collection.partitions.append(
                PartitionDefinition(id: PartitionID(rawValue: 2), name: "p")
            )
            collection.properties = [Property(key: "collection.ttl.seconds", value: "86400")]
            collection.shards = 3
            let definition = try collection.definition(name)
            try await target.createCollection(name, definition)
            try await target.createCollection(name, definition)
            #expect(try await target.connection.partitions(of: name) == ["_default", "p"])
            let found = try #require(try await target.connection.collection(name))
            #expect(found.properties.map(\.value) == ["86400"])
            let isLite = try await target.connection.server().isLite
            #expect(found.shardsNum == (isLite ? 1 : 3))

            collection.schema.fields[1].typeParams[0].value = "4"
            let other = try collection.definition(name)
            let failure = await #expect(throws: TargetFailure.self) {
                try await target.createCollection(name, other)
            }
            #expect(failure?.code == .conflict)
            #expect(
                failure?.message
                    == "Cannot create the collection \(name): one is there, and its field vector has dim 2, not 4."
            )
        }
    }

    @Test(arguments: TargetLiveServers.uris)
    func `keys that the source makes are explicit on the target`(uri: String) async throws {
        for kind in [PrimaryKey.Kind.int64, .varchar] {
            try await TargetLiveServers.with(uri) { target, name in
                var collection = TargetCollection(kind, isAutoID: true)
                collection.addVector()
                try await target.createCollection(name, collection.definition(name))
                let found = try #require(try await target.connection.collection(name))
                #expect(CollectionShape(found.schema).fields.allSatisfy { $0.isAutoID == false })
            }
        }
    }

    @Test(arguments: TargetLiveServers.uris)
    func `partitions are created and dropped, loaded or not, twice without harm`(
        uri: String
    ) async throws {
        try await TargetLiveServers.with(uri) { target, name in
            try await target.createCollection(name, plain.definition(name))
            for _ in 0..<2 { try await target.createPartition("p", of: name) }
            try await target.indexAndLoad(name)
            for _ in 0..<2 { try await target.dropPartition("p", of: name) }
            #expect(try await target.connection.partitions(of: name) == ["_default"])
        }
    }

    @Test(arguments: TargetLiveServers.uris)
    func `indexes are created and dropped, twice without harm`(uri: String) async throws {
        try await TargetLiveServers.with(uri) { target, name in
            try await target.createCollection(name, plain.definition(name))
            for _ in 0..<2 { try await target.createIndex(index(), on: name) }
            let isLite = try await target.connection.server().isLite
            let found = try await target.connection.indexes(of: name)
            #expect(found.map(\.indexName) == [isLite ? "vector" : "i"])
            #expect(try await target.connection.loadState(of: name) == .notLoad)
            let failure = await #expect(throws: TargetFailure.self) {
                try await target.createIndex(index(17), on: name)
            }
            #expect(failure?.code == .conflict)
            #expect(
                failure?.message.hasSuffix("one is there, and its nlist is 16, not 17.") == true
            )
            for _ in 0..<2 { try await target.dropIndex(index(), on: name) }
            #expect(try await target.connection.indexes(of: name).isEmpty)
        }
    }

    @Test(arguments: TargetLiveServers.uris)
    func `an index of a loaded collection is dropped where the server can do without`(
        uri: String
    ) async throws {
        try await TargetLiveServers.with(uri) { target, name in
            try await target.createCollection(name, plain.definition(name))
            try await target.createIndex(index(), on: name)
            try await target.load(name, partitions: nil, replicas: 1)
            try await target.waitUntilLoaded(name)
            if try await target.connection.server().isLite {
                try await target.dropIndex(index(), on: name)
                #expect(try await target.connection.indexes(of: name).isEmpty)
                #expect(try await target.connection.loadState(of: name) == .loaded)
            } else {
                let failure = await #expect(throws: TargetFailure.self) {
                    try await target.dropIndex(index(), on: name)
                }
                #expect(failure?.code == .rejected)
            }
        }
    }

    @Test(arguments: TargetLiveServers.uris)
    func `loading and releasing twice does no harm, and more replicas than nodes become one`(
        uri: String
    ) async throws {
        try await TargetLiveServers.with(uri) { target, name in
            try await target.createCollection(name, plain.definition(name))
            try await target.createPartition("p", of: name)
            try await target.createIndex(index(), on: name)
            for _ in 0..<2 { try await target.load(name, partitions: nil, replicas: 2) }
            try await target.waitUntilLoaded(name)
            for _ in 0..<2 { try await target.release(name, partitions: nil) }
            #expect(try await target.connection.loadState(of: name) == .notLoad)
            for _ in 0..<2 { try await target.load(name, partitions: ["p"], replicas: 1) }
            try await target.waitUntilLoaded(name)
            let isLite = try await target.connection.server().isLite
            let rest = try await target.connection.loadState(of: name, partitions: ["_default"])
            #expect(rest == (isLite ? .loaded : .notLoad))
            for _ in 0..<2 { try await target.release(name, partitions: ["p"]) }
            try await target.flush(name)
        }
    }

    @Test(arguments: TargetLiveServers.uris)
    func `aliases are created, moved and dropped, twice without harm`(uri: String) async throws {
        try await TargetLiveServers.with(uri) { target, name in
            let other = CollectionName(database: name.database, collection: name.collection + "_b")
            let alias = name.collection + "_alias"
            try await target.createCollection(name, plain.definition(name))
            try await target.createCollection(other, plain.definition(other))
            for _ in 0..<2 { try await target.createAlias(alias, of: name) }
            let failure = await #expect(throws: TargetFailure.self) {
                try await target.createAlias(alias, of: other)
            }
            #expect(failure?.code == .conflict)
            for _ in 0..<2 { try await target.alterAlias(alias, of: other) }
            #expect(try await target.connection.aliases(of: other) == [alias])
            let taken = CollectionName(database: name.database, collection: alias)
            let second = await #expect(throws: TargetFailure.self) {
                try await target.createCollection(taken, plain.definition(taken))
            }
            #expect(
                second?.message.hasSuffix("the name is an alias of \(other.collection).") == true
            )
            for _ in 0..<2 { try await target.dropAlias(alias, in: name.database) }
            #expect(try await target.connection.describe(taken) == nil)
            try await target.dropCollection(other)
        }
    }

    @Test(arguments: TargetLiveServers.uris)
    func `a collection is dropped with its aliases, whose names others can have then`(
        uri: String
    ) async throws {
        try await TargetLiveServers.with(uri) { target, name in
            let other = CollectionName(database: name.database, collection: name.collection + "_b")
            let aliases = [name.collection + "_x", name.collection + "_y"]
            try await target.createCollection(name, plain.definition(name))
            try await target.createCollection(other, plain.definition(other))
            for alias in aliases { try await target.createAlias(alias, of: name) }
            for _ in 0..<2 { try await target.dropCollection(name) }
            for alias in aliases { try await target.createAlias(alias, of: other) }
            #expect(try await target.connection.aliases(of: other) == aliases)
            try await target.dropCollection(other)
            let second = CollectionName(database: name.database, collection: aliases[0])
            try await target.createCollection(second, plain.definition(second))
            try await target.dropCollection(second)
        }
    }

    @Test(arguments: TargetLiveServers.uris)
    func `collections are renamed and dropped, twice without harm`(uri: String) async throws {
        try await TargetLiveServers.with(uri) { target, name in
            let other = CollectionName(database: name.database, collection: name.collection + "_b")
            try await target.createCollection(name, plain.definition(name))
            for _ in 0..<2 { try await target.renameCollection(name, to: other) }
            #expect(try await target.connection.collection(name) == nil)
            #expect(try await target.connection.collection(other) != nil)
            for _ in 0..<2 { try await target.dropCollection(other) }
            let failure = await #expect(throws: TargetFailure.self) {
                try await target.renameCollection(name, to: other)
            }
            #expect(failure?.code == .rejected)
        }
    }

    @Test(arguments: TargetLiveServers.uris)
    func `databases are created and dropped, twice without harm`(uri: String) async throws {
        try await TargetLiveServers.with(uri) { target, name in
            let database = name.collection
            for _ in 0..<2 { try await target.createDatabase(database, properties: []) }
            let inside = CollectionName(database: database, collection: "c")
            try await target.createCollection(inside, plain.definition(inside))
            try await target.createDatabase("default", properties: [])
            #expect(try await target.connection.collections(in: database) == ["c"])
            let failure = await #expect(throws: TargetFailure.self) {
                try await target.dropDatabase(database)
            }
            #expect(failure?.code == .rejected)
            try await target.dropCollection(inside)
            for _ in 0..<2 { try await target.dropDatabase(database) }
            try await target.dropCollection(inside)
            #expect(try await target.connection.databases().contains(database) == false)
        }
    }

    @Test(arguments: TargetLiveServers.uris)
    func `properties are set and changed, and fields are not`(uri: String) async throws {
        try await TargetLiveServers.with(uri) { target, name in
            var collection = plain
            try await target.createCollection(name, collection.definition(name))
            for seconds in ["60", "61"] {
                collection.properties = [Property(key: "collection.ttl.seconds", value: seconds)]
                for _ in 0..<2 {
                    try await target.alterCollection(name, collection.definition(name))
                }
                let found = try #require(try await target.connection.collection(name))
                #expect(found.properties.map(\.value) == [seconds])
            }
            collection.add("new", .int64)
            let failure = await #expect(throws: TargetFailure.self) {
                try await target.alterCollection(name, collection.definition(name))
            }
            #expect(failure?.code == .unsupported)
            collection.schema.fields.removeLast()
            collection.properties = []
            let server = try await target.connection.server()
            if server.removesProperties {
                try await target.alterCollection(name, collection.definition(name))
                let found = try #require(try await target.connection.collection(name))
                #expect(found.properties.isEmpty)
            } else {
                let failure = await #expect(throws: TargetFailure.self) {
                    try await target.alterCollection(name, collection.definition(name))
                }
                #expect(failure?.code == .unsupported)
            }
        }
    }
}

@Suite(.enabled(if: TargetLiveServers.areNamed), .serialized)
struct TargetLiveTruncationTests {
    @Test(arguments: TargetLiveServers.uris)
    func `a truncation leaves a collection without rows, by whatever means the server has`(
        uri: String
    ) async throws {
        try await TargetLiveServers.with(uri) { target, name in
            var collection = TargetCollection()
            collection.addVector()
            let definition = try collection.definition(name)
            try await target.createCollection(name, definition)
            let index = IndexDefinition(
                id: IndexID(rawValue: 1),
                collection: definition.id,
                field: "vector",
                name: "i",
                parameters: [
                    Property(key: "index_type", value: "FLAT"),
                    Property(key: "metric_type", value: "L2"),
                ]
            )
            try await target.createIndex(index, on: name)
            try await target.load(name, partitions: nil, replicas: 1)
            let empty = EmptyCollection(
                definition: definition,
                indexes: [index],
                load: EmptyCollection.Load(partitions: nil, replicas: 1)
            )
            let rows = try TargetColumns.rows(
                [
                    TargetColumns.integers("id", [1, 2, 3]),
                    TargetColumns.vectors("vector", [1, 2, 3, 4, 5, 6], dimension: 2),
                ],
                count: 3
            )
            try await target.insert(
                RowRequest(name: name, definition: definition, partition: nil, rows: [rows])
            )
            for _ in 0..<2 { try await target.truncateCollection(name, empty) }
            while try await target.isLoading(name) { try await Task.sleep(for: .milliseconds(50)) }
            #expect(try await target.heldRows(of: name) == .counted(0))
            #expect(try await target.connection.indexes(of: name).count == 1)
        }
    }
}
