import FoundationEssentials
import MilvusAPI
import Operations
import Replay
import SwiftProtobuf
import Testing

@testable import Milvus

/// Real servers to test against, named by the environment variable `FLIGHTLOG_TEST_TARGETS`:
/// URIs, with commas between them.
enum TargetLiveServers {
    static let uris: [String] =
        (ProcessInfo.processInfo.environment["FLIGHTLOG_TEST_TARGETS"] ?? "")
        .split(separator: ",").map(String.init)

    static var areNamed: Bool { uris.isEmpty == false }

    /// A target on a server, and a collection name that nobody else uses; both are gone afterwards.
    static func with(
        _ uri: String,
        _ body: @Sendable (MilvusTarget, CollectionName) async throws -> Void
    ) async throws {
        let name = CollectionName(
            database: "default",
            collection: "flightlog_\(UInt64.random(in: 0..<(1 << 48)))"
        )
        try await MilvusConnection(uri: uri).carried { connection in
            let target = MilvusTarget(connection)
            try await target.connect()
            do {
                try await body(target, name)
            } catch {
                try await target.dropCollection(name)
                throw error
            }
            try await target.dropCollection(name)
        }
    }
}

/// A collection of a source, made up for a test.
struct TargetCollection {
    var schema = Milvus_Proto_Schema_CollectionSchema()
    var partitions = [PartitionDefinition(id: PartitionID(rawValue: 1), name: "_default")]
    var properties: [Property] = []
    var shards = 2

    /// A collection with the key `id` or, of texts, `key`.
    init(_ kind: PrimaryKey.Kind = .int64, isAutoID: Bool = false, hasDynamicField: Bool = false) {
        add(
            kind == .int64 ? "id" : "key",
            kind == .int64 ? .int64 : .varChar,
            ["max_length": "128"]
        ) {
            $0.isPrimaryKey = true
            $0.autoID = isAutoID
        }
        schema.enableDynamicField = hasDynamicField
    }

    mutating func add(
        _ name: String,
        _ type: Milvus_Proto_Schema_DataType,
        _ parameters: [String: String] = [:],
        change: (inout Milvus_Proto_Schema_FieldSchema) -> Void = { _ in }
    ) {
        var field = Milvus_Proto_Schema_FieldSchema()
        field.fieldID = Int64(500 + schema.fields.count)
        field.name = name
        field.dataType = type
        let isText = type == .varChar
        field.typeParams = parameters.filter { isText || $0.key != "max_length" || type == .array }
            .map { Property(key: $0, value: $1).pair }
        change(&field)
        schema.fields.append(field)
    }

    mutating func addVector(dimension: Int = 2) {
        add("vector", .floatVector, ["dim": "\(dimension)"])
    }

    func definition(_ name: CollectionName) throws -> CollectionDefinition {
        let key = schema.fields[0]
        return CollectionDefinition(
            id: CollectionID(rawValue: 5),
            database: .default,
            name: name.collection,
            schema: try schema.serializedBytes(),
            primaryKey: PrimaryKey(
                field: key.name,
                kind: key.dataType == .int64 ? .int64 : .varchar,
                isAutoID: key.autoID
            ),
            hasPartitionKey: schema.fields.contains { $0.isPartitionKey },
            hasDynamicField: schema.enableDynamicField,
            virtualChannels: (0..<shards).map {
                VirtualChannel(name: "c_5v\($0)", physical: PhysicalChannel("c"))
            },
            consistencyLevel: 2,
            properties: properties,
            partitions: partitions,
            createdAt: .zero
        )
    }
}

extension MilvusTarget {
    /// Creates a FLAT index on a vector field and loads, waiting until it is.
    func indexAndLoad(
        _ name: CollectionName,
        field: String = "vector",
        metric: String = "L2"
    ) async throws {
        let index = IndexDefinition(
            id: IndexID(rawValue: 1),
            collection: CollectionID(rawValue: 5),
            field: field,
            name: "the_index",
            parameters: [
                Property(key: "index_type", value: metric == "L2" ? "FLAT" : "BIN_FLAT"),
                Property(key: "metric_type", value: metric), Property(key: "params", value: "{}"),
            ]
        )
        try await createIndex(index, on: name)
        try await load(name, partitions: nil, replicas: 1)
        try await waitUntilLoaded(name)
    }

    func waitUntilLoaded(_ name: CollectionName) async throws {
        while try await connection.loadState(of: name) != .loaded {
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    /// How many rows there are, those of one key each.
    func count(_ name: CollectionName, _ expression: String = "") async throws -> Int {
        try #require(try await connection.count(expression, in: name))
    }

    /// The rows that an expression selects, as canonical JSON by key.
    func rows(
        _ name: CollectionName,
        _ definition: CollectionDefinition,
        where expression: String
    ) async throws -> [PrimaryKeyValue: String] {
        var request = Milvus_Proto_Milvus_QueryRequest()
        request.dbName = name.database
        request.collectionName = name.collection
        request.expr = expression
        let schema = try Milvus_Proto_Schema_CollectionSchema(serializedBytes: definition.schema)
        request.outputFields = schema.fields.map(\.name)
        if definition.hasDynamicField { request.outputFields.append("$meta") }
        request.consistencyLevel = .strong
        request.queryParams = [Property(key: "limit", value: "16384").pair]
        let answer: Milvus_Proto_Milvus_QueryResults = try await connection.call(
            Method.Query.descriptor,
            request,
            database: name.database,
            doing: "query"
        )
        try answer.status.check("query")
        let columns = try DecodedColumns(answer.fieldsData)
        return Self.lines(columns, definition)
    }

    static func lines(
        _ columns: DecodedColumns,
        _ definition: CollectionDefinition
    ) -> [PrimaryKeyValue: String] {
        var rows: [PrimaryKeyValue: String] = [:]
        guard let keys = columns[definition.primaryKey.field] else { return [:] }
        for row in 0..<columns.rowCount {
            var text = CanonicalText()
            columns.write(row: row, hasDynamicField: definition.hasDynamicField, to: &text)
            switch keys.values {
            case .integers(let values): rows[.int64(values[row])] = text.text
            case .texts(let values): rows[.varchar(Array(values[row].utf8))] = text.text
            default: break
            }
        }
        return rows
    }
}
