package import Operations

/// One call on a target.
package enum StepAction: Sendable {
    case createDatabase(String, [Property])
    case alterDatabase(String, [Property])
    case dropDatabase(String)
    case createCollection(CollectionName, CollectionDefinition)
    case alterCollection(CollectionName, CollectionDefinition)
    case renameCollection(CollectionName, to: CollectionName)
    case dropCollection(CollectionName)
    case truncateCollection(CollectionName, EmptyCollection)
    case createPartition(String, of: CollectionName)
    case dropPartition(String, of: CollectionName)
    case createIndex(IndexDefinition, on: CollectionName)
    case alterIndex(IndexDefinition, on: CollectionName)
    case dropIndex(IndexDefinition, on: CollectionName)
    case load(CollectionName, partitions: [String]?, replicas: Int32)
    case release(CollectionName, partitions: [String]?)
    case flush(CollectionName)
    case createAlias(String, of: CollectionName)
    case alterAlias(String, of: CollectionName)
    case dropAlias(String, in: String)
    case access(AccessChange)
    case insert(RowRequest)
    case upsert(RowRequest)
    case delete(DeleteRequest)
    /// Looks whether what rows are about to be sent to is there as the source has it.
    case expectCollection(CollectionName, CollectionDefinition)
    /// Cannot be sent; its lane is parked with the reason.
    case refuse(OperationKind, reason: String)

    /// The kind of operation it carries out.
    package var kind: OperationKind {
        switch self {
        case .createDatabase: .createDatabase
        case .alterDatabase: .alterDatabase
        case .dropDatabase: .dropDatabase
        case .createCollection: .createCollection
        case .alterCollection: .alterCollection
        case .renameCollection: .renameCollection
        case .dropCollection: .dropCollection
        case .truncateCollection: .truncateCollection
        case .createPartition: .createPartition
        case .dropPartition: .dropPartition
        case .createIndex: .createIndex
        case .alterIndex: .alterIndex
        case .dropIndex: .dropIndex
        case .load: .load
        case .release: .release
        case .flush: .flush
        case .createAlias: .createAlias
        case .alterAlias: .alterAlias
        case .dropAlias: .dropAlias
        case .access: .rbac
        case .insert: .insert
        case .upsert: .upsert
        case .delete: .delete
        case .expectCollection: .createCollection
        case .refuse(let kind, _): kind
        }
    }

    /// Whether what comes after it in its lanes can be applied where it is not.
    ///
    /// A collection that is not there takes no rows, and what was not renamed or dropped is in the way.
    package var canBePassed: Bool {
        switch kind {
        case .createDatabase, .dropDatabase, .createCollection, .renameCollection, .dropCollection,
            .truncateCollection, .createPartition, .dropPartition:
            false
        default: true
        }
    }

    /// Whether carrying it out again, after later operations of its lane, would do harm: the lane's
    /// progress is saved right before and right after it.
    package var isUnrepeatable: Bool {
        // A user who is made again has another password than the one that was set meanwhile.
        if case .access(let change) = self { return change.isRemoval }
        return switch kind {
        case .dropDatabase, .alterDatabase, .alterCollection, .renameCollection, .dropCollection,
            .truncateCollection, .dropPartition, .alterIndex, .dropIndex, .alterAlias, .dropAlias:
            true
        default: false
        }
    }
}

extension StepAction {
    /// How many entries it carries out, where they can be told apart.
    var partCount: Int {
        switch self {
        case .insert(let request), .upsert(let request): request.rows.count
        case .delete(let request): request.keys.count
        default: 1
        }
    }

    /// How many rows or keys it carries.
    var rowCount: Int {
        switch self {
        case .insert(let request), .upsert(let request): request.rowCount
        case .delete(let request): request.keys.reduce(0) { $0 + $1.count }
        default: 0
        }
    }

    /// This call for some of its entries only.
    func part(_ range: Range<Int>) -> StepAction {
        func part(_ request: RowRequest) -> RowRequest {
            RowRequest(
                name: request.name,
                definition: request.definition,
                partition: request.partition,
                rows: Array(request.rows[range])
            )
        }
        guard range != 0..<partCount else { return self }
        switch self {
        case .insert(let request): return .insert(part(request))
        case .upsert(let request): return .upsert(part(request))
        case .delete(let request):
            return .delete(
                DeleteRequest(
                    name: request.name,
                    definition: request.definition,
                    partition: request.partition,
                    keys: Array(request.keys[range])
                )
            )
        default: preconditionFailure("\(kind.name) has no parts")
        }
    }

    /// This call with the rows or keys of others of its kind behind its own.
    package func joined(with others: [StepAction]) -> StepAction {
        guard !others.isEmpty else { return self }
        switch self {
        case .insert(let first): return .insert(first.joined(with: others))
        case .upsert(let first): return .upsert(first.joined(with: others))
        case .delete(let first):
            let keys = others.flatMap { other -> [DeletedKeys] in
                guard case .delete(let request) = other else { return [] }
                return request.keys
            }
            return .delete(
                DeleteRequest(
                    name: first.name,
                    definition: first.definition,
                    partition: first.partition,
                    keys: first.keys + keys
                )
            )
        default: preconditionFailure("\(kind.name) joins nothing")
        }
    }
}

extension RowRequest {
    fileprivate func joined(with others: [StepAction]) -> RowRequest {
        let more = others.flatMap { other -> [Rows] in
            switch other {
            case .insert(let request), .upsert(let request): request.rows
            default: []
            }
        }
        return RowRequest(
            name: name,
            definition: definition,
            partition: partition,
            rows: rows + more
        )
    }
}
