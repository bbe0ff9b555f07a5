import Foundation
import Operations
import Replay
import Testing

@testable import ControlPlane

/// Restores over HTTP, as operations.
@Suite(.timeLimit(.minutes(5)))
struct RestoreInterfaceTests {
    private static let body = #"{"id":"r","source":"main","target":"memory","to":"latest"}"#

    private static func end(of id: String, on server: TestServer) async throws -> TestServer.Answer
    {
        while true {
            let answer = try await server.send("GET", "/v1/restores/\(id)")
            if !["running", "retrying"].contains(answer.state) { return answer }
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    @Test func `a restore is an operation that can be looked at until it is done`() async throws {
        try await withDirectory { directory in
            try await writeJournal(in: directory)
            try await withServer(in: directory) { server in
                let made = try await server.send("POST", "/v1/restores", Self.body)
                #expect(made.status == 202)
                #expect(made.headers["location"] == "/v1/operations/r")
                #expect(made.body["resource"] as? String == "/v1/restores/r")
                let restore = try await Self.end(of: "r", on: server)
                #expect(restore.state == "done")
                #expect(restore.body["end"] as? String == "seq:2")
                #expect(restore.body["progress"] as? Double == 1)
                let name = CollectionName(database: "default", collection: "a")
                #expect(server.target.contents.collections[name]?.rows.count == 3)
                let operation = try await server.send("GET", "/v1/operations/r")
                #expect(operation.state == "done")
                #expect(operation.body["finished"] as? Int != nil)
                let again = try await server.send("POST", "/v1/restores", Self.body)
                #expect(again.status == 200)
                #expect(again.state == "done")
                let other = Self.body.replacing("latest", with: "seq:1")
                #expect(try await server.send("POST", "/v1/restores", other).code == "conflict")
                #expect(try await server.send("DELETE", "/v1/restores/r").code == "conflict")
            }
        }
    }

    @Test func `rows that are there already end a restore, and it says so`() async throws {
        try await withDirectory { directory in
            try await writeJournal(in: directory)
            try await withServer(in: directory) { server in
                _ = try await server.send("POST", "/v1/restores", Self.body)
                _ = try await Self.end(of: "r", on: server)
                let second = Self.body.replacing(#""r""#, with: #""s""#)
                _ = try await server.send("POST", "/v1/restores", second)
                let restore = try await Self.end(of: "s", on: server)
                #expect(restore.state == "failed")
                #expect((restore.body["last_error"] as? String)?.isEmpty == false)
                let list = try await server.send("GET", "/v1/restores")
                #expect((list.body["restores"] as? [Any])?.count == 2)
                let operations = try await server.send("GET", "/v1/operations?limit=1")
                #expect((operations.body["operations"] as? [Any])?.count == 1)
                #expect(operations.body["next_page_token"] is String)
            }
        }
    }

    @Test func `a restore goes on after the server was stopped`() async throws {
        let away = InMemoryTarget(
            faults: InMemoryFaults { _ in .failure(.transient, hadNoEffect: true) }
        )
        try await withDirectory { directory in
            try await writeJournal(in: directory)
            try await withServer(in: directory, target: away) { server in
                _ = try await server.send("POST", "/v1/restores", Self.body)
                #expect(
                    ["running", "retrying"].contains(
                        try await server.send("GET", "/v1/restores/r").state
                    )
                )
            }
            try await withServer(in: directory) { server in
                let restore = try await Self.end(of: "r", on: server)
                #expect(restore.state == "done")
                let name = CollectionName(database: "default", collection: "a")
                #expect(server.target.contents.collections[name]?.rows.count == 3)
            }
        }
    }

    @Test func `a restore that was cancelled stays so`() async throws {
        let away = InMemoryTarget(
            faults: InMemoryFaults { _ in .failure(.transient, hadNoEffect: true) }
        )
        try await withDirectory { directory in
            try await writeJournal(in: directory)
            try await withServer(in: directory, target: away) { server in
                _ = try await server.send("POST", "/v1/restores", Self.body)
                let cancelled = try await server.send("DELETE", "/v1/operations/r")
                #expect(cancelled.status == 200)
                #expect(cancelled.state == "cancelled")
                #expect(try await server.send("DELETE", "/v1/restores/r").state == "cancelled")
            }
            try await withServer(in: directory) { server in
                let shown = try await server.send("GET", "/v1/restores/r")
                #expect(shown.state == "cancelled")
                #expect(server.target.contents.collections.isEmpty)
            }
        }
    }

    @Test(arguments: [
        (#"{"source":"main","target":"memory"}"#, 400, "invalid"),
        (#"{"source":"other","target":"memory","to":"latest"}"#, 404, "not_found"),
        (#"{"source":"main","target":"nowhere","to":"latest"}"#, 400, "invalid"),
        (#"{"source":"main","target":"http://source:1","to":"latest"}"#, 400, "invalid"),
        (#"{"source":"main","target":"memory","to":"yesterday?"}"#, 400, "invalid"),
        (#"{"source":"main","target":"memory","to":"point:p"}"#, 404, "not_found"),
        (#"{"source":"main","target":"memory","to":"seq:99"}"#, 404, "not_found"),
        (#"{"source":"main","target":"memory","to":"latest","plan":true}"#, 400, "invalid"),
        (#"{"id":"/","source":"main","target":"memory","to":"latest"}"#, 400, "invalid"),
    ])
    func `what cannot be a restore is refused with a code`(
        body: String,
        status: Int,
        code: String
    ) async throws {
        try await withDirectory { directory in
            try await writeJournal(in: directory)
            try await withServer(in: directory) { server in
                let answer = try await server.send("POST", "/v1/restores", body)
                #expect(answer.status == status)
                #expect(answer.code == code)
                let list = try await server.send("GET", "/v1/restores")
                #expect((list.body["restores"] as? [Any])?.isEmpty == true)
            }
        }
    }
}
