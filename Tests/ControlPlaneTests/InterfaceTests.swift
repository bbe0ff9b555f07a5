import Testing

@testable import ControlPlane

@Suite struct InterfaceTests {
    @Test(arguments: [
        ("GET", "/nothing", 404, "not_found"), ("GET", "/v1/tasks/none", 404, "not_found"),
        ("GET", "/v1/sources/none", 404, "not_found"), ("GET", "/metrics", 501, "not_built"),
        ("POST", "/cdc", 501, "not_built"), ("DELETE", "/v1/tasks/none", 404, "not_found"),
        ("POST", "/v1/tasks/none/pause", 404, "not_found"),
    ])
    func `every error is a problem document`(
        method: String,
        path: String,
        status: Int,
        code: String
    ) async throws {
        try await withDirectory { directory in
            try await withServer(in: directory) { server in
                let answer = try await server.send(method, path)
                #expect(answer.status == status)
                #expect(answer.code == code)
                #expect(answer.type == "application/problem+json")
                #expect(answer.body["detail"] as? String != nil)
            }
        }
    }

    @Test func `pages of a browser are refused`() async throws {
        try await withDirectory { directory in
            try await withServer(in: directory) { server in
                let answer = try await server.send(
                    "POST",
                    "/v1/tasks",
                    "{}",
                    headers: ["Origin": "http://elsewhere"]
                )
                #expect(answer.status == 403)
                #expect(answer.code == "refused")
            }
        }
    }

    @Test func `the server lives and is ready`() async throws {
        try await withDirectory { directory in
            try await withServer(in: directory) { server in
                for path in ["/livez", "/readyz"] {
                    let answer = try await server.send("GET", path)
                    #expect(answer.status == 200)
                }
            }
        }
    }
}
