import FoundationEssentials
import MilvusAPI
import Operations
import Replay
import SwiftProtobuf
import Testing

@testable import Milvus

@Suite(.enabled(if: TargetLiveServers.areNamed), .serialized)
struct TargetLiveRowsTests {
    private func request(
        _ name: CollectionName,
        _ definition: CollectionDefinition,
        _ rows: [Rows],
        partition: String? = "_default"
    ) -> RowRequest {
        RowRequest(name: name, definition: definition, partition: partition, rows: rows)
    }

    private func deletion(
        _ name: CollectionName,
        _ definition: CollectionDefinition,
        _ keys: [PrimaryKeyValue],
        partition: String? = nil
    ) throws -> DeleteRequest {
        var ids = Milvus_Proto_Schema_IDs()
        for key in keys {
            switch key {
            case .int64(let number): ids.intID.data.append(number)
            case .varchar(let text): ids.strID.data.append(String(decoding: text, as: UTF8.self))
            }
        }
        let deleted = DeletedKeys(
            collection: CollectionID(rawValue: 5),
            partition: nil,
            shard: 0,
            count: keys.count,
            keys: (try ids.serializedBytes() as [UInt8])[...]
        )
        return DeleteRequest(
            name: name,
            definition: definition,
            partition: partition,
            keys: [deleted]
        )
    }

    /// Keys and vectors of two dimensions.
    private func entry(_ keys: [Int64], vector: Float = 1) throws -> Rows {
        try TargetColumns.rows(
            [
                TargetColumns.integers("id", keys),
                TargetColumns.vectors(
                    "vector",
                    keys.flatMap { [Float($0), vector] },
                    dimension: 2
                ),
            ],
            count: keys.count
        )
    }

    private var plain: TargetCollection {
        var collection = TargetCollection()
        collection.addVector()
        return collection
    }

    @Test(arguments: TargetLiveServers.uris)
    func `rows of every type, from several entries, come back as they were`(
        uri: String
    ) async throws {
        try await TargetLiveServers.with(uri) { target, name in
            let isLite = try await target.connection.server().isLite
            var collection = TargetCollection(isAutoID: true, hasDynamicField: true)
            collection.add("text", .varChar, ["max_length": "64"])
            collection.add("bool", .bool)
            collection.add("int8", .int8)
            collection.add("int32", .int32)
            collection.add("float", .float)
            collection.add("double", .double)
            collection.add("array", .array, ["max_capacity": "8"]) { $0.elementType = .int64 }
            collection.add("vector", .floatVector, ["dim": "4"])
            collection.add("json", .json)
            let definition = try collection.definition(name)
            try await target.createCollection(name, definition)
            try await target.indexAndLoad(name)

            let sent = Set(collection.schema.fields.map(\.name) + ["$meta"])
            let entries = try [Int64(0)..<40, 40..<41, 41..<100].map { range in
                try TargetColumns.rows(
                    TargetColumns.everyType(range).filter { sent.contains($0.fieldName) }
                        .map { column in
                            // Infinity is no value of a vector.
                            guard column.fieldName == "vector" else { return column }
                            var column = column
                            column.vectors.floatVector.data = range.flatMap {
                                [Float($0), -0.0, Float.leastNonzeroMagnitude, 0.1]
                            }
                            return column
                        }
                        .reversed(),
                    count: range.count
                )
            }
            try await target.insert(request(name, definition, entries))
            var expected: [PrimaryKeyValue: String] = [:]
            for entry in entries {
                expected.merge(MilvusTarget.lines(try DecodedColumns(entry), definition)) { $1 }
            }
            let found = try await target.rows(name, definition, where: "id >= 0")
            #expect(found.count == 100)
            #expect(found == expected, "\(isLite)")
        }
    }

    @Test(arguments: TargetLiveServers.uris)
    func `binary vectors are merged, or refused with a sentence`(uri: String) async throws {
        try await TargetLiveServers.with(uri) { target, name in
            var collection = TargetCollection(.varchar, isAutoID: true)
            collection.add("binary", .binaryVector, ["dim": "16"])
            let definition = try collection.definition(name)
            if try await target.connection.server().isLite {
                let failure = await #expect(throws: TargetFailure.self) {
                    try await target.createCollection(name, definition)
                }
                #expect(failure?.code == .unsupported, "\(String(describing: failure))")
                return
            }
            try await target.createCollection(name, definition)
            try await target.indexAndLoad(name, field: "binary", metric: "HAMMING")
            func entry(_ keys: [String], _ bytes: [UInt8]) throws -> Rows {
                var column = TargetColumns.column("binary", .binaryVector)
                column.vectors.dim = 16
                column.vectors.binaryVector = Data(bytes)
                return try TargetColumns.rows(
                    [TargetColumns.texts("key", keys), column],
                    count: keys.count
                )
            }
            let entries = [try entry(["a"], [1, 2]), try entry(["b", "c"], [3, 4, 5, 255])]
            try await target.insert(request(name, definition, entries))
            let found = try await target.rows(name, definition, where: "key >= \"\"")
            #expect(found[.varchar(Array("c".utf8))] == "{\"binary\":\"05ff\",\"key\":\"c\"}")
            #expect(found.count == 3)
        }
    }

    @Test(arguments: TargetLiveServers.uris)
    func `the same keys inserted ten times are there ten times`(uri: String) async throws {
        try await TargetLiveServers.with(uri) { target, name in
            let definition = try plain.definition(name)
            try await target.createCollection(name, definition)
            try await target.indexAndLoad(name)
            for _ in 0..<5 {
                try await target.insert(
                    request(name, definition, [entry([1, 2, 3]), entry([1, 2, 3])])
                )
            }
            // Milvus-lite keeps one row for each key, whatever it is sent.
            let isLite = try await target.connection.server().isLite
            #expect(try await target.count(name) == (isLite ? 3 : 30))
        }
    }

    @Test(arguments: TargetLiveServers.uris)
    func `texts of any kind can be keys and be deleted`(uri: String) async throws {
        let keys = [
            "", "\"", "'", "\\", "\n", "\r", "\t", "\u{0}", "\u{1}\u{7f}\u{1b}", "é\u{2028}😀",
            "e\u{301}",
            "\\n", "\\\"", "a\"b'c\\d\ne", "%", "_", "{}", "$meta", "\u{8}\u{c}\u{b}", "\u{85}",
            " in []",
        ]
        try await TargetLiveServers.with(uri) { target, name in
            var collection = TargetCollection(.varchar)
            collection.addVector()
            let definition = try collection.definition(name)
            try await target.createCollection(name, definition)
            try await target.indexAndLoad(name)
            let rows = try TargetColumns.rows(
                [
                    TargetColumns.texts("key", keys),
                    TargetColumns.vectors("vector", keys.flatMap { _ in [1, 2] }, dimension: 2),
                ],
                count: keys.count
            )
            try await target.insert(request(name, definition, [rows]))
            var left = Set(keys.map { PrimaryKeyValue.varchar(Array($0.utf8)) })
            for key in keys.map({ PrimaryKeyValue.varchar(Array($0.utf8)) }) {
                try await target.delete(deletion(name, definition, [key]))
                left.remove(key)
                let found = try await target.rows(name, definition, where: "key >= \"\"")
                #expect(Set(found.keys) == left, "after \(key)")
            }
            try await target.insert(request(name, definition, [rows]))
            try await target.delete(
                deletion(name, definition, keys.map { .varchar(Array($0.utf8)) })
            )
            #expect(try await target.count(name) == 0)
        }
    }

    @Test(arguments: TargetLiveServers.uris)
    func `the least and the greatest key can be deleted, unloaded too`(uri: String) async throws {
        let keys: [Int64] = [.min, .min + 1, -1, 0, .max]
        try await TargetLiveServers.with(uri) { target, name in
            let definition = try plain.definition(name)
            try await target.createCollection(name, definition)
            for isLoaded in [false, true] {
                try await target.insert(request(name, definition, [entry(keys)]))
                if isLoaded { try await target.indexAndLoad(name) }
                try await target.delete(
                    deletion(name, definition, [.int64(.min), .int64(0), .int64(.max), .int64(77)])
                )
                try await target.indexAndLoad(name)
                let found = try await target.rows(
                    name,
                    definition,
                    where: "id <= 9223372036854775807"
                )
                #expect(Set(found.keys) == [.int64(.min + 1), .int64(-1)])
                try await target.delete(deletion(name, definition, keys.map { .int64($0) }))
                try await target.release(name, partitions: nil)
            }
        }
    }

    @Test(arguments: TargetLiveServers.uris)
    func `an upsert of several entries leaves the last row of each key`(uri: String) async throws {
        try await TargetLiveServers.with(uri) { target, name in
            var collection = TargetCollection(hasDynamicField: true)
            collection.addVector()
            let definition = try collection.definition(name)
            try await target.createCollection(name, definition)
            try await target.indexAndLoad(name)
            func entry(_ keys: [Int64], _ meta: String) throws -> Rows {
                try TargetColumns.rows(
                    [
                        TargetColumns.integers("id", keys),
                        TargetColumns.vectors(
                            "vector",
                            keys.flatMap { _ in [0, 1] },
                            dimension: 2
                        ),
                        TargetColumns.json("$meta", keys.map { _ in meta }, isDynamic: true),
                    ],
                    count: keys.count
                )
            }
            try await target.insert(request(name, definition, [entry([1, 2, 3], "{\"x\":1}")]))
            try await target.upsert(
                request(
                    name,
                    definition,
                    [
                        entry([1, 2], "{\"y\":2}"), entry([4], "{}"), entry([2, 5], "{\"z\":3}"),
                    ]
                )
            )
            #expect(try await target.count(name) == 5)
            let found = try await target.rows(name, definition, where: "id > 0")
            func meta(_ key: Int64) -> String? {
                found[.int64(key)]?.split(separator: ",\"id\"").first.map {
                    String($0.dropFirst(9))
                }
            }
            #expect(
                (1...5).map(meta) == ["{\"y\":2}", "{\"z\":3}", "{\"x\":1}", "{}", "{\"z\":3}"]
            )
        }
    }

    @Test(arguments: TargetLiveServers.uris)
    func `upserted rows are found by their partition key`(uri: String) async throws {
        try await TargetLiveServers.with(uri) { target, name in
            var collection = TargetCollection()
            collection.addVector()
            collection.add("tenant", .varChar, ["max_length": "32"]) { $0.isPartitionKey = true }
            collection.partitions = (0..<16).map {
                PartitionDefinition(id: PartitionID(rawValue: $0), name: "_default_\($0)")
            }
            let definition = try collection.definition(name)
            try await target.createCollection(name, definition)
            try await target.indexAndLoad(name)
            func entry(_ tenant: String) throws -> Rows {
                try TargetColumns.rows(
                    [
                        TargetColumns.integers("id", Array(0..<40)),
                        TargetColumns.vectors(
                            "vector",
                            [Float](repeating: 1, count: 80),
                            dimension: 2
                        ),
                        TargetColumns.texts("tenant", (0..<40).map { "\(tenant)\($0)" }),
                    ],
                    count: 40
                )
            }
            try await target.insert(request(name, definition, [entry("old")], partition: nil))
            try await target.upsert(request(name, definition, [entry("new")], partition: nil))
            #expect(try await target.count(name) == 40)
            for number in stride(from: 0, to: 40, by: 5) {
                let found = try await target.rows(
                    name,
                    definition,
                    where: "tenant == \"new\(number)\""
                )
                #expect(Array(found.keys) == [.int64(Int64(number))])
            }
        }
    }

    /// Applies an insert in doubt; returns what was held of its keys.
    private func held(_ target: MilvusTarget, _ request: RowRequest) async throws -> Int? {
        var found: Int?
        try await target.insertInDoubt(request) { found = $0 }
        return found
    }

    @Test(arguments: TargetLiveServers.uris)
    func `an insert in doubt leaves each key once, whatever was there`(uri: String) async throws {
        try await TargetLiveServers.with(uri) { target, name in
            let definition = try plain.definition(name)
            try await target.createCollection(name, definition)
            let doubtful = try request(name, definition, [entry([1, 2]), entry([3])])
            // Milvus-lite needs no index, and without one a collection is always loaded.
            let isLite = try await target.connection.server().isLite
            #expect(try await held(target, doubtful) == (isLite ? 0 : nil))
            #expect(try await held(target, doubtful) == (isLite ? 3 : nil))
            try await target.indexAndLoad(name)
            #expect(try await target.count(name) == 3)
            #expect(try await held(target, doubtful) == 3)
            #expect(try await target.count(name) == 3)
            let isNew = try request(name, definition, [entry([7, 8])])
            #expect(try await held(target, isNew) == 0)
            #expect(try await held(target, isNew) == 2)
            #expect(try await target.count(name) == 5)
        }
    }

    @Test(arguments: TargetLiveServers.uris)
    func `rows go to their partition and are deleted from it alone`(uri: String) async throws {
        try await TargetLiveServers.with(uri) { target, name in
            var collection = plain
            collection.partitions.append(
                PartitionDefinition(id: PartitionID(rawValue: 2), name: "p")
            )
            let definition = try collection.definition(name)
            try await target.createCollection(name, definition)
            try await target.indexAndLoad(name)
            try await target.insert(request(name, definition, [entry([1, 2])], partition: "p"))
            try await target.insert(request(name, definition, [entry([5, 6])]))
            let keys: [PrimaryKeyValue] = [.int64(1), .int64(5)]
            try await target.delete(deletion(name, definition, keys, partition: "p"))
            let found = try await target.rows(name, definition, where: "id > 0")
            #expect(Set(found.keys) == [.int64(2), .int64(5), .int64(6)])
            try await target.delete(deletion(name, definition, keys))
            #expect(try await target.count(name) == 2)
        }
    }

    @Test(arguments: TargetLiveServers.uris)
    func `rows are counted where they are loaded`(uri: String) async throws {
        try await TargetLiveServers.with(uri) { target, name in
            #expect(try await target.heldRows(of: name) == .absent)
            let definition = try plain.definition(name)
            try await target.createCollection(name, definition)
            try await target.insert(request(name, definition, [entry([1, 2, 3])]))
            // Milvus-lite has everything loaded.
            let held = try await target.heldRows(of: name)
            #expect(held == .uncounted || held == .counted(3))
            try await target.indexAndLoad(name)
            #expect(try await target.heldRows(of: name) == .counted(3))
        }
    }

    @Test(arguments: TargetLiveServers.uris)
    func `a request above the limits is spread over several calls`(uri: String) async throws {
        try await TargetLiveServers.with(uri) { target, name in
            let definition = try plain.definition(name)
            try await target.createCollection(name, definition)
            try await target.indexAndLoad(name)
            let entries = try (0..<5).map { try entry(Array(($0 * 5000)..<(($0 + 1) * 5000))) }
            try await target.insert(request(name, definition, entries))
            #expect(try await target.count(name) == 25_000)
            let keys = (0..<24_999).map { PrimaryKeyValue.int64($0) }
            try await target.delete(deletion(name, definition, keys))
            #expect(try await target.count(name) == 1)
        }
    }
}
