import Testing

@testable import ControlPlane

@Suite struct InterfaceTests {
    @Test(arguments: [
        ("GET", "/nothing", 404, "not_found"), ("GET", "/v1/tasks/none", 404, "not_found"),
        ("GET", "/v1/sources/none", 404, "not_found"), ("POST", "/v1/backups", 501, "not_built"),
        ("DELETE", "/v1/tasks/none", 404, "not_found"),
        ("POST", "/v1/tasks/none/pause", 404, "not_found"),
        ("GET", "/v1/restores/none", 404, "not_found"),
        ("DELETE", "/v1/operations/none", 404, "not_found"),
        ("PUT", "/v1/tasks", 405, "method_not_allowed"),
        ("DELETE", "/v1/sources/main", 405, "method_not_allowed"),
        ("GET", "/v1/tasks?limit=0", 400, "invalid"),
        ("GET", "/v1/tasks?limit=1001", 400, "invalid"),
        ("GET", "/v1/tasks?limit=ten", 400, "invalid"),
        ("GET", "/v1/tasks?limit=1&limit=2", 400, "invalid"),
        ("GET", "/v1/tasks?page_token=x", 400, "invalid"),
        ("GET", "/v1/events?before=0", 400, "invalid"),
        ("GET", "/v1/events?task=a/b", 400, "invalid"),
        ("GET", "/v1/events?follow=perhaps", 400, "invalid"),
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

    @Test(arguments: [
        ("7", 200), ("0", 200), ("9223372036854775807", 200), ("", 400), ("x", 400), ("-1", 400),
        ("+1", 400), ("1.5", 400), ("9223372036854775808", 400),
    ])
    func `the event that was seen last is one, or the request is refused`(
        last: String,
        status: Int
    ) async throws {
        try await withDirectory { directory in
            try await withServer(in: directory) { server in
                let headers = ["Last-Event-ID": last]
                let listed = try await server.send("GET", "/v1/events", headers: headers)
                #expect(listed.status == status)
                guard status == 400 else { return }
                #expect(listed.code == "invalid")
                let path = "/v1/events?follow=true"
                #expect(try await server.send("GET", path, headers: headers).status == status)
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

    @Test func `a path says which methods it takes`() async throws {
        try await withDirectory { directory in
            try await withServer(in: directory) { server in
                let answer = try await server.send("PUT", "/v1/tasks/t")
                #expect(answer.status == 405)
                #expect(answer.headers["allow"] == "DELETE, GET, PATCH")
            }
        }
    }

    @Test func `a body that is not JSON by its own word is refused, and one that is too large`()
        async throws
    {
        try await withDirectory { directory in
            try await withServer(in: directory) { server in
                let form = try await server.send(
                    "POST",
                    "/v1/tasks",
                    "source=main",
                    headers: ["Content-Type": "application/x-www-form-urlencoded"]
                )
                #expect(form.status == 415)
                #expect(form.code == "unsupported_media")
                let large = try await server.send(
                    "POST",
                    "/v1/tasks",
                    String(repeating: " ", count: (256 << 10) + 1),
                    headers: ["Content-Type": "application/json"]
                )
                #expect(large.status == 413)
                #expect(large.code == "too_large")
                #expect(large.headers["connection"] == "close")
            }
        }
    }

    @Test func `a caller that asks too often is told to wait`() async throws {
        var options = InterfaceOptions()
        options.requestsPerSecondMax = 1
        let limited = options
        try await withDirectory { directory in
            try await withServer(in: directory, options: limited) { server in
                var answer = try await server.send("GET", "/v1/sources")
                while answer.status == 200 {
                    answer = try await server.send("GET", "/v1/sources")
                }
                #expect(answer.status == 429)
                #expect(answer.code == "too_many_requests")
                #expect(answer.headers["retry-after"] == "1")
            }
        }
    }

    @Test func `the server lives and is ready`() async throws {
        try await withDirectory { directory in
            try await withServer(in: directory) { server in
                for path in ["/livez", "/readyz", "/openapi.json"] {
                    let answer = try await server.send("GET", path)
                    #expect(answer.status == 200)
                }
            }
        }
    }
}
