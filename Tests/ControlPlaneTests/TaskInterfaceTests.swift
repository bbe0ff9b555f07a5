import Foundation
import Operations
import Replay
import Testing

@testable import ControlPlane

@Suite struct TaskInterfaceTests {
    @Test func `a task brings its target up with the journal while the source is away`()
        async throws
    {
        try await withDirectory { directory in
            try await writeJournal(in: directory)
            try await withServer(in: directory) { server in
                let made = try await server.send(
                    "POST",
                    "/v1/tasks",
                    #"{"id":"t","source":"main","target":"memory"}"#
                )
                #expect(made.status == 201)
                var task = made
                while (task.body["backlog_entries"] as? Int) != 0 || task.state != "running" {
                    task = try await server.send("GET", "/v1/tasks/t")
                }
                let checkpoint = try #require(task.body["checkpoint"] as? [String: Any])
                #expect(checkpoint["sequence"] as? Int == 2)
                #expect(checkpoint["tso"] as? Int == 30)
                #expect(
                    Set(task.body.keys) == [
                        "id", "source", "target", "state", "checkpoint", "resolved", "lag_seconds",
                        "backlog_entries", "include", "exclude", "rename", "leave_out",
                        "on_error", "dead_letters", "parked", "in_doubt", "last_error", "start",
                        "created", "updated", "etag", "gaps", "skipped", "notices",
                    ]
                )
                let name = CollectionName(database: "default", collection: "a")
                #expect(server.target.contents.collections[name]?.rows.count == 3)
                let source = try await server.send("GET", "/v1/sources/main")
                #expect(source.state == "retrying")
                #expect(source.body["last_error"] as? String == "The source is away.")
            }
        }
    }

    @Test func `a pause outlasts the server, and only a resume ends it`() async throws {
        try await withDirectory { directory in
            try await withServer(in: directory) { server in
                _ = try await server.send(
                    "POST",
                    "/v1/tasks",
                    #"{"id":"t","source":"main","target":"memory"}"#
                )
                let paused = try await server.send("POST", "/v1/tasks/t/pause")
                #expect(paused.state == "paused")
                #expect(try await server.send("POST", "/v1/tasks/t/pause").status == 200)
            }
            try await withServer(in: directory) { server in
                #expect(try await server.send("GET", "/v1/tasks/t").state == "paused")
                #expect(try await server.send("POST", "/v1/tasks/t/resume").status == 200)
                _ = try await server.wait(for: "t", "running")
            }
        }
    }

    @Test func `a deleted task is gone`() async throws {
        try await withDirectory { directory in
            try await withServer(in: directory) { server in
                _ = try await server.send(
                    "POST",
                    "/v1/tasks",
                    #"{"id":"t","source":"main","target":"memory"}"#
                )
                #expect(try await server.send("DELETE", "/v1/tasks/t").status == 204)
                let again = try await server.send("GET", "/v1/tasks/t")
                #expect(again.status == 404)
                #expect(again.code == "not_found")
                let list = try await server.send("GET", "/v1/tasks")
                #expect((list.body["tasks"] as? [Any])?.isEmpty == true)
            }
        }
    }

    @Test func `a task that starts at the latest entry takes nothing that is older`() async throws {
        try await withDirectory { directory in
            try await writeJournal(in: directory)
            try await withServer(in: directory) { server in
                let made = try await server.send(
                    "POST",
                    "/v1/tasks",
                    #"{"id":"t","source":"main","target":"memory","start":"latest"}"#
                )
                let checkpoint = try #require(made.body["checkpoint"] as? [String: Any])
                #expect(checkpoint["sequence"] as? Int == 2)
                #expect(server.target.contents.collections.isEmpty)
            }
        }
    }

    @Test(arguments: [
        (#"{"id":"t","source":"main"}"#, 400, "invalid"),
        ("{", 400, "invalid"),
        ("", 400, "invalid"),
        (#"{"id":"t/../x","source":"main","target":"memory"}"#, 400, "invalid"),
        (#"{"source":"other","target":"memory"}"#, 404, "not_found"),
        (#"{"source":"main","target":"memory","sourc":"x"}"#, 400, "invalid"),
        (#"{"source":"main","target":"memory","start":null}"#, 400, "invalid"),
        (#"{"source":"main","target":"memory","include":"a"}"#, 400, "invalid"),
        ("[]", 400, "invalid"),
        (String(repeating: "[", count: 33), 400, "invalid"),
        (#"{"source":"main","target":"nowhere"}"#, 400, "invalid"),
        (#"{"source":"main","target":"http://source:1"}"#, 400, "invalid"),
        (#"{"source":"main","target":"memory","include":["a.b.c"]}"#, 400, "invalid"),
        (#"{"source":"main","target":"memory","rename":["a"]}"#, 400, "invalid"),
        (#"{"source":"main","target":"memory","start":"yesterday"}"#, 400, "invalid"),
        (#"{"source":"main","target":"memory","leave_out":["lode"]}"#, 400, "invalid"),
        (#"{"source":"main","target":"memory","leave_out":["gap"]}"#, 400, "invalid"),
        (#"{"source":"main","target":"memory","on_error":"hope"}"#, 400, "invalid"),
        (
            #"{"source":"main","target":"memory","include":["a.*"],"rename":["b.c=b.d"]}"#, 400,
            "invalid"
        ),
        (#"{"source":"main","target":"memory","start":"point:p"}"#, 404, "not_found"),
        (#"{"source":"main","target":"memory","start":"tso:99999"}"#, 404, "not_found"),
    ])
    func `what cannot be a task is refused with a code`(
        body: String,
        status: Int,
        code: String
    ) async throws {
        try await withDirectory { directory in
            try await withServer(in: directory) { server in
                let answer = try await server.send("POST", "/v1/tasks", body)
                #expect(answer.status == status)
                #expect(answer.code == code)
                #expect(answer.type == "application/problem+json")
                let list = try await server.send("GET", "/v1/tasks")
                #expect((list.body["tasks"] as? [Any])?.isEmpty == true)
            }
        }
    }

    @Test func `what people did to tasks is told, newest first`() async throws {
        try await withDirectory { directory in
            try await withServer(in: directory) { server in
                let body = #"{"id":"t","source":"main","target":"memory"}"#
                _ = try await server.send("POST", "/v1/tasks", body)
                _ = try await server.send("POST", "/v1/tasks/t/pause")
                let list = try await server.send("GET", "/v1/events?limit=2")
                let events = try #require(list.body["events"] as? [[String: Any]])
                #expect(events.map { $0["kind"] as? String } == ["task.paused", "task.created"])
            }
        }
    }

    @Test func `a request that is sent again changes nothing, another one of that id is refused`()
        async throws
    {
        try await withDirectory { directory in
            try await withServer(in: directory) { server in
                let body = #"{"id":"t","source":"main","target":"memory","include":["a.*"]}"#
                let first = try await server.send("POST", "/v1/tasks", body)
                #expect(first.status == 201)
                let again = try await server.send("POST", "/v1/tasks", body)
                #expect(again.status == 200)
                #expect(again.body["etag"] as? String == first.body["etag"] as? String)
                let other = #"{"id":"t","source":"main","target":"memory"}"#
                let second = try await server.send("POST", "/v1/tasks", other)
                #expect(second.status == 409)
                #expect(second.code == "conflict")
            }
        }
    }

    @Test func `a task without an id gets one of source and target`() async throws {
        try await withDirectory { directory in
            try await withServer(in: directory) { server in
                let body = #"{"source":"main","target":"http://10.0.0.1:19530"}"#
                let first = try await server.send("POST", "/v1/tasks", body)
                let second = try await server.send("POST", "/v1/tasks", body)
                #expect(first.body["id"] as? String == "main-10.0.0.1-19530")
                #expect(second.body["id"] as? String == "main-10.0.0.1-19530-2")
            }
        }
    }
}
