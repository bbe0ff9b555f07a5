import Foundation
import Testing

@testable import ControlPlane

/// Changes that are meant for one state of a task, and lists that come in pages.
@Suite(.timeLimit(.minutes(5)))
struct TaskVersionTests {
    private static let body = #"{"id":"t","source":"main","target":"memory"}"#

    @Test func `a change for a state that is gone is refused, whatever it is`() async throws {
        try await withDirectory { directory in
            try await withServer(in: directory) { server in
                let made = try await server.send("POST", "/v1/tasks", Self.body)
                let old = try required(made.headers["etag"])
                let paused = try await server.send(
                    "POST",
                    "/v1/tasks/t/pause",
                    headers: ["If-Match": old]
                )
                #expect(paused.status == 200)
                let new = try required(paused.headers["etag"])
                #expect(new != old)
                for (method, path, body) in [
                    ("POST", "/v1/tasks/t/resume", nil), ("POST", "/v1/tasks/t/pause", nil),
                    ("PATCH", "/v1/tasks/t", #"{"target":"http://10.0.0.1:1"}"#),
                    ("DELETE", "/v1/tasks/t", nil),
                ] as [(String, String, String?)] {
                    for tag in [old, "\"nonsense\"", "W/\(new)"] {
                        let answer = try await server.send(
                            method,
                            path,
                            body,
                            headers: ["If-Match": tag]
                        )
                        #expect(answer.status == 412, "\(method) \(path) \(tag)")
                        #expect(answer.code == "changed", "\(method) \(path) \(tag)")
                    }
                }
                let shown = try await server.send("GET", "/v1/tasks/t")
                #expect(shown.headers["etag"] == new)
                #expect(shown.state == "paused")
                let deleted = try await server.send(
                    "DELETE",
                    "/v1/tasks/t",
                    headers: ["If-Match": "\(old), \(new)"]
                )
                #expect(deleted.status == 204)
            }
        }
    }

    @Test func `a task goes to where its target has moved`() async throws {
        try await withDirectory { directory in
            try await withServer(in: directory) { server in
                _ = try await server.send("POST", "/v1/tasks", Self.body)
                let moved = try await server.send(
                    "PATCH",
                    "/v1/tasks/t",
                    #"{"target":"http://10.0.0.1:19530"}"#
                )
                #expect(moved.status == 200)
                #expect(moved.body["target"] as? String == "http://10.0.0.1:19530")
                _ = try await server.wait(for: "t", "running")
                let same = try await server.send("PATCH", "/v1/tasks/t", "{}")
                #expect(same.headers["etag"] == moved.headers["etag"])
                for body in [
                    #"{"include":["a.*"]}"#, #"{"target":"http://source:1"}"#, #"{"target":7}"#, "",
                ] {
                    let answer = try await server.send("PATCH", "/v1/tasks/t", body)
                    #expect(answer.status == 400, "\(body)")
                }
                let list = try await server.send("GET", "/v1/events?limit=1")
                let events = try #require(list.body["events"] as? [[String: Any]])
                #expect(events.first?["kind"] as? String == "task.changed")
            }
        }
    }

    @Test func `a list comes in pages, and nothing is in two or in none`() async throws {
        try await withDirectory { directory in
            try await withServer(in: directory) { server in
                for number in 0..<5 {
                    let body =
                        #"{"id":"t\#(number)","source":"main","target":"memory","start":"latest"}"#
                    _ = try await server.send("POST", "/v1/tasks", body)
                    _ = try await server.send(
                        "POST",
                        "/v1/points",
                        #"{"name":"p\#(number)","source":"main","at":"tso:7"}"#
                    )
                }
                for (path, key, name) in [("tasks", "tasks", "id"), ("points", "points", "name")] {
                    var seen: [String] = []
                    var token: String? = ""
                    while let after = token {
                        let more = after.isEmpty ? "" : "&page_token=\(after)"
                        let page = try await server.send("GET", "/v1/\(path)?limit=2\(more)")
                        let elements = try #require(page.body[key] as? [[String: Any]])
                        #expect(elements.count <= 2)
                        seen += elements.compactMap { $0[name] as? String }
                        token = page.body["next_page_token"] as? String
                    }
                    #expect(seen.count == 5)
                    #expect(Set(seen).count == 5)
                }
                var kinds: [Int] = []
                var token: String? = ""
                while let after = token {
                    let more = after.isEmpty ? "" : "&page_token=\(after)"
                    let page = try await server.send("GET", "/v1/events?limit=3\(more)")
                    let events = try #require(page.body["events"] as? [[String: Any]])
                    kinds += events.compactMap { $0["id"] as? Int }
                    token = page.body["next_page_token"] as? String
                }
                #expect(kinds == kinds.sorted(by: >))
                #expect(kinds.count == 10)
            }
        }
    }
}
