package import Operations
internal import Synchronization

/// A metadata store in memory, with its whole history; for tests and for playing recordings.
///
/// What was written becomes visible as far as it is revealed.
package final class InMemoryMetadata: MetadataSource {
    private struct State {
        var changes: [MetadataChange] = []
        var visible = MetadataRevision.zero
        var oldest = MetadataRevision.zero
    }

    private let state = Mutex(State())

    package init() {}

    /// Appends a transaction; it is not visible yet.
    package func write(_ change: MetadataChange) {
        state.withLock { state in
            precondition(state.changes.last.map { $0.revision < change.revision } ?? true)
            state.changes.append(change)
        }
    }

    /// Makes everything up to a revision visible.
    package func reveal(through revision: MetadataRevision) {
        state.withLock { $0.visible = max($0.visible, revision) }
    }

    /// Forgets the history before a revision.
    package func compact(before revision: MetadataRevision) {
        state.withLock { $0.oldest = revision }
    }

    package func snapshot(at revision: MetadataRevision?) async throws -> MetadataSnapshot {
        try state.withLock { state in
            let at = revision ?? state.visible
            guard at >= state.oldest else { throw compacted(at, state.oldest) }
            var values: [String: [UInt8]] = [:]
            for change in state.changes where change.revision <= at {
                for record in change.records { values[record.key] = record.value }
            }
            return MetadataSnapshot(
                revision: at,
                records: values.sorted { $0.key < $1.key }.map {
                    MetadataRecord(key: $0.key, value: $0.value)
                }
            )
        }
    }

    package func watch(after revision: MetadataRevision) async throws -> any MetadataWatch {
        try state.withLock { state in
            guard revision >= state.oldest else { throw compacted(revision, state.oldest) }
        }
        return Watch(source: self, after: revision)
    }

    private func compacted(
        _ revision: MetadataRevision,
        _ oldest: MetadataRevision
    ) -> MetadataFailure {
        MetadataFailure(
            code: .compacted(oldest: oldest),
            message: "revision \(revision) is no longer kept, the oldest is \(oldest)"
        )
    }

    private func changes(
        after revision: MetadataRevision
    ) -> (changes: [MetadataChange], through: MetadataRevision) {
        state.withLock { state in
            let first =
                state.changes.partitioningIndex { $0.revision > revision }
            let fresh = state.changes[first...].prefix { $0.revision <= state.visible }
            return (Array(fresh), max(state.visible, revision))
        }
    }

    private final class Watch: MetadataWatch {
        private let source: InMemoryMetadata
        private let delivered: Mutex<MetadataRevision>

        init(source: InMemoryMetadata, after revision: MetadataRevision) {
            self.source = source
            delivered = Mutex(revision)
        }

        func arrived() async throws -> MetadataDelivery {
            delivered.withLock { delivered in
                let (changes, through) = source.changes(after: delivered)
                delivered = through
                return MetadataDelivery(changes: changes, through: through)
            }
        }

        func caughtUp() async throws -> MetadataDelivery { try await arrived() }

        func close() async {}
    }
}

extension Array {
    /// The first index whose element belongs to the second part; the parts must not be mixed.
    fileprivate func partitioningIndex(where isSecond: (Element) -> Bool) -> Int {
        var low = startIndex
        var high = endIndex
        while low < high {
            let middle = (low + high) / 2
            if isSecond(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
