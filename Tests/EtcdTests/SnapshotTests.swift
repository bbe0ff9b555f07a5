import Capture
import GRPCConnections
import Operations
import Testing

@testable import Etcd

@Suite(.serialized, .timeLimit(.minutes(5))) struct SnapshotTests {
    @Test func `a snapshot holds the keys below the root and no others`() async throws {
        try await withEtcd { etcd in
            try await etcd.writer.write(
                .put("by-dev/meta/a", "1"),
                .put("by-dev/kv/b", "2"),
                .put("by-dev", "path itself"),
                .put("by-dev2/meta/a", "other source"),
                .put("by-deu/z", "before")
            )
            try await etcd.withMetadata { metadata in
                #expect(try await metadata.values() == ["meta/a": "1", "kv/b": "2"])
                let records = try await metadata.snapshot(at: nil).records
                #expect(records.map(\.key) == ["kv/b", "meta/a"])
            }
        }
    }

    @Test func `an earlier revision is shown as it was`() async throws {
        try await withEtcd { etcd in
            let first = try await etcd.writer.write(.put("by-dev/a", "1"), .put("by-dev/b", "1"))
            let second = try await etcd.writer.write(.put("by-dev/a", "2"), .delete("by-dev/b"))
            let third = try await etcd.writer.write(.put("elsewhere", ""))
            try await etcd.withMetadata { metadata in
                #expect(try await metadata.values(at: first) == ["a": "1", "b": "1"])
                #expect(try await metadata.values(at: second) == ["a": "2"])
                let now = try await metadata.snapshot(at: nil)
                #expect(now.revision.rawValue == third)
                #expect(now.records.count == 1)
            }
        }
    }

    @Test func `more keys than fit on a page are all there, and of one revision`() async throws {
        try await withEtcd { etcd in
            let count = Int(MetadataRange.pageSize) + 50
            for start in stride(from: 0, to: count, by: 100) {
                try await etcd.writer.write(
                    (start..<min(start + 100, count)).map { .put("by-dev/\($0)", "\($0)") }
                )
            }
            try await etcd.withMetadata { metadata in
                let values = try await metadata.values()
                #expect(values.count == count)
                #expect(values.allSatisfy { $0 == $1 })
            }
        }
    }

    @Test func `a page that is too large for one answer is read in smaller ones`() async throws {
        try await withEtcd { etcd in
            let value = [UInt8](repeating: 7, count: 1_000_000)
            let count = MetadataRange.answerSizeMaxBytes / value.count + 3
            for number in 0..<count {
                try await etcd.writer.write(.put("by-dev/\(100 + number)", value))
            }
            try await etcd.withMetadata { metadata in
                let records = try await metadata.snapshot(at: nil).records
                #expect(records.map(\.key) == (0..<count).map { "\(100 + $0)" })
                #expect(records.allSatisfy { $0.value == value })
            }
        }
    }

    @Test func `a revision that is gone is told apart, with the oldest that is left`() async throws
    {
        try await withEtcd { etcd in
            let first = try await etcd.writer.write(.put("by-dev/a", "1"))
            let second = try await etcd.writer.write(.put("by-dev/a", "2"))
            try await etcd.writer.write(.put("by-dev/a", "3"))
            try await etcd.writer.compact(at: second)
            try await etcd.withMetadata { metadata in
                let oldest = MetadataFailure.Code.compacted(
                    oldest: MetadataRevision(rawValue: second)
                )
                var failure = await #expect(throws: MetadataFailure.self) {
                    try await metadata.snapshot(at: MetadataRevision(rawValue: first))
                }
                #expect(failure?.code == oldest)
                failure = await #expect(throws: MetadataFailure.self) {
                    _ = try await metadata.watch(after: first)
                }
                #expect(failure?.code == oldest)
                let kept = try await metadata.values(at: second)
                #expect(kept == ["a": "2"])
            }
        }
    }

    @Test func `a revision that the store has not come to is refused`() async throws {
        try await withEtcd { etcd in
            let revision = try await etcd.writer.write(.put("by-dev/a", "1"))
            try await etcd.withMetadata { metadata in
                var failure = await #expect(throws: MetadataFailure.self) {
                    try await metadata.snapshot(at: MetadataRevision(rawValue: revision + 1))
                }
                #expect(failure?.code == .refused)
                failure = await #expect(throws: MetadataFailure.self) {
                    _ = try await metadata.watch(after: revision + 1)
                }
                #expect(failure?.code == .refused)
            }
        }
    }

    @Test func `the version is what the server says`() async throws {
        try await withEtcd { etcd in
            try await etcd.withMetadata { metadata in
                let version = try await metadata.version()
                #expect(version.hasPrefix("3."))
            }
        }
    }
}
