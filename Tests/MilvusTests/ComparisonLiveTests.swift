import MilvusAPI
import Operations
import Replay
import Testing

@testable import Milvus

/// Two databases of one server, held against each other.
@Suite(.enabled(if: TargetLiveServers.areNamed), .serialized)
struct ComparisonLiveTests {
    /// What a test works with.
    struct Pair: Sendable {
        let target: MilvusTarget
        let source: String
        let copy: String

        func name(_ collection: String) -> CollectionName {
            CollectionName(database: source, collection: collection)
        }

        func copy(_ collection: String) -> CollectionName {
            CollectionName(database: copy, collection: collection)
        }

        func compare(loads: Bool = false) async throws -> ComparisonReport {
            try await Comparison(
                source: target.connection,
                target: target.connection,
                projection: Projection(
                    include: [NamePattern("\(source).*")],
                    rename: [RenameRule("\(source).*=\(copy).*")]
                ),
                loads: loads
            ).run()
        }

        /// Does the same on both sides.
        func both(_ collection: String, _ body: (CollectionName) async throws -> Void) async throws
        {
            try await body(name(collection))
            try await body(copy(collection))
        }
    }

    private func with(_ uri: String, _ body: @Sendable (Pair) async throws -> Void) async throws {
        let id = UInt64.random(in: 0..<(1 << 48))
        let pair = Pair(
            target: MilvusTarget(try MilvusConnection(uri: uri)),
            source: "flightlog_a\(id)",
            copy: "flightlog_b\(id)"
        )
        try await pair.target.connection.carried { connection in
            for database in [pair.source, pair.copy] {
                try await pair.target.createDatabase(database, properties: [])
            }
            do { try await body(pair) } catch {
                try await clean(pair)
                throw error
            }
            try await clean(pair)
        }
    }

    private func clean(_ pair: Pair) async throws {
        for database in [pair.source, pair.copy] {
            for collection in try await pair.target.connection.collections(in: database) {
                let name = CollectionName(database: database, collection: collection)
                try await pair.target.dropCollection(name)
            }
            try await pair.target.dropDatabase(database)
        }
    }

    private func collection(_ kind: PrimaryKey.Kind = .int64) -> TargetCollection {
        var collection = TargetCollection(kind, hasDynamicField: true)
        collection.addVector()
        collection.add("number", .double)
        return collection
    }

    private func rows(
        _ keys: [Int64],
        number: Double = 1,
        meta: String = "{\"x\":1}"
    ) throws -> Rows {
        var column = TargetColumns.column("number", .double)
        column.scalars.doubleData.data = keys.map { Double($0) * number }
        return try TargetColumns.rows(
            [
                TargetColumns.integers("id", keys), column,
                TargetColumns.vectors("vector", keys.flatMap { [Float($0), 1] }, dimension: 2),
                TargetColumns.json("$meta", keys.map { _ in meta }, isDynamic: true),
            ],
            count: keys.count
        )
    }

    private func insert(_ pair: Pair, _ name: CollectionName, _ rows: Rows) async throws {
        try await pair.target.insert(
            RowRequest(
                name: name,
                definition: collection().definition(name),
                partition: "_default",
                rows: [rows]
            )
        )
    }

    private func fill(_ pair: Pair, _ name: CollectionName, loads: Bool = true) async throws {
        try await pair.target.createCollection(name, collection().definition(name))
        try await insert(pair, name, rows(Array(0..<500)))
        if loads { try await pair.target.indexAndLoad(name) }
    }

    @Test(arguments: TargetLiveServers.uris)
    func `equal servers are equal`(uri: String) async throws {
        try await with(uri) { pair in
            try await pair.both("a") { name in
                try await fill(pair, name)
                try await pair.target.createPartition("p", of: name)
                try await pair.target.createAlias(
                    "\(name.database)_alias".replacing(name.database, with: "x"),
                    of: name
                )
            }
            try await pair.both("empty") { name in
                try await pair.target.createCollection(name, collection().definition(name))
                try await pair.target.indexAndLoad(name)
            }
            let report = try await pair.compare()
            #expect(report.differences == [])
            #expect(report.skipped == [])
            #expect(report.failed == 0)
            #expect(report.passed > 10)
            #expect(report.compared.rows == 500)
            #expect(report.compared.collections == 2)
            #expect(report.compared.aliases == 1)
            #expect(report.compared.indexes == 2)
        }
    }

    @Test(arguments: TargetLiveServers.uris)
    func `every row that differs is told`(uri: String) async throws {
        try await with(uri) { pair in
            try await pair.both("a") { name in try await fill(pair, name) }
            try await insert(pair, pair.name("a"), rows([1000]))
            try await insert(pair, pair.copy("a"), rows([2000]))
            let changed = RowRequest(
                name: pair.copy("a"),
                definition: try collection().definition(pair.copy("a")),
                partition: "_default",
                rows: [try rows([3], number: -1), try rows([4], meta: "{\"x\":1.0}")]
            )
            try await pair.target.upsert(changed)
            let report = try await pair.compare()
            let subject = "\(pair.source).a"
            #expect(
                report.differences == [
                    "\(subject): its row 1000 is missing on the target",
                    "\(subject): its row 2000 is on the target only",
                    "\(subject): its row 3 differs: number is 3.0 on the source and -3.0 on the target",
                    "\(subject): its row 4 differs: $meta is {\"x\":1} on the source and {\"x\":{\"$d\":\"000000000000f03f\"}} on the target",
                ]
            )
            #expect(report.failed == 1)
        }
    }

    @Test(arguments: TargetLiveServers.uris)
    func `every definition that differs is told`(uri: String) async throws {
        try await with(uri) { pair in
            let isLite = try await pair.target.connection.server().isLite
            var definition = collection()
            definition.properties = [Property(key: "collection.ttl.seconds", value: "86400")]
            definition.partitions.append(
                PartitionDefinition(id: PartitionID(rawValue: 2), name: "p")
            )
            try await pair.target.createCollection(
                pair.name("a"),
                definition.definition(pair.name("a"))
            )
            definition.schema.fields[2].dataType = .float
            definition.shards = 1
            definition.properties = []
            definition.partitions[1] = PartitionDefinition(id: PartitionID(rawValue: 2), name: "q")
            try await pair.target.createCollection(
                pair.copy("a"),
                definition.definition(pair.copy("a"))
            )
            try await pair.target.indexAndLoad(pair.name("a"))
            try await pair.target.createAlias("y", of: pair.name("a"))
            try await pair.target.createCollection(
                pair.copy("b"),
                definition.definition(pair.copy("b"))
            )
            try await pair.target.createCollection(
                pair.name("c"),
                definition.definition(pair.name("c"))
            )
            let report = try await pair.compare()
            let subject = "\(pair.source).a"
            var expected = [
                "on the target, its field number is float, not double",
                "its collection.ttl.seconds is \"86400\" on the source and unset on the target",
                "it has 2 shards on the source and 1 on the target",
                "its partition p is missing on the target", "its partition q is on the target only",
                "its index the_index on the field vector is missing on the target",
                "its alias y is missing on the target",
                "it is loaded on the source and not loaded on the target",
            ]
            if isLite {
                expected.remove(at: 7)
                expected.remove(at: 2)
                expected[4] = "its index vector on the field vector is missing on the target"
            }
            #expect(
                report.differences == expected.map { "\(subject): \($0)" } + [
                    "\(pair.source).c: the collection is missing on the target, where it is called \(pair.copy).c"
                ]
            )
        }
    }

    @Test(arguments: TargetLiveServers.uris)
    func `a database that is missing is told, and what is missing with it`(uri: String) async throws
    {
        try await with(uri) { pair in
            try await pair.target.createCollection(
                pair.name("a"),
                collection().definition(pair.name("a"))
            )
            let report = try await Comparison(
                source: pair.target.connection,
                target: pair.target.connection,
                projection: Projection(
                    include: [NamePattern("\(pair.source).*")],
                    rename: [RenameRule("\(pair.source).*=no_such.*")]
                )
            ).run()
            #expect(
                report.differences == [
                    "\(pair.source): the database is missing on the target",
                    "\(pair.source).a: the collection is missing on the target, where it is called no_such.a",
                ]
            )
        }
    }

    @Test(arguments: TargetLiveServers.uris)
    func `rows that are not loaded are listed, or loaded for the time if that is wanted`(
        uri: String
    ) async throws {
        try await with(uri) { pair in
            let target = pair.target
            try await pair.both("a") { name in
                try await fill(pair, name)
                try await target.release(name, partitions: nil)
            }
            let report = try await pair.compare()
            #expect(
                report.skipped
                    == [
                        "\(pair.source).a: its rows are not compared: it is not loaded on the source"
                    ]
            )
            #expect(report.isEqual)
            #expect(report.isComplete == false)
            let loaded = try await pair.compare(loads: true)
            #expect(loaded.skipped == [])
            #expect(loaded.isEqual)
            #expect(loaded.compared.rows == 500)
            for name in [pair.name("a"), pair.copy("a")] {
                #expect(try await target.connection.loadState(of: name) == .notLoad)
            }
        }
    }

    @Test(arguments: TargetLiveServers.uris)
    func `rows without an index are compared where the server can read them`(
        uri: String
    ) async throws {
        try await with(uri) { pair in
            try await pair.both("a") { name in try await fill(pair, name, loads: false) }
            let report = try await pair.compare(loads: true)
            if try await pair.target.connection.server().isLite {
                #expect(report.compared.rows == 500)
            } else {
                #expect(report.skipped.count == 1)
                #expect(report.skipped.first?.contains("it cannot be loaded on the source") == true)
            }
        }
    }

    @Test(arguments: TargetLiveServers.uris)
    func `no row is skipped where segments hold keys many times`(uri: String) async throws {
        try await with(uri) { pair in
            try await pair.both("a") { name in
                try await pair.target.createCollection(name, collection().definition(name))
                try await insert(pair, name, rows(Array(stride(from: 0, to: 4001, by: 2))))
                try await pair.target.flush(name)
                try await pair.target.indexAndLoad(name)
                for _ in 0..<10 { try await insert(pair, name, rows(Array(0..<2000))) }
            }
            let report = try await pair.compare()
            #expect(report.differences == [])
            #expect(report.compared.rows == 3001)
        }
    }

    @Test(arguments: TargetLiveServers.uris)
    func `collections with keys of any text and number are read to the end`(
        uri: String
    ) async throws {
        let texts = [
            "", "\"", "\\", "\n", "\u{0}", "\u{1}", "a", "a\u{0}", "e\u{301}", "é", "😀", "\u{ffff}",
            "zz",
        ]
        try await with(uri) { pair in
            try await pair.both("texts") { name in
                let definition = try collection(.varchar).definition(name)
                try await pair.target.createCollection(name, definition)
                try await pair.target.indexAndLoad(name)
                for text in texts {
                    var number = TargetColumns.column("number", .double)
                    number.scalars.doubleData.data = [1]
                    let row = try TargetColumns.rows(
                        [
                            TargetColumns.texts("key", [text]), number,
                            TargetColumns.vectors("vector", [1, 1], dimension: 2),
                            TargetColumns.json("$meta", ["{}"], isDynamic: true),
                        ],
                        count: 1
                    )
                    try await pair.target.insert(
                        RowRequest(
                            name: name,
                            definition: definition,
                            partition: "_default",
                            rows: [row]
                        )
                    )
                }
            }
            try await pair.both("numbers") { name in
                try await pair.target.createCollection(name, collection().definition(name))
                try await pair.target.indexAndLoad(name)
                try await insert(pair, name, rows([.min, .min + 1, -1, 0, 1, .max - 1, .max]))
            }
            let report = try await pair.compare()
            #expect(report.differences == [])
            #expect(report.compared.rows == texts.count + 6)
            #expect(
                report.skipped == [
                    "\(pair.source).numbers: its row 9223372036854775807 is counted only:"
                        + " Milvus does not return this key"
                ]
            )
        }
    }

    @Test(.enabled(if: TargetLiveServers.uris.count > 1))
    func `different servers with the same rows are equal, and their ways are noted`() async throws {
        let uris = TargetLiveServers.uris
        try await TargetLiveServers.with(uris[0]) { first, name in
            try await MilvusConnection(uri: uris[1]).carried { connection in
                let second = MilvusTarget(connection)
                for target in [first, second] {
                    var definition = collection()
                    definition.partitions.append(
                        PartitionDefinition(id: PartitionID(rawValue: 2), name: "p")
                    )
                    try await target.createCollection(name, definition.definition(name))
                    try await target.indexAndLoad(name)
                    let request = RowRequest(
                        name: name,
                        definition: try definition.definition(name),
                        partition: "p",
                        rows: [
                            try rows(Array(0..<100)),
                            try rows([1000], number: .pi, meta: "{\"é\":[1,2.5,null]}"),
                        ]
                    )
                    try await target.insert(request)
                }
                let report = try await Comparison(
                    source: first.connection,
                    target: connection,
                    projection: Projection(include: [NamePattern("\(name)")])
                ).run()
                #expect(report.differences == [])
                #expect(report.skipped == [])
                #expect(report.compared.rows == 101)
                let products = try await [first.describe().product, second.describe().product]
                if products.contains(where: { $0.hasPrefix("milvus-lite") }),
                    products[0] != products[1]
                {
                    #expect(report.notes.contains { $0.contains("shards") })
                    #expect(report.notes.contains { $0.contains("the_index") })
                }
                try await second.dropCollection(name)
            }
        }
    }
}
