import MilvusAPI
import Operations
import SwiftProtobuf
import Testing

@testable import Milvus

/// What is told of fields and functions that differ.
struct DefinitionComparisonTests {
    private func report(
        source: Milvus_Proto_Schema_CollectionSchema,
        target: Milvus_Proto_Schema_CollectionSchema
    ) -> ComparisonReport {
        func facts(_ schema: Milvus_Proto_Schema_CollectionSchema) -> CollectionFacts {
            CollectionFacts(
                name: CollectionName(database: "d", collection: "c"),
                server: MilvusServer(versionText: "2.6.6"),
                schema: schema,
                shards: 1,
                consistency: .bounded,
                properties: [:],
                partitions: ["_default"],
                indexes: [],
                aliases: [],
                load: .none
            )
        }
        var report = ComparisonReport()
        DefinitionComparison(source: facts(source), target: facts(target)).run(&report)
        return report
    }

    private func schema(
        _ name: String
    ) throws -> (
        log: Milvus_Proto_Schema_CollectionSchema, request: Milvus_Proto_Schema_CollectionSchema
    ) {
        let golden = try #require(GoldenTypes.cases.first { $0.name == name })
        return (
            try Milvus_Proto_Schema_CollectionSchema(serializedBytes: golden.log.schema),
            try Milvus_Proto_Schema_CollectionSchema(serializedBytes: golden.request.schema)
        )
    }

    @Test(arguments: GoldenTypes.cases)
    func `a target made from a source's schema equals it`(golden: GoldenTypes.Case) throws {
        var (source, target) = try schema(golden.name)
        // Servers tell the dynamic field by a flag.
        source.fields.removeAll(where: \.isDynamic)
        let report = report(source: source, target: target)
        #expect(report.differences == [])
        target.fields.removeLast()
        #expect(self.report(source: source, target: target).differences.isEmpty == false)
    }

    @Test func `a function that asks a model is left out and noted`() throws {
        let (source, target) = try schema("TextEmbedding")
        #expect(
            report(source: source, target: target).notes == [
                "d.c: its function model is left out on the target, where v holds the source's values"
            ]
        )
        #expect(report(source: source, target: source).notes == [])
        #expect(report(source: source, target: source).differences == [])
    }

    @Test func `functions, defaults and fields of records that differ are told`() throws {
        func told(
            _ name: String,
            _ change: (inout Milvus_Proto_Schema_CollectionSchema) -> Void
        ) throws -> [String] {
            let source = try schema(name).request
            var target = source
            change(&target)
            return report(source: source, target: target).differences
        }
        #expect(
            try told("BM25") { $0.functions = [] } == [
                "d.c: its function terms is \"bm25 of text in sparse\" on the source and unset on the target"
            ]
        )
        #expect(
            try told("Timestamptz, default") { $0.fields[1].defaultValue.timestamptzData = 0 } == [
                "d.c: of the field f, its default value is \"2025-01-01T00:00:00.25Z\" on the source and"
                    + " \"1970-01-01T00:00:00Z\" on the target"
            ]
        )
        #expect(
            try told("Timestamptz, default") {
                $0.fields[1].defaultValue.stringData = "2025-01-01T08:00:00.25+08:00"
            } == []
        )
        #expect(
            try told("records") { $0.structArrayFields[0].fields[1].elementType = .int16 } == [
                "d.c: on the target, its field people[age] has elements of int16, not int8"
            ]
        )
        #expect(
            try told("records") { $0.structArrayFields[0].fields.removeLast() } == [
                "d.c: on the target, it has no field people[mark], which is a arrayOfVector"
            ]
        )
    }
}
