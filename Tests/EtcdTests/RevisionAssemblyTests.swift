import Capture
import Foundation
import Operations
import Testing

@testable import Etcd

@Suite struct RevisionAssemblyTests {
    private static func event(
        _ revision: Int64,
        _ key: String,
        _ value: String? = "",
        version: Int64 = 2
    ) -> Mvccpb_Event {
        var event = Mvccpb_Event()
        event.type = value == nil ? .delete : .put
        event.kv.key = Data("root/\(key)".utf8)
        event.kv.value = Data((value ?? "").utf8)
        event.kv.modRevision = revision
        event.kv.version = value == nil ? 0 : version
        return event
    }

    private static func response(
        _ events: Mvccpb_Event...,
        fragment: Bool = false
    ) -> Etcdserverpb_WatchResponse {
        var response = Etcdserverpb_WatchResponse()
        response.events = events
        response.fragment = fragment
        return response
    }

    private typealias Me = RevisionAssemblyTests

    @Test func `an answer of several transactions is taken apart`() throws {
        var assembly = RevisionAssembly(of: KeyRange(below: "root"), after: 4)
        let changes = try assembly.take(
            Me.response(
                Me.event(5, "a", "1"),
                Me.event(5, "b", "1"),
                Me.event(7, "a", nil),
                Me.event(8, "c", "1", version: 1)
            )
        )
        #expect(changes.map(\.change.text) == [["a=1", "b=1"], ["-a"], ["c=1"]])
        #expect(changes.map(\.change.revision.rawValue) == [5, 7, 8])
        #expect(changes.map(\.keyDelta) == [0, -1, 1])
    }

    @Test func `a transaction that is cut waits for its end`() throws {
        var assembly = RevisionAssembly(of: KeyRange(below: "root"), after: 4)
        var changes = try assembly.take(Me.response(Me.event(5, "a", "1"), fragment: true))
        #expect(changes.isEmpty)
        changes = try assembly.take(
            Me.response(Me.event(5, "b", "1"), Me.event(6, "a", "2"), fragment: true)
        )
        #expect(changes.map(\.change.text) == [["a=1", "b=1"]])
        changes = try assembly.take(Me.response(Me.event(6, "b", "2")))
        #expect(changes.map(\.change.text) == [["a=2", "b=2"]])
    }

    @Test func `an empty answer ends what was cut`() throws {
        var assembly = RevisionAssembly(of: KeyRange(below: "root"), after: 4)
        _ = try assembly.take(Me.response(Me.event(5, "a", "1"), fragment: true))
        var changes = try assembly.take(Me.response())
        #expect(changes.map(\.change.text) == [["a=1"]])
        changes = try assembly.take(Me.response())
        #expect(changes.isEmpty)
    }

    @Test func `events up to the start are dropped`() throws {
        var assembly = RevisionAssembly(of: KeyRange(below: "root"), after: 5)
        let changes = try assembly.take(
            Me.response(Me.event(4, "a"), Me.event(5, "b"), Me.event(6, "c", "1"))
        )
        #expect(changes.map(\.change.text) == [["c=1"]])
    }

    @Test func `a revision that was given out does not come again`() throws {
        var assembly = RevisionAssembly(of: KeyRange(below: "root"), after: 4)
        _ = try assembly.take(Me.response(Me.event(6, "a")))
        for revision: Int64 in [5, 6] {
            let error = #expect(throws: EtcdError.self) {
                try assembly.take(Me.response(Me.event(revision, "b")))
            }
            #expect(error?.code == .corrupt)
        }
    }

    @Test func `a key of somebody else is an error`() {
        var assembly = RevisionAssembly(of: KeyRange(below: "root"), after: 4)
        var foreign = Me.event(5, "a")
        foreign.kv.key = Data("rooted/a".utf8)
        let error = #expect(throws: EtcdError.self) {
            try assembly.take(Me.response(foreign))
        }
        #expect(error?.code == .corrupt)
    }
}
