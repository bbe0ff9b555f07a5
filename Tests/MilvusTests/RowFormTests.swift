import MilvusAPI
import Operations
import SwiftProtobuf
import Testing

@testable import Milvus

/// What a collection's schema says of the form of its rows.
struct RowFormTests {
    private func sent(
        _ columns: [TargetColumns.Column],
        to version: String,
        _ change: (inout TargetCollection) -> Void
    ) throws -> [TargetColumns.Column] {
        var collection = TargetCollection()
        change(&collection)
        let name = CollectionName(database: "d", collection: "c")
        let form = try RowForm(
            try collection.definition(name),
            server: MilvusServer(versionText: version)
        )
        let rows = try TargetColumns.rows(columns, count: 2)
        let message = try RowMessage.rope(name: name, partition: nil, rows: [rows], form: form)
        return try TargetColumns.decoded(message.sent)
    }

    @Test func `a default value is told to be overridden, to servers that know nulls`() throws {
        let column = TargetColumns.integers("n", [1, 2])
        for (version, validity) in [
            ("2.3.5", []), ("2.4.24", []), ("2.5.0", [true, true]), ("2.6.19", [true, true]),
            ("milvus_lite-3.2.2", [true, true]),
        ] {
            let found = try sent([column], to: version) { collection in
                collection.add("n", .int64) { $0.defaultValue.longData = 7 }
            }
            #expect(found.map(\.validData) == [validity], "\(version)")
            #expect(found.map(\.scalars.longData.data) == [[1, 2]])
        }
    }

    @Test func `what a server computes is not sent, what a model gave is`() throws {
        func columns(_ type: Milvus_Proto_Schema_FunctionType) throws -> [String] {
            let columns = [
                TargetColumns.texts("text", ["a", "b"]),
                TargetColumns.vectors("out", [1, 2, 3, 4], dimension: 2),
            ]
            return try sent(columns, to: "2.6.0") { collection in
                var function = Milvus_Proto_Schema_FunctionSchema()
                function.type = type
                function.outputFieldNames = ["out"]
                collection.schema.functions = [function]
            }.map(\.fieldName)
        }
        #expect(try columns(.bm25) == ["text"])
        #expect(try columns(.minHash) == ["text"])
        #expect(try columns(.textEmbedding) == ["text", "out"])
    }
}
