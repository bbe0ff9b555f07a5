import Foundation
import Journal
import Operations
import Replay
import Testing

@testable import ControlPlane

/// Restore points, and what retention leaves.
@Suite(.timeLimit(.minutes(5)))
struct PointInterfaceTests {
    private static func pins(_ directory: String) throws -> [String] {
        try JournalPins(at: directory + "/journal/main").all().map(\.description)
    }

    private static func segments(_ directory: String) throws -> Int {
        try JournalReader.open(at: directory + "/journal/main").segments().count
    }

    @Test func `a restore point outlasts the server and is where a task may begin`() async throws {
        try await withDirectory { directory in
            try await writeJournal(in: directory)
            let body = #"{"name":"p.1","source":"main","at":"tso:15"}"#
            try await withServer(in: directory) { server in
                let made = try await server.send("POST", "/v1/points", body)
                #expect(made.status == 201)
                #expect(Set(made.body.keys) == ["name", "source", "tso", "created", "resolved"])
                #expect(made.body["tso"] as? Int == 15)
                #expect(made.body["resolved"] as? Bool == true)
                #expect(try await server.send("POST", "/v1/points", body).status == 200)
                let other = #"{"name":"p.1","source":"main"}"#
                #expect(try await server.send("POST", "/v1/points", other).code == "conflict")
            }
            try await withServer(in: directory) { server in
                let list = try await server.send("GET", "/v1/points")
                #expect((list.body["points"] as? [Any])?.count == 1)
                let task = #"{"id":"t","source":"main","target":"memory","start":"point:p.1"}"#
                let made = try await server.send("POST", "/v1/tasks", task)
                let checkpoint = try #require(made.body["checkpoint"] as? [String: Any])
                #expect(checkpoint["sequence"] as? Int == 1)
                #expect(try Self.pins(directory) == ["point.p.1", "task.t"])
                #expect(try await server.send("DELETE", "/v1/points/p.1").status == 204)
                #expect(try await server.send("DELETE", "/v1/points/p.1").status == 404)
                #expect(try await server.send("DELETE", "/v1/tasks/t").status == 204)
                #expect(try Self.pins(directory).isEmpty)
            }
        }
    }

    @Test(arguments: [
        (#"{"name":"p","source":"other"}"#, 404, "not_found"),
        (#"{"name":"../p","source":"main"}"#, 400, "invalid"),
        (#"{"name":"","source":"main"}"#, 400, "invalid"),
        (#"{"name":"p","source":"main","at":"yesterday"}"#, 400, "invalid"),
        (#"{"name":"p","source":"main","at":"seq:1"}"#, 400, "invalid"),
        (#"{"source":"main"}"#, 400, "invalid"),
    ])
    func `what cannot be a point is refused with a code`(
        body: String,
        status: Int,
        code: String
    ) async throws {
        try await withDirectory { directory in
            try await withServer(in: directory) { server in
                let answer = try await server.send("POST", "/v1/points", body)
                #expect(answer.status == status)
                #expect(answer.code == code)
            }
        }
    }

    @Test func `old segments go by themselves, and what they held is told to be missing`()
        async throws
    {
        try await withDirectory { directory in
            try await writeJournal(in: directory, followedBy: 5)
            let whole = try Self.segments(directory)
            let pins = JournalPins(at: directory + "/journal/main")
            let first = SequenceNumber.zero.next
            try pins.put(JournalPin(.point, "p", first: first, createdUnixMilliseconds: 0))
            let retention = RetentionPolicy(ageMaxMilliseconds: 1000)
            try await withServer(in: directory, retention: retention) { server in
                let task = #"{"id":"t","source":"main","target":"memory"}"#
                _ = try await server.send("POST", "/v1/tasks", task)
                while try await server.send("GET", "/v1/tasks/t").body["backlog_entries"] as? Int
                    != 0
                {}
                _ = try await server.send("DELETE", "/v1/tasks/t")
            }
            let left = try Self.segments(directory)
            // The first one holds nothing.
            #expect(left == whole - 1)
            try pins.remove(.point, "p")
            try await withServer(in: directory, retention: retention) { server in
                // What was removed is told once it is gone.
                var last = ""
                while last != "journal.trimmed" {
                    let list = try await server.send("GET", "/v1/events?limit=1")
                    let events = try #require(list.body["events"] as? [[String: Any]])
                    last = events.first?["kind"] as? String ?? ""
                }
                #expect(try Self.segments(directory) == 1)
                let task = #"{"id":"t","source":"main","target":"memory"}"#
                _ = try await server.send("POST", "/v1/tasks", task)
                let failed = try await server.wait(for: "t", "gap")
                let said = try #require(failed.body["last_error"] as? String)
                #expect(said.contains("what default.a held before that is no longer there"))
                let without = #"{"id":"u","source":"main","target":"memory","exclude":["a"]}"#
                _ = try await server.send("POST", "/v1/tasks", without)
                _ = try await server.wait(for: "u", "running")
            }
        }
    }
}
