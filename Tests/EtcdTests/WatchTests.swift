import Capture
import Operations
import TestSupport
import Testing

@testable import Etcd

@Suite(.serialized, .timeLimit(.minutes(5))) struct WatchTests {
    @Test func `each transaction comes as one change, in order`() async throws {
        try await withEtcd { etcd in
            let first = try await etcd.writer.write(.put("by-dev/a", "1"), .put("by-dev/b", "1"))
            try await etcd.withMetadata { metadata in
                let watch = try await metadata.watch(after: first)
                let second = try await etcd.writer.write(
                    .put("by-dev/c", "2"),
                    .delete("by-dev/a"),
                    .put("other/d", "2"),
                    .put("by-dev/b", "2")
                )
                let third = try await etcd.writer.write(.delete("by-dev/b"))
                let delivery = try await watch.caughtUp()
                #expect(
                    delivery.changes.map(\.revision.rawValue) == [second, third]
                )
                #expect(
                    delivery.changes.map(\.text) == [["c=2", "-a", "b=2"], ["-b"]]
                )
                #expect(delivery.through.rawValue == third)
                await watch.close()
            }
        }
    }

    @Test func `large transactions are whole although etcd cuts its answers`() async throws {
        try await withEtcd { etcd in
            let value = [UInt8](repeating: 1, count: 100_000)
            for number in 0..<30 {
                try await etcd.writer.write((0..<9).map { .put("by-dev/\(number)/\($0)", value) })
            }
            try await etcd.withMetadata { metadata in
                let watch = try await metadata.watch(after: 1)
                let delivery = try await watch.caughtUp()
                #expect(delivery.changes.count == 30)
                #expect(
                    delivery.changes.enumerated().allSatisfy { number, change in
                        change.records.map(\.key) == (0..<9).map { "\(number)/\($0)" }
                    }
                )
            }
        }
    }

    @Test func `what was returned once does not come again`() async throws {
        try await withEtcd { etcd in
            try await etcd.withMetadata { metadata in
                let watch = try await metadata.watch(after: 1)
                try await etcd.writer.write(.put("by-dev/a", "1"))
                #expect(try await watch.caughtUp().changes.map(\.text) == [["a=1"]])
                #expect(try await watch.caughtUp().changes.isEmpty)
                #expect(try await watch.arrived().changes.isEmpty)
                try await etcd.writer.write(.put("by-dev/a", "2"))
                #expect(try await watch.caughtUp().changes.map(\.text) == [["a=2"]])
            }
        }
    }

    @Test func `a watch begins after its revision, not at it`() async throws {
        try await withEtcd { etcd in
            let first = try await etcd.writer.write(.put("by-dev/a", "1"))
            let second = try await etcd.writer.write(.put("by-dev/a", "2"))
            try await etcd.withMetadata { metadata in
                let watch = try await metadata.watch(after: first)
                #expect(
                    try await watch.caughtUp().changes.map(\.revision.rawValue) == [second]
                )
            }
        }
    }

    @Test func `a snapshot and the changes after it add up to a later snapshot`() async throws {
        try await withEtcd { etcd in
            var steps: [EtcdWriter.Step] = []
            for number in 0..<100 { steps.append(.put("by-dev/\(number)", "0")) }
            try await etcd.writer.write(steps)
            try await etcd.withMetadata { metadata in
                let snapshot = try await metadata.snapshot(at: nil)
                let watch = try await metadata.watch(after: snapshot.revision)
                for number in 0..<50 {
                    try await etcd.writer.write(
                        .put("by-dev/\(number)", "1"),
                        .delete("by-dev/\(99 - number)"),
                        .put("by-dev/new/\(number)", "1")
                    )
                }
                var values = Dictionary(
                    uniqueKeysWithValues: snapshot.records.map { ($0.key, $0.value ?? []) }
                )
                for change in try await watch.caughtUp().changes {
                    for record in change.records { values[record.key] = record.value }
                }
                let later = try await metadata.snapshot(at: nil).records
                #expect(later.count == 100)
                #expect(
                    values
                        == Dictionary(
                            uniqueKeysWithValues: later.map { ($0.key, $0.value ?? []) }
                        )
                )
            }
        }
    }

    @Test func `a recorded history comes back transaction by transaction`() async throws {
        var recorded: [(revision: Int64, steps: [EtcdWriter.Step], text: [String])] = []
        for event in try Recording.milvus235.get().metadataEvents {
            if recorded.last?.revision != event.rev { recorded.append((event.rev, [], [])) }
            let key = String(event.key.dropFirst(Recording.root.count))
            let last = recorded.count - 1
            switch event.type {
            case .put:
                recorded[last].steps.append(.put(event.key, event.value))
                recorded[last].text.append(
                    "\(key)=\(String(decoding: event.value, as: UTF8.self))"
                )
            case .delete:
                recorded[last].steps.append(.delete(event.key))
                recorded[last].text.append("-\(key)")
            }
        }
        try await withEtcd { etcd in
            try await etcd.withMetadata { metadata in
                let watch = try await metadata.watch(after: 1)
                var delivered: [[String]] = []
                for (number, transaction) in recorded.enumerated() {
                    try await etcd.writer.write(transaction.steps)
                    if number % 10 == 0 {
                        delivered += try await watch.caughtUp().changes.map(\.text)
                    }
                }
                delivered += try await watch.caughtUp().changes.map(\.text)
                #expect(delivered == recorded.map(\.text))
            }
        }
    }

    @Test func `a watch that falls behind what is kept says so and ends`() async throws {
        try await withEtcd { etcd in
            let first = try await etcd.writer.write(.put("by-dev/a", "1"))
            let second = try await etcd.writer.write(.put("by-dev/a", "2"))
            try await etcd.writer.write(.put("by-dev/a", "3"))
            try await etcd.writer.compact(at: second)
            try await etcd.withMetadata { metadata in
                let watch = metadata.watch(from: WatchPosition(after: first, keys: 1))
                let failure = await #expect(throws: MetadataFailure.self) {
                    try await watch.caughtUp()
                }
                #expect(
                    failure?.code == .compacted(oldest: MetadataRevision(rawValue: second))
                )
                await #expect(throws: MetadataFailure.self) { try await watch.arrived() }
            }
        }
    }

    @Test func `a closed watch delivers nothing more`() async throws {
        try await withEtcd { etcd in
            try await etcd.withMetadata { metadata in
                let watch = try await metadata.watch(after: 1)
                await watch.close()
                await watch.close()
                try await etcd.writer.write(.put("by-dev/a", "1"))
                let failure = await #expect(throws: MetadataFailure.self) {
                    try await watch.caughtUp()
                }
                #expect(failure?.isTransient == true)
            }
        }
    }

    @Test func `two watches do not disturb each other`() async throws {
        try await withEtcd { etcd in
            try await etcd.withMetadata { metadata in
                let one = try await metadata.watch(after: 1)
                let two = try await metadata.watch(after: 1)
                try await etcd.writer.write(.put("by-dev/a", "1"))
                #expect(try await one.caughtUp().changes.count == 1)
                await one.close()
                #expect(try await two.caughtUp().changes.count == 1)
            }
        }
    }
}
