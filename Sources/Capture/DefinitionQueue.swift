internal import Operations

/// Derived definitions that wait for their timestamp to be resolved, in the order of the metadata.
///
/// They leave in the order they came. So the revision up to which everything has left is exact, and a
/// restart derives each once. A definition therefore never has a lower timestamp than one that was
/// written before it: where the source's own timestamp says so, it is raised by one. Rows cannot be
/// overtaken by that, because a row can only name what was written before it was stamped.
struct DefinitionQueue {
    private struct Pending {
        let timestamp: HybridTimestamp
        let operation: Operation
        let revision: MetadataRevision
    }

    private var pending: [Pending] = []
    private var newest = HybridTimestamp.zero
    /// Everything up to here was derived.
    private(set) var through: MetadataRevision
    /// A reconciliation: until all of it has left, the position is the one before it, so that a restart
    /// reconciles again.
    private var reconciliation: (revision: MetadataRevision, before: MetadataRevision)?

    init(through: MetadataRevision) { self.through = through }

    /// Adds what one transaction meant; all of it gets one timestamp.
    mutating func add(
        _ derived: [DerivedOperation],
        revision: MetadataRevision,
        after resolved: HybridTimestamp
    ) {
        through = max(through, revision)
        guard !derived.isEmpty else { return }
        let own = derived.compactMap(\.timestamp).max() ?? .zero
        let floor = max(newest, resolved)
        let timestamp = own > floor ? own : floor.successor
        newest = timestamp
        let ordered = derived.map(\.operation).enumerated().sorted { left, right in
            (left.element.kind.rank, left.offset) < (right.element.kind.rank, right.offset)
        }
        pending += ordered.map {
            Pending(
                timestamp: timestamp,
                operation: $0.element.noted(at: timestamp),
                revision: revision
            )
        }
    }

    /// Notes that the metadata is known up to a revision.
    mutating func advance(to revision: MetadataRevision) { through = max(through, revision) }

    /// Adds everything a snapshot meant, each at its own timestamp.
    mutating func reconcile(
        _ derived: [DerivedOperation],
        revision: MetadataRevision,
        after resolved: HybridTimestamp
    ) {
        reconciliation = (revision, position)
        through = max(through, revision)
        let floor = resolved.successor
        let latest = derived.compactMap(\.timestamp).max() ?? floor
        let stamped = derived.enumerated().map { index, derivation in
            (
                timestamp: max(derivation.timestamp ?? unstamped(derivation, latest, floor), floor),
                index: index, operation: derivation.operation
            )
        }
        .sorted { left, right in
            (left.timestamp, left.operation.kind.rank, left.index)
                < (right.timestamp, right.operation.kind.rank, right.index)
        }
        pending += stamped.map {
            Pending(
                timestamp: $0.timestamp,
                operation: $0.operation.noted(at: $0.timestamp),
                revision: revision
            )
        }
        newest = max(newest, pending.last?.timestamp ?? .zero)
    }

    /// What goes away without a timestamp went at once; what is there without one is there in the end.
    private func unstamped(
        _ derivation: DerivedOperation,
        _ latest: HybridTimestamp,
        _ floor: HybridTimestamp
    ) -> HybridTimestamp {
        if case .rbac(let change) = derivation.operation, change.isRemoval { return floor }
        return switch derivation.operation.kind {
        case .dropCollection, .dropDatabase, .dropAlias, .dropPartition, .dropIndex, .release: floor
        default: latest
        }
    }

    /// Takes out what is at or below the timestamp.
    mutating func release(through timestamp: HybridTimestamp) -> [StampedOperation] {
        let count = pending.prefix { $0.timestamp <= timestamp }.count
        defer { pending.removeFirst(count) }
        return pending.prefix(count).map {
            StampedOperation(timestamp: $0.timestamp, operation: $0.operation)
        }
    }

    /// The timestamp of the first definition that waits; nil if none does.
    var firstTimestamp: HybridTimestamp? { pending.first?.timestamp }

    /// The newest timestamp that any definition got.
    var newestTimestamp: HybridTimestamp { newest }

    /// The revision up to which every definition has left.
    var position: MetadataRevision {
        guard let first = pending.first else { return through }
        if let reconciliation, first.revision <= reconciliation.revision {
            return reconciliation.before
        }
        return MetadataRevision(rawValue: first.revision.rawValue - 1)
    }
}

extension Operation {
    /// The operation with the timestamp it gets, where it says itself when it was noted.
    fileprivate func noted(at timestamp: HybridTimestamp) -> Operation {
        guard case .gap(let gap) = self, gap.isBesideLog else { return self }
        return .gap(gap.noted(at: timestamp))
    }
}

extension HybridTimestamp {
    /// The timestamp just after this one.
    var successor: HybridTimestamp { HybridTimestamp(rawValue: rawValue + 1) }
}
