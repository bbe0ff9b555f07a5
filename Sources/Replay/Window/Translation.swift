package import Operations

/// Turns entries into what they ask of a target, looking names up at the entry's own place in the journal.
package struct Translation: Sendable {
    /// What an entry comes to.
    package struct Result: Sendable {
        /// In order.
        package var drafts: [StepDraft] = []
        package var skipped: [SkippedOperations] = []
        /// A collection of which nothing is applied from here on.
        package var skippedCollection: SkippedCollection?
        package var gap: ReportedGap?
    }

    package let projection: Projection
    /// Kinds the target cannot hold.
    package let unsupported: Set<OperationKind>
    /// The fold of everything translated so far.
    package private(set) var definitions: Definitions
    /// Collections of which nothing is applied.
    package private(set) var passedOver: [CollectionID: SkippedCollection]

    /// Databases other than `default` that were made sure of.
    private var ensuredDatabases: Set<String> = ["default"]
    /// Collections that are created in this pass, or of which it was asked whether they are there.
    var expectedCollections: Set<CollectionID> = []
    /// What rows need to know, by collection; forgotten when a definition changes.
    private var destinations: [CollectionID: Destination] = [:]

    struct Destination {
        let name: CollectionName
        let definition: CollectionDefinition
        let partitions: [PartitionID: PartitionDefinition]
    }

    package init(
        projection: Projection,
        unsupported: Set<OperationKind>,
        definitions: Definitions,
        passedOver: [SkippedCollection] = []
    ) {
        self.projection = projection
        self.unsupported = unsupported
        self.definitions = definitions
        self.passedOver = Dictionary(
            passedOver.map { ($0.collection, $0) },
            uniquingKeysWith: { _, last in last }
        )
    }

    /// Takes in the next entry.
    package mutating func take(_ entry: Entry) -> Result {
        let operation = entry.operation
        var result = Result()
        if operation.kind.carriesRows {
            if isWanted(operation, noting: &result) { translateRows(operation, into: &result) }
            return result
        }
        let before = definitions
        definitions.apply(operation)
        if case .flush = operation {
        } else {
            destinations = operation.collection == nil ? [:] : destinations
            operation.collection.map { _ = destinations.removeValue(forKey: $0) }
        }
        if isWanted(operation, noting: &result) {
            translate(operation, before: before, into: &result)
        }
        if case .dropCollection(let id) = operation { passedOver[id] = nil }
        if let skipped = result.skippedCollection { passedOver[skipped.collection] = skipped }
        return result
    }

    /// Applies nothing more of a collection.
    package mutating func passOver(_ skipped: SkippedCollection) {
        passedOver[skipped.collection] = skipped
    }

    /// The lane of a collection as named now; nil if it is not taken.
    func target(of id: CollectionID, in definitions: Definitions) -> CollectionName? {
        definitions.name(of: id).flatMap(projection.target(of:))
    }

    /// The target's names of the collections that are loaded now.
    var loaded: [CollectionName] {
        definitions.collections
            .filter { id, held in held.load != nil && passedOver[id] == nil }
            .compactMap { id, _ in target(of: id, in: definitions) }
            .sorted()
    }

    mutating func ensure(_ database: String) -> Bool { ensuredDatabases.insert(database).inserted }

    mutating func forget(_ database: String) { ensuredDatabases.remove(database) }

    /// Whether the projection, the target and what was skipped so far let an operation pass.
    private func isWanted(_ operation: Operation, noting result: inout Result) -> Bool {
        guard !projection.leftOut.contains(operation.kind) else { return false }
        if let id = operation.collection, let skipped = passedOver[id] {
            result.skipped.append(
                SkippedOperations(
                    kind: operation.kind.name,
                    lane: skipped.lane,
                    reason: skipped.reason
                )
            )
            return false
        }
        return true
    }

    private mutating func destination(of id: CollectionID) -> Destination? {
        if let known = destinations[id] { return known }
        guard let name = target(of: id, in: definitions), let held = definitions.collections[id]
        else { return nil }
        let destination = Destination(
            name: name,
            definition: held.definition,
            partitions: held.partitions
        )
        destinations[id] = destination
        return destination
    }
}

// Rows.
extension Translation {
    private mutating func translateRows(_ operation: Operation, into result: inout Result) {
        guard let id = operation.collection else { return }
        guard let destination = destination(of: id) else {
            guard definitions.collections[id] == nil else { return }
            result.skipped.append(
                SkippedOperations(
                    kind: operation.kind.name,
                    lane: nil,
                    reason: "The journal does not define the collection with the id \(id)."
                )
            )
            return
        }
        guard !unsupported.contains(operation.kind) else {
            let lane = Lane.collection(destination.name)
            let reason = "The target does not take \(operation.kind.name)."
            result.skipped.append(
                SkippedOperations(kind: operation.kind.name, lane: lane, reason: reason)
            )
            return
        }
        result.drafts += expectation(of: destination)
        switch operation {
        case .insert(let rows), .upsert(let rows):
            add(operation, to: rows.partition, shard: rows.shard, of: destination, &result) {
                let request = RowRequest(
                    name: destination.name,
                    definition: destination.definition,
                    partition: $0,
                    rows: [rows]
                )
                return operation.kind == .insert ? .insert(request) : .upsert(request)
            }
        case .delete(let keys):
            add(operation, to: keys.partition, shard: keys.shard, of: destination, &result) {
                .delete(
                    DeleteRequest(
                        name: destination.name,
                        definition: destination.definition,
                        partition: $0,
                        keys: [keys]
                    )
                )
            }
        default: break
        }
    }

    /// What comes before the first rows of a collection that this pass has not created: a replay that began
    /// later, or goes on, finds out whether the target holds what the rows are for before it sends them.
    private mutating func expectation(of destination: Destination) -> [StepDraft] {
        let (name, definition) = (destination.name, destination.definition)
        guard expectedCollections.insert(definition.id).inserted else { return [] }
        if let refusal = refusal(of: definition, as: name) { return [refusal] }
        return [
            StepDraft(
                .expectCollection(name, definition),
                lanes: [.collection(name)],
                collection: definition.id
            )
        ]
    }

    /// Adds rows or keys, once their partition has a name; where keys choose it, it has none.
    private func add(
        _ operation: Operation,
        to partition: PartitionID?,
        shard: Int,
        of destination: Destination,
        _ result: inout Result,
        _ action: (String?) -> StepAction
    ) {
        let lane = Lane.collection(destination.name)
        var partitionName: String?
        if let partition, !destination.definition.hasPartitionKey {
            guard let name = destination.partitions[partition]?.name else {
                let reason =
                    "The journal does not define the partition with the id \(partition) of "
                    + "\(destination.name), which rows are for."
                result.drafts.append(
                    StepDraft(.refuse(operation.kind, reason: reason), lanes: [lane])
                )
                return
            }
            partitionName = name
        }
        result.drafts.append(
            StepDraft(
                action(partitionName),
                lanes: [lane],
                shard: shard,
                partition: partitionName,
                collection: destination.definition.id,
                rowCount: operation.rowCount,
                byteCount: operation.byteCount
            )
        )
    }
}
