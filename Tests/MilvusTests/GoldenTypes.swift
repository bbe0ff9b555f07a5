import Foundation
import MilvusAPI
import Operations
import SwiftProtobuf
import Testing

@testable import Milvus

/// Columns and schemas of every data type, in the form of the log and in that of a request.
///
/// `tools/golden-types` wrote them: those of requests are what Milvus' Python client builds.
struct GoldenTypes: Decodable {
    struct Entry: Decodable {
        let rows: Int
        let columns: [Data]
    }

    struct Log: Decodable {
        let schema: Data
        let columns: [Data]
        /// The same rows, written as two entries.
        let entries: [Entry]
    }

    struct Request: Decodable {
        let schema: Data
        let columns: [Data]
    }

    struct Case: Decodable, CustomTestStringConvertible {
        let name: String
        let rows: Int
        let log: Log
        let request: Request

        var testDescription: String { name }
    }

    let cases: [Case]

    static let all: Result<GoldenTypes, any Error> = Result {
        let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Fixtures/golden-types.json")
        return try JSONDecoder().decode(GoldenTypes.self, from: try Data(contentsOf: url))
    }

    /// None if the fixture cannot be read, which a test tells.
    static var cases: [Case] { (try? all.get().cases) ?? [] }
}

extension GoldenTypes.Case {
    /// The collection as the journal has it.
    var definition: CollectionDefinition {
        get throws {
            let schema = try Milvus_Proto_Schema_CollectionSchema(serializedBytes: log.schema)
            return CollectionDefinition(
                id: CollectionID(rawValue: 5),
                database: .default,
                name: "c",
                schema: Array(log.schema),
                primaryKey: PrimaryKey(field: "id", kind: .int64, isAutoID: false),
                hasPartitionKey: schema.fields.contains(where: \.isPartitionKey),
                hasDynamicField: schema.enableDynamicField,
                virtualChannels: [],
                consistencyLevel: 2,
                properties: [],
                partitions: [],
                createdAt: .zero
            )
        }
    }

    /// The rows as one entry of the journal.
    var whole: Rows {
        get throws { try GoldenTypes.rows(log.columns, rows) }
    }

    /// The same rows as two entries.
    var parts: [Rows] {
        get throws { try log.entries.map { try GoldenTypes.rows($0.columns, $0.rows) } }
    }

    /// The columns that the client sends.
    var requested: [TargetColumns.Column] {
        get throws { try request.columns.map { try TargetColumns.Column(serializedBytes: $0) } }
    }
}

extension GoldenTypes {
    fileprivate static func rows(_ columns: [Data], _ count: Int) throws -> Rows {
        try TargetColumns.rows(
            columns.map { try TargetColumns.Column(serializedBytes: $0) },
            count: count
        )
    }
}
