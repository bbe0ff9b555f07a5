internal import Operations

// Loads, aliases, access and gaps.
extension Translation {
    /// What is loaded from now on, as a release of what no longer is and a load of what is.
    func load(_ load: LoadDefinition, before: Definitions) -> [StepDraft] {
        guard let held = definitions.collections[load.collection] else { return [] }
        func names(_ ids: some Sequence<PartitionID>) -> [String] {
            ids.compactMap { held.partitions[$0]?.name }.sorted()
        }
        guard let wanted = load.partitions else {
            return on(load.collection) { .load($0, partitions: nil, replicas: load.replicas) }
        }
        var drafts: [StepDraft] = []
        if let earlier = before.collections[load.collection]?.load {
            let loaded = earlier.partitions ?? Array(held.partitions.keys)
            let released = names(Set(loaded).subtracting(wanted))
            if !released.isEmpty {
                drafts += on(load.collection) { .release($0, partitions: released) }
            }
        }
        drafts += on(load.collection) {
            .load($0, partitions: names(wanted), replicas: load.replicas)
        }
        return drafts
    }

    func alias(
        _ alias: AliasDefinition,
        before: Definitions? = nil,
        _ action: (CollectionName) -> StepAction
    ) -> [StepDraft] {
        guard let name = target(of: alias.collection, in: definitions) else {
            // It has come to mean what is not taken, so on the target it means nothing.
            return before.map { dropAlias(alias.name, in: alias.database, before: $0) } ?? []
        }
        var lanes: [Lane] = [
            .collection(name),
            .collection(CollectionName(database: name.database, collection: alias.name)),
        ]
        // The collection that had the alias must not be dropped or renamed around its change.
        let earlier = before?.aliases.first {
            $0.database == alias.database && $0.name == alias.name
        }
        if let earlier, let old = target(of: earlier.collection, in: definitions), old != name {
            lanes.append(.collection(old))
        }
        return [StepDraft(action(name), lanes: lanes, collection: alias.collection)]
    }

    func dropAlias(
        _ name: String,
        in database: DatabaseID,
        before: Definitions
    ) -> [StepDraft] {
        guard
            let alias = before.aliases.first(where: { $0.database == database && $0.name == name }),
            passedOver[alias.collection] == nil,
            let target = target(of: alias.collection, in: before)
        else { return [] }
        let lane = Lane.collection(CollectionName(database: target.database, collection: name))
        return [
            StepDraft(
                .dropAlias(name, in: target.database),
                lanes: [.collection(target), lane],
                collection: alias.collection
            )
        ]
    }

    /// A change of who may do what, as far as the projection takes it.
    func access(_ change: AccessChange) -> [StepDraft] {
        guard let change = projection.target(of: change) else { return [] }
        return [StepDraft(.access(change), lanes: [.access])]
    }

    func report(_ gap: Gap) -> ReportedGap? {
        guard let id = gap.collection else {
            return ReportedGap(
                lane: nil,
                from: gap.from,
                through: gap.through,
                reason: gap.reason
            )
        }
        guard definitions.collections[id] != nil else { return nil }
        return target(of: id, in: definitions).map {
            ReportedGap(
                lane: .collection($0),
                from: gap.from,
                through: gap.through,
                reason: gap.reason
            )
        }
    }
}
