import Catalog
import Operations
import Replay
import ServiceLifecycle
import Synchronization
import Testing

@testable import ControlPlane

@Suite struct SupervisorTests {
    @Test(arguments: [Trouble.Kind.refused, .corrupt, .configuration, .gap])
    func `an only source that cannot even begin ends the server`(kind: Trouble.Kind) async throws {
        try await withDirectory { directory in
            let trouble = Trouble(kind, "The log of the source is not on Kafka.")
            await #expect(throws: trouble) {
                try await withServer(in: directory, trouble: trouble) { _ in
                    try await Task.sleep(for: .seconds(60))
                }
            }
        }
    }

    @Test func `a damaged journal is told as such`() async throws {
        try await withDirectory { directory in
            try await writeJournal(in: directory)
            try damageJournal(in: directory)
            await #expect(throws: Trouble.self) {
                try await withServer(in: directory) { _ in try await Task.sleep(for: .seconds(60)) }
            }
        }
    }

    private struct Deadline: Error {}

    private static let first = SequenceNumber.zero.next
    private static let name = CollectionName(database: "default", collection: "a")

    @Test func `a drain that does not end is cut off, and what was acknowledged is kept`()
        async throws
    {
        try await withDirectory { directory in
            try await writeJournal(in: directory)
            let target = InMemoryTarget(faults: InMemoryFaults([2: .hang]))
            // What ends the group is what comes at the deadline: its cancellation.
            await #expect(throws: Deadline.self) {
                try await withServer(in: directory, target: target) { server in
                    let body = #"{"id":"t","source":"main","target":"memory"}"#
                    _ = try await server.send("POST", "/v1/tasks", body)
                    // The rows are on their way, and no answer comes.
                    _ = await target.hangs.first { _ in true }
                    await server.group.triggerGracefulShutdown()
                    let task = try TaskID("t")
                    while try await server.catalog.checkpoint(of: task)?.sequence != Self.first {
                        try await Task.sleep(for: .milliseconds(5))
                    }
                    throw Deadline()
                }
            }
            let catalog = try Catalog.open(at: directory + "/catalog.sqlite")
            let checkpoint = try await catalog.checkpoint(of: try TaskID("t"))
            #expect(checkpoint?.sequence == Self.first)
            try catalog.close()
            target.set(InMemoryFaults())
            try await withServer(in: directory, target: target) { server in
                while try await server.send("GET", "/v1/tasks/t").body["backlog_entries"] as? Int
                    != 0
                {}
            }
            #expect(target.contents.collections[Self.name]?.rows.count == 3)
            #expect(target.calls.count { $0.kind == .createCollection } == 1)
        }
    }

    @Test func `an id that is being deleted is not given again before it is free`() async throws {
        try await withDirectory { directory in
            try await writeJournal(in: directory)
            let target = InMemoryTarget(faults: InMemoryFaults([1: .hang]))
            try await withServer(in: directory, target: target) { server in
                let body = #"{"id":"t","source":"main","target":"memory"}"#
                _ = try await server.send("POST", "/v1/tasks", body)
                _ = await target.hangs.first { _ in true }
                let supervisor = server.supervisor
                async let deletion: Void = supervisor.deleteTask("t")
                while try await server.send("GET", "/v1/tasks/t").status != 404 {}
                let early = try await server.send("POST", "/v1/tasks", body)
                #expect(early.status == 409)
                #expect(early.code == "conflict")
                target.letGo()
                try await deletion
                let again = try await server.send("POST", "/v1/tasks", body)
                #expect(again.status == 201)
            }
        }
    }

    @Test func `what passes is tried again, what does not waits for a person, and others go on`()
        async throws
    {
        let attempts = Mutex<[String: Int]>([:])
        try await withDirectory { directory in
            try await writeJournal(in: directory)
            try await withServer(
                in: directory,
                onConnect: { target, _ in
                    let count = attempts.withLock { attempts in
                        attempts[target, default: 0] += 1
                        return attempts[target] ?? 0
                    }
                    switch target {
                    case "http://away:1" where count < 3:
                        throw TargetFailure(code: .transient, message: "No answer.")
                    case "http://wrong:1":
                        throw TargetFailure(code: .unauthorized, message: "The login is wrong.")
                    default: break
                    }
                }
            ) {
                server in
                for (id, target) in [
                    ("away", "http://away:1"), ("wrong", "http://wrong:1"), ("good", "memory"),
                ] {
                    let body = #"{"id":"\#(id)","source":"main","target":"\#(target)"}"#
                    _ = try await server.send("POST", "/v1/tasks", body)
                }
                let failed = try await server.wait(for: "wrong", "failed")
                #expect(failed.body["last_error"] as? String == "The login is wrong.")
                for id in ["good", "away"] {
                    var task = try await server.wait(for: id, "running")
                    while task.body["backlog_entries"] as? Int != 0 {
                        task = try await server.send("GET", "/v1/tasks/\(id)")
                    }
                }
                #expect(try await server.send("GET", "/v1/tasks/wrong").state == "failed")
                #expect(attempts.withLock { $0["http://wrong:1"] } == 1)
                #expect(attempts.withLock { $0["http://away:1"] } == 3)
                let events = try await server.send("GET", "/v1/events?task=wrong").text
                #expect(events.contains("task.failed"))
                let told = server.said.lines.filter { $0.message == "task waits" }
                #expect(told.count == 2)
                #expect(told.allSatisfy { $0.metadata["error"] == "No answer." })
            }
        }
    }

    @Test func `every line of the log says what it is about`() async throws {
        try await withDirectory { directory in
            try await writeJournal(in: directory)
            try await withServer(in: directory) { server in
                let body = #"{"id":"t","source":"main","target":"memory"}"#
                _ = try await server.send("POST", "/v1/tasks", body)
                _ = try await server.wait(for: "t", "running")
                _ = try await server.send("POST", "/v1/tasks/t/pause")
                _ = try await server.send("PATCH", "/v1/tasks/t", #"{"leave_out":["load"]}"#)
                _ = try await server.send("POST", "/v1/tasks/t/resume")
                _ = try await server.send("DELETE", "/v1/tasks/t")
                let restore = #"{"id":"r","source":"main","target":"http://a:1","to":"latest"}"#
                _ = try await server.send("POST", "/v1/restores", restore)
                while try await server.send("GET", "/v1/restores/r").state == "running" {}
                let lines = server.said.lines
                #expect(lines.count > 8)
                for line in lines {
                    let ids = Set(line.metadata.keys)
                        .intersection(["task", "source", "operation"])
                    #expect(!ids.isEmpty, "\(line)")
                    if line.message.hasPrefix("task") {
                        #expect(line.metadata["task"] == "t", "\(line)")
                    }
                }
            }
        }
    }
}
