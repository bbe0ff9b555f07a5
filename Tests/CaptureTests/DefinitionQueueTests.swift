import Operations
import Testing

@testable import Capture

struct DefinitionQueueTests {
    @Test
    func `definitions leave in the order of the metadata, raised where their own time is older`() {
        var queue = DefinitionQueue(through: MetadataRevision(rawValue: 4))
        queue.add([created(1, at: 300)], revision: MetadataRevision(rawValue: 5), after: .zero)
        queue.add([created(2, at: 200)], revision: MetadataRevision(rawValue: 6), after: .zero)
        #expect(queue.release(through: HybridTimestamp(rawValue: 299)).isEmpty)
        #expect(queue.position == MetadataRevision(rawValue: 4))
        let first = queue.release(through: HybridTimestamp(rawValue: 300))
        #expect(first.map(\.timestamp.rawValue) == [300])
        #expect(queue.position == MetadataRevision(rawValue: 5))
        let second = queue.release(through: HybridTimestamp(rawValue: 301))
        #expect(second.map(\.timestamp.rawValue) == [301])
        #expect(queue.position == MetadataRevision(rawValue: 6))
    }

    @Test func `what shows up late or without a time is stamped just after what is resolved`() {
        var queue = DefinitionQueue(through: .zero)
        let resolved = HybridTimestamp(rawValue: 1000)
        queue.add([created(1, at: 10)], revision: MetadataRevision(rawValue: 1), after: resolved)
        queue.add(
            [DerivedOperation(timestamp: nil, operation: .release(CollectionID(rawValue: 1)))],
            revision: MetadataRevision(rawValue: 2),
            after: resolved
        )
        let all = queue.release(through: HybridTimestamp(rawValue: 2000))
        #expect(all.map(\.timestamp.rawValue) == [1001, 1002])
    }

    @Test func `until a reconciliation has left whole, a restart reconciles again`() {
        var queue = DefinitionQueue(through: .zero)
        queue.reconcile(
            [created(1, at: 10), created(2, at: 20)],
            revision: MetadataRevision(rawValue: 9),
            after: .zero
        )
        _ = queue.release(through: HybridTimestamp(rawValue: 10))
        #expect(queue.position == .zero)
        _ = queue.release(through: HybridTimestamp(rawValue: 20))
        #expect(queue.position == MetadataRevision(rawValue: 9))
    }

    @Test func `known revisions without a definition move the position`() {
        var queue = DefinitionQueue(through: .zero)
        queue.advance(to: MetadataRevision(rawValue: 77))
        #expect(queue.position == MetadataRevision(rawValue: 77))
    }

    private func created(_ id: Int64, at timestamp: UInt64) -> DerivedOperation {
        DerivedOperation(
            timestamp: HybridTimestamp(rawValue: timestamp),
            operation: .createDatabase(
                DatabaseDefinition(id: DatabaseID(rawValue: id), name: "d\(id)")
            )
        )
    }
}
