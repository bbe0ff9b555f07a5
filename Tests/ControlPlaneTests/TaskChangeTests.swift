import Testing

@testable import ControlPlane

/// What of a task can be changed, and what cannot.
@Suite struct TaskChangeTests {
    @Test func `what is left out and what becomes of errors can be changed, and stays so`()
        async throws
    {
        try await withDirectory { directory in
            try await writeJournal(in: directory)
            try await withServer(in: directory) { server in
                let made = try await server.send(
                    "POST",
                    "/v1/tasks",
                    #"{"id":"t","source":"main","target":"memory","leave_out":["flush"]}"#
                )
                #expect(made.body["leave_out"] as? [String] == ["flush"])
                #expect(made.body["on_error"] as? String == "park")
                #expect(made.body["dead_letters"] as? Int == 0)
                let changed = try await server.send(
                    "PATCH",
                    "/v1/tasks/t",
                    #"{"leave_out":["load","release"],"on_error":"dead-letter"}"#
                )
                #expect(changed.status == 200)
                #expect(changed.body["leave_out"] as? [String] == ["load", "release"])
                #expect(changed.body["on_error"] as? String == "dead-letter")
                _ = try await server.wait(for: "t", "running")
            }
            try await withServer(in: directory) { server in
                let task = try await server.send("GET", "/v1/tasks/t")
                #expect(task.body["leave_out"] as? [String] == ["load", "release"])
                #expect(task.body["on_error"] as? String == "dead-letter")
            }
        }
    }

    @Test(arguments: [
        (#"{"rename":["a=b"]}"#, "rename"), (#"{"include":[]}"#, "include"),
        (#"{"exclude":["a"]}"#, "exclude"),
        (#"{"source":"other"}"#, "source"), (#"{"leave_out":["lode"]}"#, "lode"),
        (#"{"on_error":"hope"}"#, "hope"), (#"{"on_error":"park","id":"u"}"#, "id"),
    ])
    func `anything else is refused by its name and changes nothing`(
        body: String,
        name: String
    ) async throws {
        try await withDirectory { directory in
            try await withServer(in: directory) { server in
                let task = #"{"id":"t","source":"main","target":"memory"}"#
                _ = try await server.send("POST", "/v1/tasks", task)
                let answer = try await server.send("PATCH", "/v1/tasks/t", body)
                #expect(answer.status == 400)
                #expect(answer.code == "invalid")
                #expect((answer.body["detail"] as? String)?.contains(name) == true)
                let after = try await server.send("GET", "/v1/tasks/t")
                #expect(after.body["on_error"] as? String == "park")
                #expect(after.body["leave_out"] as? [String] == [])
            }
        }
    }

    @Test func `a paused task that is changed stays paused`() async throws {
        try await withDirectory { directory in
            try await withServer(in: directory) { server in
                let task = #"{"id":"t","source":"main","target":"memory"}"#
                _ = try await server.send("POST", "/v1/tasks", task)
                _ = try await server.send("POST", "/v1/tasks/t/pause")
                let changed = try await server.send(
                    "PATCH",
                    "/v1/tasks/t",
                    #"{"on_error":"dead-letter"}"#
                )
                #expect(changed.state == "paused")
                #expect(
                    try await server.send("PATCH", "/v1/tasks/u", #"{"on_error":"park"}"#).status
                        == 404
                )
            }
        }
    }
}
