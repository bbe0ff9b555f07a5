import Capture
import Operations
import Testing

@testable import Etcd

@Suite(.serialized, .timeLimit(.minutes(5))) struct BarrierTests {
    @Test func `the barrier holds everything that was committed before it`() async throws {
        try await withEtcd { etcd in
            try await etcd.withMetadata { metadata in
                let watch = try await metadata.watch(after: 1)
                for number in 0..<200 {
                    let revision = try await etcd.writer.write(
                        .put("by-dev/\(number % 7)", "\(number)")
                    )
                    let delivery = try await watch.caughtUp()
                    #expect(delivery.changes.map(\.revision.rawValue) == [revision])
                    #expect(delivery.through.rawValue >= revision)
                }
            }
        }
    }

    @Test func `keys of others neither hold the barrier up nor make it lie`() async throws {
        try await withEtcd { etcd in
            try await etcd.withMetadata { metadata in
                let watch = try await metadata.watch(after: 1)
                var expected: [String: String] = [:]
                var seen: [String: String] = [:]
                let traffic = Task {
                    while !Task.isCancelled { try await etcd.writer.write(.put("other/x", "")) }
                }
                defer { traffic.cancel() }
                for number in 0..<60 {
                    let key = "\(number % 10)"
                    var revision: Int64
                    if expected[key] == nil || number % 3 == 0 {
                        revision = try await etcd.writer.write(.put("by-dev/\(key)", "\(number)"))
                        expected[key] = "\(number)"
                    } else {
                        revision = try await etcd.writer.write(.delete("by-dev/\(key)"))
                        expected[key] = nil
                    }
                    revision = try await etcd.writer.write(.put("other/y", "\(revision)"))
                    let delivery = try await watch.caughtUp()
                    for change in delivery.changes {
                        for record in change.records {
                            seen[record.key] = record.value.map {
                                String(decoding: $0, as: UTF8.self)
                            }
                        }
                    }
                    #expect(delivery.through.rawValue >= revision)
                    #expect(seen == expected)
                }
            }
        }
    }

    @Test func `an idle store is caught up with at once`() async throws {
        try await withEtcd { etcd in
            try await etcd.writer.write(.put("by-dev/a", "1"))
            try await etcd.withMetadata { metadata in
                let snapshot = try await metadata.snapshot(at: nil)
                let watch = try await metadata.watch(after: snapshot.revision)
                let delivery = try await watch.caughtUp()
                #expect(delivery.changes.isEmpty)
                #expect(delivery.through == snapshot.revision)
            }
        }
    }

    @Test func `a root without any key can be watched`() async throws {
        try await withEtcd { etcd in
            try await etcd.withMetadata { metadata in
                let watch = try await metadata.watch(after: .zero)
                let foreign = try await etcd.writer.write(.put("other/a", "1"))
                #expect(try await watch.caughtUp().through.rawValue >= foreign)
                try await etcd.writer.write(.put("by-dev/a", "1"))
                #expect(try await watch.caughtUp().changes.count == 1)
            }
        }
    }
}
