internal import Operations

// Everything but rows. `before` is what was defined just before the operation, `definitions` just after.
extension Translation {
    mutating func translate(
        _ operation: Operation,
        before: Definitions,
        into result: inout Result
    ) {
        let drafts: [StepDraft]
        switch operation {
        case .insert, .delete, .upsert: drafts = []
        case .createDatabase, .alterDatabase, .dropDatabase:
            drafts = database(operation, before: before)
        case .createCollection(let definition): drafts = create(definition)
        case .alterCollection(let definition):
            drafts = on(definition.id) { .alterCollection($0, definition) }
        case .renameCollection(let id, _, _): drafts = rename(id, before: before, &result)
        case .dropCollection(let id): drafts = drop(id, before: before)
        case .truncateCollection(let id): drafts = truncate(id)
        case .createPartition(let id, let partition):
            drafts = on(id) { .createPartition(partition.name, of: $0) }
        case .dropPartition(let id, let partition):
            let name = before.collections[id]?.partitions[partition]?.name
            drafts = on(id) { target in name.map { .dropPartition($0, of: target) } }
        case .createIndex(let index): drafts = on(index.collection) { .createIndex(index, on: $0) }
        case .alterIndex(let index): drafts = on(index.collection) { .alterIndex(index, on: $0) }
        case .dropIndex(let id, let index):
            let held = before.collections[id]?.indexes[index]
            drafts = on(id) { target in held.map { .dropIndex($0, on: target) } }
        case .load(let load): drafts = self.load(load, before: before)
        case .release(let id): drafts = on(id) { .release($0, partitions: nil) }
        case .flush(let flush): drafts = flush.collections.flatMap { on($0) { .flush($0) } }
        case .createAlias(let alias):
            drafts = self.alias(alias) { .createAlias(alias.name, of: $0) }
        case .alterAlias(let alias):
            drafts = self.alias(alias, before: before) { .alterAlias(alias.name, of: $0) }
        case .dropAlias(let database, let name):
            drafts = dropAlias(name, in: database, before: before)
        case .rbac(let change): drafts = access(change)
        case .gap(let gap):
            drafts = []
            result.gap = report(gap)
        }
        for draft in drafts where unsupported.contains(draft.action.kind) {
            note(draft, into: &result)
        }
        result.drafts = drafts.filter { !unsupported.contains($0.action.kind) }
    }

    /// Lists what the target cannot hold; without its creation, nothing of a collection can be held.
    private func note(_ draft: StepDraft, into result: inout Result) {
        let reason = "The target does not take \(draft.action.kind.name)."
        result.skipped.append(
            SkippedOperations(
                kind: draft.action.kind.name,
                lane: draft.lanes.first,
                reason: reason
            )
        )
        if draft.action.kind == .createCollection, let id = draft.collection {
            result.skippedCollection = SkippedCollection(
                collection: id,
                lane: draft.lanes.first,
                reason: reason
            )
        }
    }

    /// One call on a collection under its present name; nothing if it is not taken.
    func on(
        _ id: CollectionID,
        _ action: (CollectionName) -> StepAction?
    ) -> [StepDraft] {
        guard passedOver[id] == nil, let name = target(of: id, in: definitions),
            let action = action(name)
        else { return [] }
        return [StepDraft(action, lanes: [.collection(name)], collection: id)]
    }

    private mutating func database(_ operation: Operation, before: Definitions) -> [StepDraft] {
        switch operation {
        case .createDatabase(let database):
            guard let target = projection.target(ofDatabase: database.name),
                database.id != .default
            else { return [] }
            _ = ensure(target.name)
            return [
                StepDraft(
                    .createDatabase(target.name, database.properties),
                    lanes: [.database(target.name)]
                )
            ]
        case .alterDatabase(let database):
            guard let target = projection.target(ofDatabase: database.name), target.isWhole
            else { return [] }
            return [
                StepDraft(
                    .alterDatabase(target.name, database.properties),
                    lanes: [.database(target.name)]
                )
            ]
        case .dropDatabase(let id):
            guard let database = before.databases[id],
                let target = projection.target(ofDatabase: database.name), target.isWhole
            else { return [] }
            forget(target.name)
            return [StepDraft(.dropDatabase(target.name), lanes: [.database(target.name)])]
        default: return []
        }
    }

    /// A collection needs its database, which a rename or the start of the journal may have left out.
    private mutating func create(_ definition: CollectionDefinition) -> [StepDraft] {
        guard let name = target(of: definition.id, in: definitions) else { return [] }
        expectedCollections.insert(definition.id)
        if let refusal = refusal(of: definition, as: name) { return [refusal] }
        let creation = StepDraft(
            .createCollection(name, definition),
            lanes: [.collection(name)],
            collection: definition.id
        )
        return ensuring(name, of: definition.database) + [creation]
    }

    /// Refuses a collection whose name on the target is that of another one; nil if it has it for itself.
    func refusal(of definition: CollectionDefinition, as name: CollectionName) -> StepDraft? {
        let others = definitions.collections.filter { id, _ in
            id != definition.id && target(of: id, in: definitions) == name
        }
        guard let other = others.min(by: { $0.key.rawValue < $1.key.rawValue })?.value else {
            return nil
        }
        let reason =
            "\(definition.name) and \(other.definition.name) would both be \(name) on the target."
        return StepDraft(
            .refuse(.createCollection, reason: reason),
            lanes: [.collection(name)]
        )
    }

    /// Creates the database of a name that is about to be used for the first time.
    private mutating func ensuring(_ name: CollectionName, of id: DatabaseID) -> [StepDraft] {
        guard ensure(name.database) else { return [] }
        let source = definitions.databases[id]
        let properties = source?.name == name.database ? source?.properties : nil
        return [
            StepDraft(
                .createDatabase(name.database, properties ?? []),
                // Of the whole database: the next collection in it finds it ensured.
                lanes: [.database(name.database)]
            )
        ]
    }

    /// Aliases that point to a collection end or move with it, so they keep order with it.
    func lanes(
        of name: CollectionName,
        _ id: CollectionID,
        in definitions: Definitions
    ) -> [Lane] {
        let aliases = definitions.aliases.filter { $0.collection == id }
        return [.collection(name)]
            + aliases.map {
                .collection(CollectionName(database: name.database, collection: $0.name))
            }
    }

    private func drop(_ id: CollectionID, before: Definitions) -> [StepDraft] {
        guard let name = target(of: id, in: before) else { return [] }
        return [
            StepDraft(.dropCollection(name), lanes: lanes(of: name, id, in: before), collection: id)
        ]
    }

    private mutating func rename(
        _ id: CollectionID,
        before: Definitions,
        _ result: inout Result
    ) -> [StepDraft] {
        guard let newName = definitions.name(of: id), let oldName = before.name(of: id) else {
            return []
        }
        let old = projection.target(of: oldName)
        let new = projection.target(of: newName)
        switch (old, new) {
        case (nil, nil): return []
        case (nil, let new?):
            let reason =
                "It was \(oldName), which this task does not take, so its rows are not on the "
                + "target."
            result.skippedCollection = SkippedCollection(
                collection: id,
                lane: .collection(new),
                reason: reason
            )
            result.skipped.append(
                SkippedOperations(
                    kind: OperationKind.renameCollection.name,
                    lane: .collection(new),
                    reason: reason
                )
            )
            return []
        case (let old?, nil):
            result.skipped.append(
                SkippedOperations(
                    kind: OperationKind.renameCollection.name,
                    lane: .collection(old),
                    reason: "It is now \(newName), which this task does not take."
                )
            )
            return []
        case (let old?, let new?):
            guard old != new else { return [] }
            let lanes = lanes(of: old, id, in: before) + [.collection(new)]
            let database = definitions.collections[id]?.definition.database ?? .default
            let renaming = StepDraft(
                .renameCollection(old, to: new),
                lanes: lanes,
                collection: id
            )
            return ensuring(new, of: database) + [renaming]
        }
    }
}
