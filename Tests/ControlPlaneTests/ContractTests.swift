import Catalog
import Foundation
import HTTPTypes
import Logging
import Replay
import Testing

@testable import ControlPlane

/// The OpenAPI document against what is there: every route, every document.
@Suite struct ContractTests {
    private static let methods: Set = ["get", "put", "post", "patch", "delete"]

    private func document() throws -> [String: Any] {
        let object = try JSONSerialization.jsonObject(with: Data(Contract.text.utf8))
        return try required(object as? [String: Any])
    }

    private func routes() async throws -> [Route] {
        try await withDirectory { directory in
            let catalog = try Catalog.open(at: directory + "/catalog.sqlite")
            let supervisor = Supervisor(
                sources: [],
                journals: directory,
                catalog: catalog,
                findTarget: { _ in throw Trouble(.invalid, "There is no target.") },
                logger: Logger(label: "test")
            )
            return Routes.all(supervisor)
        }
    }

    @Test func `what is embedded equals the file`() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../Sources/ControlPlane/OpenAPI/openapi.json")
        let text = try String(contentsOf: file, encoding: .utf8)
        #expect(Contract.text == text, "run tools/embed-contract")
    }

    @Test func `the document has every route and no other, each with its role`() async throws {
        var inDocument: [String: String] = [:]
        let paths = try required(document()["paths"] as? [String: [String: Any]])
        for (path, operations) in paths {
            for (method, operation) in operations where Self.methods.contains(method) {
                let operation = try required(operation as? [String: Any])
                let isOpen = (operation["security"] as? [Any])?.isEmpty == true
                inDocument["\(method.uppercased()) \(path)"] =
                    isOpen ? "everybody" : operation["x-role"] as? String ?? "nothing"
            }
        }
        var inRouter: [String: String] = [:]
        // `/cdc` has the contract of milvus-cdc, which is no resource and no problem document.
        for route in try await routes() where !route.path.hasPrefix("/cdc") {
            inRouter["\(route.method) \(route.path)"] = route.role?.rawValue ?? "everybody"
        }
        #expect(inDocument == inRouter)
    }

    @Test func `every operation has an id of its own and tells what it may answer`() throws {
        let paths = try required(document()["paths"] as? [String: [String: Any]])
        var ids: [String] = []
        for (path, operations) in paths {
            for (method, operation) in operations where Self.methods.contains(method) {
                let operation = try required(operation as? [String: Any])
                ids.append(try required(operation["operationId"] as? String))
                let answers = try required(operation["responses"] as? [String: Any])
                let isOpen = (operation["security"] as? [Any])?.isEmpty == true
                let needed: Set = isOpen ? ["429"] : ["401", "403", "429"]
                #expect(needed.isSubset(of: answers.keys), "\(method) \(path)")
                if operation["requestBody"] != nil, path.hasPrefix("/v1") {
                    #expect(
                        Set(["400", "408", "413", "415"]).isSubset(of: answers.keys),
                        "\(method) \(path)"
                    )
                }
            }
        }
        #expect(Set(ids).count == ids.count)
    }

    @Test func `every code has a page of its own and stands in the document`() throws {
        let schemas = try SchemaCheck(document())
        let problem = try schemas.named("Problem")
        let properties = try required(problem["properties"] as? [String: [String: Any]])
        let codes = properties["code"]?["enum"] as? [String]
        #expect(codes == Problem.Code.allCases.map(\.rawValue))
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../docs/problems")
        for code in Problem.Code.allCases {
            let page = folder.appendingPathComponent("\(code.rawValue).md")
            let text = try String(contentsOf: page, encoding: .utf8)
            #expect(text.hasPrefix("# `\(code.rawValue)`"), "\(code)")
            #expect(text.contains("\(code.status)"), "\(code)")
            #expect(text.contains(code.title), "\(code)")
        }
    }

    @Test func `what the server writes is what the document says, and all of it`() throws {
        let schemas = try SchemaCheck(document())
        for (name, sample) in try Samples.answers() {
            let object = try JSONSerialization.jsonObject(with: Data(JSONBytes.of(sample)))
            #expect(try schemas.troubles(in: object, of: name) == [], "\(name)")
            // Every key of the schema is in the sample, so that none is a promise nobody keeps.
            let properties = try required(
                schemas.named(name)["properties"] as? [String: Any]
            )
            let keys = try required(object as? [String: Any]).keys
            #expect(Set(properties.keys) == Set(keys), "\(name)")
        }
    }

    @Test func `what the server reads is what the document says`() throws {
        let schemas = try SchemaCheck(document())
        let requests: [(String, Set<String>)] = [
            ("TaskRequest", TaskRequest.keys), ("TaskChange", TaskChange.keys),
            ("ResumeRequest", ResumeRequest.keys), ("PointRequest", PointRequest.keys),
            ("RestoreRequest", RestoreRequest.keys),
            ("DeadLetterRequest", DeadLetterRequest.keys),
        ]
        for (name, keys) in requests {
            let schema = try schemas.named(name)
            let properties = try required(schema["properties"] as? [String: Any])
            #expect(Set(properties.keys) == keys, "\(name)")
            #expect(schema["additionalProperties"] as? Bool == false, "\(name)")
        }
    }

    @Test func `every state that is told stands in the document`() throws {
        let schemas = try SchemaCheck(document())
        func states(_ name: String) throws -> [String]? {
            let properties = try schemas.named(name)["properties"] as? [String: [String: Any]]
            return properties?["state"]?["enum"] as? [String]
        }
        #expect(
            try states("Restore") == RestoreDocument.State.allCases.map(\.rawValue)
        )
        #expect(
            try states("Operation") == OperationDocument.State.allCases.map(\.rawValue)
        )
        #expect(try states("Task") == TaskDocument.State.allCases.map(\.rawValue))
        #expect(try states("Source") == SourceDocument.State.allCases.map(\.rawValue))
    }
}
