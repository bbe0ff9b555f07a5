import Journal
import Operations
import Replay
import Testing

@testable import ControlPlane

/// Entries that a target refused, as people see them and act on them.
@Suite struct DeadLetterInterfaceTests {
    private static let task =
        #"{"id":"t","source":"main","target":"memory","on_error":"dead-letter"}"#

    /// A target that refuses the rows of `writeJournal`.
    private func refusing() -> InMemoryTarget {
        InMemoryTarget(
            faults: InMemoryFaults {
                $0.kind == .insert ? .failure(.rejected, hadNoEffect: true) : nil
            }
        )
    }

    private func letters(_ server: TestServer) async throws -> [[String: Any]] {
        let list = try await server.send("GET", "/v1/tasks/t/dead-letters")
        return list.body["dead_letters"] as? [[String: Any]] ?? []
    }

    private func wait(
        _ server: TestServer,
        until condition: (TestServer.Answer) -> Bool
    ) async throws {
        while true {
            let task = try await server.send("GET", "/v1/tasks/t")
            if condition(task) { return }
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    @Test func `what is refused can be read, retried and is then on the target`() async throws {
        try await withDirectory { directory in
            try await writeJournal(in: directory)
            let target = refusing()
            try await withServer(in: directory, target: target) { server in
                _ = try await server.send("POST", "/v1/tasks", Self.task)
                try await wait(server) { $0.body["dead_letters"] as? Int == 1 }
                let letter = try #require(try await letters(server).first)
                #expect(letter["sequence"] as? Int == 2)
                #expect(letter["lane"] as? String == "default.a")
                #expect(letter["op"] as? String == "insert")
                #expect(letter["rows"] as? Int == 3)
                #expect(letter["state"] as? String == "refused")
                #expect(letter["attempts"] as? Int == 1)
                #expect((letter["error"] as? String)?.isEmpty == false)

                // Refused once more.
                let again = try await server.send("POST", "/v1/tasks/t/dead-letters/retry")
                #expect(again.status == 202)
                #expect(again.body["count"] as? Int == 1)
                while try await letters(server).first?["attempts"] as? Int != 2 {
                    try await Task.sleep(for: .milliseconds(10))
                }

                target.set(InMemoryFaults())
                let retried = try await server.send(
                    "POST",
                    "/v1/tasks/t/dead-letters/retry",
                    #"{"sequences":[2]}"#
                )
                #expect(retried.status == 202)
                try await wait(server) { $0.body["dead_letters"] as? Int == 0 }
                let name = CollectionName(database: "default", collection: "a")
                #expect(target.contents.collections[name]?.rows.map(\.key) == [1, 2, 3])
                let task = try await server.wait(for: "t", "running")
                #expect(task.body["backlog_entries"] as? Int == 0)
            }
        }
    }

    @Test func `what is dropped is forgotten, and the target stays without it`() async throws {
        try await withDirectory { directory in
            try await writeJournal(in: directory)
            let target = refusing()
            try await withServer(in: directory, target: target) { server in
                _ = try await server.send("POST", "/v1/tasks", Self.task)
                try await wait(server) { $0.body["dead_letters"] as? Int == 1 }
                let missing = try await server.send("DELETE", "/v1/tasks/t/dead-letters/7")
                #expect(missing.status == 404)
                #expect(missing.code == "not_found")
                let dropped = try await server.send("DELETE", "/v1/tasks/t/dead-letters/2")
                #expect(dropped.status == 200)
                #expect(dropped.body["count"] as? Int == 1)
                #expect(try await letters(server).isEmpty)
                let none = try await server.send("DELETE", "/v1/tasks/t/dead-letters")
                #expect(none.body["count"] as? Int == 0)
                #expect(try await server.send("GET", "/v1/tasks/u/dead-letters").status == 404)
            }
        }
    }

    @Test func `a retry that is asked for while the task is paused is made when it goes on`()
        async throws
    {
        try await withDirectory { directory in
            try await writeJournal(in: directory)
            let target = refusing()
            try await withServer(in: directory, target: target) { server in
                _ = try await server.send("POST", "/v1/tasks", Self.task)
                try await wait(server) { $0.body["dead_letters"] as? Int == 1 }
                _ = try await server.send("POST", "/v1/tasks/t/pause")
                _ = try await server.send("POST", "/v1/tasks/t/dead-letters/retry")
                #expect(try await letters(server).first?["state"] as? String == "retrying")
            }
            target.set(InMemoryFaults())
            try await withServer(in: directory, target: target) { server in
                _ = try await server.send("POST", "/v1/tasks/t/resume")
                try await wait(server) { $0.body["dead_letters"] as? Int == 0 }
                let name = CollectionName(database: "default", collection: "a")
                #expect(target.contents.collections[name]?.rows.count == 3)
            }
        }
    }

    @Test func `a parked lane says what it waits for, and a resume brings it up`() async throws {
        try await withDirectory { directory in
            try await writeJournal(in: directory)
            let target = refusing()
            try await withServer(in: directory, target: target) { server in
                let body = #"{"id":"t","source":"main","target":"memory"}"#
                _ = try await server.send("POST", "/v1/tasks", body)
                let parked = try await server.wait(for: "t", "parked")
                let lane = try #require((parked.body["parked"] as? [[String: Any]])?.first)
                #expect(lane["lane"] as? String == "default.a")
                #expect(lane["sequence"] as? Int == 2)
                #expect((lane["waits_for"] as? String)?.contains("resume the lane") == true)
                let wrong = try await server.send(
                    "POST",
                    "/v1/tasks/t/resume",
                    #"{"lane":"default.b"}"#
                )
                #expect(wrong.status == 404)
                target.set(InMemoryFaults())
                let resumed = try await server.send(
                    "POST",
                    "/v1/tasks/t/resume",
                    #"{"lane":"default.a"}"#
                )
                #expect(resumed.status == 200)
                try await wait(server) { ($0.body["parked"] as? [Any])?.isEmpty == true }
                let name = CollectionName(database: "default", collection: "a")
                #expect(target.contents.collections[name]?.rows.count == 3)
            }
        }
    }

    @Test func `a lane of a paused task is resumed with the task`() async throws {
        try await withDirectory { directory in
            try await writeJournal(in: directory)
            let target = refusing()
            try await withServer(in: directory, target: target) { server in
                let body = #"{"id":"t","source":"main","target":"memory"}"#
                _ = try await server.send("POST", "/v1/tasks", body)
                _ = try await server.wait(for: "t", "parked")
                _ = try await server.send("POST", "/v1/tasks/t/pause")
            }
            target.set(InMemoryFaults())
            try await withServer(in: directory, target: target) { server in
                let lane = #"{"lane":"default.a"}"#
                let wrong = #"{"lane":"default.b"}"#
                #expect(try await server.send("POST", "/v1/tasks/t/resume", wrong).status == 404)
                #expect(try await server.send("POST", "/v1/tasks/t/resume", lane).status == 200)
                try await wait(server) { ($0.body["parked"] as? [Any])?.isEmpty == true }
                let name = CollectionName(database: "default", collection: "a")
                #expect(target.contents.collections[name]?.rows.count == 3)
            }
        }
    }

    @Test func `a lane that is parked goes on once the task lists what is refused`() async throws {
        try await withDirectory { directory in
            try await writeJournal(in: directory)
            try await withServer(in: directory, target: refusing()) { server in
                let body = #"{"id":"t","source":"main","target":"memory"}"#
                _ = try await server.send("POST", "/v1/tasks", body)
                _ = try await server.wait(for: "t", "parked")
                _ = try await server.send("PATCH", "/v1/tasks/t", #"{"on_error":"dead-letter"}"#)
                // The lane stays parked until a person resumes it.
                _ = try await server.wait(for: "t", "parked")
                _ = try await server.send("POST", "/v1/tasks/t/resume")
                try await wait(server) {
                    ($0.body["parked"] as? [Any])?.isEmpty == true
                        && $0.body["dead_letters"] as? Int == 1
                }
            }
        }
    }

    @Test func `retention keeps what a dead letter needs`() async throws {
        try await withDirectory { directory in
            try await writeJournal(in: directory)
            try await withServer(in: directory, target: refusing()) { server in
                _ = try await server.send("POST", "/v1/tasks", Self.task)
                try await wait(server) { $0.body["dead_letters"] as? Int == 1 }
                let source = await server.supervisor.sources[0]
                await server.supervisor.tidy(source, now: 1)
                #expect(try source.pins.pin(.task, "t")?.first.rawValue == 2)
                _ = try await server.send("DELETE", "/v1/tasks/t/dead-letters")
                await server.supervisor.tidy(source, now: 2)
                #expect(try source.pins.pin(.task, "t")?.first.rawValue == 3)
            }
        }
    }
}
