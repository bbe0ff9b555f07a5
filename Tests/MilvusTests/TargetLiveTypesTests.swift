import FoundationEssentials
import MilvusAPI
import Operations
import Replay
import SwiftProtobuf
import Testing

@testable import Milvus

/// Rows of newer types, in the form of the log, on servers that hold them, and told to those that do not.
@Suite(.enabled(if: TargetLiveServers.areNamed), .serialized)
struct TargetLiveTypesTests {
    private typealias Column = TargetColumns.Column

    private static let valid = [true, false, true, true]

    /// A column as the log holds it; with `valid`, the second row is null.
    private func column(
        _ name: String,
        _ type: TargetColumns.DataType,
        isNullable: Bool = false,
        fill: (inout Column) -> Void
    ) -> Column {
        var column = TargetColumns.column(name, type)
        fill(&column)
        if isNullable { column.validData = Self.valid }
        return column
    }

    /// One more than the fields that a test adds.
    private var vectors: Column {
        TargetColumns.vectors("vector", [1, 2, 3, 4, 5, 6, 7, 8], dimension: 2)
    }

    /// Writes columns as two entries, and reads them back.
    private func check(
        _ uri: String,
        _ columns: [Column],
        _ change: @Sendable (inout TargetCollection) -> Void,
        unsupported: String
    ) async throws {
        let all = [TargetColumns.integers("id", [1, 2, 3, 4]), vectors] + columns
        try await TargetLiveServers.with(uri) { target, name in
            var collection = TargetCollection()
            collection.addVector()
            change(&collection)
            let definition = try collection.definition(name)
            guard try await target.connection.server().isLite else {
                let failure = await #expect(throws: TargetFailure.self) {
                    try await target.createCollection(name, definition)
                }
                #expect(failure?.code == .unsupported)
                #expect(failure?.message.contains("\(name)") == true)
                #expect(
                    failure?.message.contains(unsupported) == true,
                    "\(String(describing: failure))"
                )
                return
            }
            try await target.createCollection(name, definition)
            // What is there already is what was asked for.
            try await target.createCollection(name, definition)
            try await target.indexAndLoad(name)
            let entry = try TargetColumns.rows(all, count: 4)
            let expected = MilvusTarget.lines(try DecodedColumns(entry), definition)
            func request(_ rows: [Rows]) -> RowRequest {
                RowRequest(name: name, definition: definition, partition: "_default", rows: rows)
            }
            try await target.insert(request([entry]))
            #expect(try await target.rows(name, definition, where: "id > 0") == expected)
            try await target.upsert(request([entry, entry]))
            #expect(try await target.rows(name, definition, where: "id > 0") == expected)
            #expect(try await target.count(name) == 4)
        }
    }

    @Test(arguments: TargetLiveServers.uris)
    func `geometries come back as they were`(uri: String) async throws {
        func point(_ x: Double, _ y: Double) -> Data {
            var bytes = Data([1, 1, 0, 0, 0])
            for bits in [x.bitPattern, y.bitPattern] {
                bytes += (0..<8).map { UInt8(truncatingIfNeeded: bits >> UInt64(8 * $0)) }
            }
            return bytes
        }
        var polygon = Data([1, 3, 0, 0, 0, 1, 0, 0, 0, 4, 0, 0, 0])
        for corner in [point(0, 0), point(4, 0), point(4, 4), point(0, 0)] {
            polygon += corner.dropFirst(5)
        }
        let places = [point(0.1, -0.0), point(1, 2), polygon, point(1e-7, -1e15)]
        let columns = [
            column("place", .geometry) { $0.scalars.geometryData.data = places },
            column("maybe", .geometry, isNullable: true) {
                $0.scalars.geometryData.data = [places[0], Data(), places[2], places[3]]
            },
        ]
        try await check(
            uri,
            columns,
            {
                $0.add("place", .geometry)
                $0.add("maybe", .geometry) { $0.nullable = true }
            },
            unsupported: "its field place, which is of the type Geometry"
        )
    }

    @Test(arguments: TargetLiveServers.uris)
    func `moments come back as they were`(uri: String) async throws {
        // Milvus-lite has the years 1 to 9999.
        let moments: [Int64] = [
            -62_135_596_800_000_000, -1, 1_740_825_000_123_456, 253_402_300_799_999_999,
        ]
        let columns = [
            column("at", .timestamptz) { $0.scalars.timestamptzData.data = moments },
            column("until", .timestamptz, isNullable: true) {
                $0.scalars.timestamptzData.data = [5, 0, -5, 1_000_000]
            },
            column("since", .timestamptz) { $0.scalars.timestamptzData.data = [0, 1, 2, 3] },
        ]
        try await check(
            uri,
            columns,
            {
                $0.add("at", .timestamptz)
                $0.add("until", .timestamptz) { $0.nullable = true }
                $0.add("since", .timestamptz) { $0.defaultValue.timestamptzData = -7 }
            },
            unsupported: "its field at, which is of the type Timestamptz"
        )
    }

    @Test(arguments: TargetLiveServers.uris)
    func `sparse vectors come back as they were`(uri: String) async throws {
        let column = column("sparse", .sparseFloatVector) {
            $0.vectors.sparseFloatVector.contents = [
                Data([1, 0, 0, 0, 0, 0, 0, 63]), Data([254, 255, 255, 255, 0, 0, 128, 63]),
                Data([0, 0, 0, 0, 1, 0, 0, 0, 7, 0, 0, 0, 205, 204, 204, 61]),
                Data([3, 0, 0, 0, 255, 255, 127, 127]),
            ]
        }
        try await check(
            uri,
            [column],
            { $0.add("sparse", .sparseFloatVector) },
            unsupported: "its field sparse, which is of the type SparseFloatVector"
        )
    }

    @Test(arguments: TargetLiveServers.uris)
    func `nulls of every scalar type come back as nulls`(uri: String) async throws {
        var columns: [Column] = []
        func add(
            _ name: String,
            _ type: TargetColumns.DataType,
            fill: (inout Column) -> Void
        ) { columns.append(column(name, type, isNullable: true, fill: fill)) }
        add("a", .bool) { $0.scalars.boolData.data = [true, false, false, true] }
        add("b", .int8) { $0.scalars.intData.data = [-128, 0, 127, 0] }
        add("c", .int64) { $0.scalars.longData.data = [.min, 0, .max, 0] }
        add("d", .float) { $0.scalars.floatData.data = [-0.0, 0, 1.5, 0.1] }
        add("e", .double) { $0.scalars.doubleData.data = [-0.0, 0, .leastNonzeroMagnitude, 0.1] }
        add("f", .varChar) { $0.scalars.stringData.data = ["", "", "é", "null"] }
        // Milvus-lite takes no number or boolean as a JSON value of its own.
        add("g", .json) {
            $0.scalars.jsonData.data = ["{}", "", "{\"a\":[1,1.5,null]}", "[7]"]
                .map { Data($0.utf8) }
        }
        add("h", .array) {
            $0.scalars.arrayData.data = ([[1, 2], [], [], [-1]] as [[Int64]]).map { numbers in
                var list = Milvus_Proto_Schema_ScalarField()
                list.longData.data = numbers
                return list
            }
        }
        try await check(
            uri,
            columns,
            { collection in
                for (name, type) in [
                    ("a", .bool), ("b", .int8), ("c", .int64), ("d", .float), ("e", .double),
                    ("f", .varChar), ("g", .json), ("h", .array),
                ] as [(String, TargetColumns.DataType)] {
                    let limits = ["max_length": "20", "max_capacity": "8"]
                    collection.add(name, type, type == .array ? ["max_capacity": "8"] : limits) {
                        $0.nullable = true
                        if type == .array { $0.elementType = .int64 }
                    }
                }
            },
            unsupported: "its field a, which can be null"
        )
    }

    @Test(arguments: TargetLiveServers.uris)
    func `values stay beside a default, the zero among them`(uri: String) async throws {
        let columns = [
            column("n", .int64) { $0.scalars.longData.data = [0, 1, 7, -1] },
            column("s", .varChar) { $0.scalars.stringData.data = ["", "a", "none", "b"] },
        ]
        let entry = try TargetColumns.rows(
            [TargetColumns.integers("id", [1, 2, 3, 4]), vectors] + columns,
            count: 4
        )
        try await TargetLiveServers.with(uri) { target, name in
            var collection = TargetCollection()
            collection.addVector()
            collection.add("n", .int64) { $0.defaultValue.longData = 7 }
            collection.add("s", .varChar, ["max_length": "20"]) {
                $0.defaultValue.stringData = "none"
            }
            let definition = try collection.definition(name)
            try await target.createCollection(name, definition)
            try await target.indexAndLoad(name)
            try await target.insert(
                RowRequest(name: name, definition: definition, partition: nil, rows: [entry])
            )
            #expect(
                try await target.rows(name, definition, where: "id > 0")
                    == MilvusTarget.lines(try DecodedColumns(entry), definition)
            )
        }
    }

    @Test(arguments: TargetLiveServers.uris)
    func `arrays of every type come back as they were`(uri: String) async throws {
        func list(
            _ fill: (inout Milvus_Proto_Schema_ScalarField) -> Void
        )
            -> Milvus_Proto_Schema_ScalarField
        {
            var list = Milvus_Proto_Schema_ScalarField()
            fill(&list)
            return list
        }
        let lists: [(String, TargetColumns.DataType, Milvus_Proto_Schema_ScalarField)] = [
            ("a", .bool, list { $0.boolData.data = [true, false] }),
            ("b", .int8, list { $0.intData.data = [-128, 127] }),
            ("c", .int16, list { $0.intData.data = [-32768] }),
            ("d", .int32, list { $0.intData.data = [.min, .max] }),
            ("e", .int64, list { $0.longData.data = [.min, .max] }),
            ("f", .float, list { $0.floatData.data = [-0.0, 0.1] }),
            ("g", .double, list { $0.doubleData.data = [-0.0, .leastNonzeroMagnitude] }),
            ("h", .varChar, list { $0.stringData.data = ["", "é\"\\"] }),
        ]
        let columns = lists.map { name, type, list in
            column(name, .array) {
                $0.scalars.arrayData.elementType = type
                $0.scalars.arrayData.data = [list, list, list, list]
            }
        }
        let entry = try TargetColumns.rows(
            [TargetColumns.integers("id", [1, 2, 3, 4]), vectors] + columns,
            count: 4
        )
        try await TargetLiveServers.with(uri) { target, name in
            var collection = TargetCollection()
            collection.addVector()
            for (name, type, _) in lists {
                let limits = ["max_capacity": "8", "max_length": "20"]
                collection.add(name, .array, limits) { $0.elementType = type }
            }
            let definition = try collection.definition(name)
            try await target.createCollection(name, definition)
            try await target.indexAndLoad(name)
            try await target.insert(
                RowRequest(
                    name: name,
                    definition: definition,
                    partition: nil,
                    rows: [entry, entry]
                )
            )
            #expect(
                try await target.rows(name, definition, where: "id > 0")
                    == MilvusTarget.lines(try DecodedColumns(entry), definition)
            )
        }
    }

    @Test(arguments: TargetLiveServers.uris)
    func `a collection that makes keys is taken where it keeps those it is given`(
        uri: String
    ) async throws {
        try await TargetLiveServers.with(uri) { target, name in
            var collection = TargetCollection(isAutoID: true)
            collection.addVector()
            let definition = try collection.definition(name)
            var request = Milvus_Proto_Milvus_CreateCollectionRequest()
            request.dbName = name.database
            request.collectionName = name.collection
            var schema = collection.schema
            schema.name = name.collection
            request.schema = try schema.serializedBytes()
            request.shardsNum = 1
            let status = try await target.change(
                MilvusTarget.Method.CreateCollection.descriptor,
                request,
                database: name.database,
                doing: "create"
            )
            try status.check("create")
            guard try await target.connection.server().isLite else {
                let failure = await #expect(throws: TargetFailure.self) {
                    try await target.createCollection(name, definition)
                }
                #expect(failure?.code == .conflict)
                #expect(failure?.message.contains("its field id is made by the server") == true)
                return
            }
            try await target.createCollection(name, definition)
            try await target.indexAndLoad(name)
            let entry = try TargetColumns.rows(
                [TargetColumns.integers("id", [77, -5, 9, 1]), vectors],
                count: 4
            )
            let rows = RowRequest(name: name, definition: definition, partition: nil, rows: [entry])
            try await target.insert(rows)
            try await target.upsert(rows)
            let found = try await target.rows(name, definition, where: "id > -100")
            #expect(Set(found.keys) == [.int64(77), .int64(-5), .int64(9), .int64(1)])
        }
    }
}
