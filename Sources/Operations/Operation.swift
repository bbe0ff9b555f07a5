/// One decoded change of a source.
package enum Operation: Hashable, Sendable {
    case insert(Rows)
    case delete(DeletedKeys)
    /// Rows whose keys are replaced: what the source did as an insert and a delete at one timestamp.
    case upsert(Rows)
    case createDatabase(DatabaseDefinition)
    case alterDatabase(DatabaseDefinition)
    case dropDatabase(DatabaseID)
    case createCollection(CollectionDefinition)
    /// The collection as it is from now on; neither its name nor its database changes.
    case alterCollection(CollectionDefinition)
    case renameCollection(CollectionID, database: DatabaseID, name: String)
    case dropCollection(CollectionID)
    /// All rows of the collection go; its definition stays.
    case truncateCollection(CollectionID)
    case createPartition(CollectionID, PartitionDefinition)
    case dropPartition(CollectionID, PartitionID)
    case createIndex(IndexDefinition)
    case alterIndex(IndexDefinition)
    case dropIndex(CollectionID, IndexID)
    /// What is loaded from now on.
    case load(LoadDefinition)
    case release(CollectionID)
    case flush(FlushDefinition)
    case createAlias(AliasDefinition)
    case alterAlias(AliasDefinition)
    case dropAlias(DatabaseID, name: String)
    /// Who may do what: users, roles, grants.
    case rbac(AccessChange)
    case gap(Gap)
}

/// What kind of change an operation is.
///
/// The raw value is stored in journals; the name is shown to users.
package enum OperationKind: UInt8, Hashable, Sendable, CaseIterable {
    case insert = 1
    case delete = 2
    case upsert = 3
    case createDatabase = 10
    case alterDatabase = 11
    case dropDatabase = 12
    case createCollection = 20
    case alterCollection = 21
    case renameCollection = 22
    case dropCollection = 23
    case truncateCollection = 24
    case createPartition = 30
    case dropPartition = 31
    case createIndex = 40
    case alterIndex = 41
    case dropIndex = 42
    case load = 50
    case release = 51
    case flush = 52
    case createAlias = 60
    case alterAlias = 61
    case dropAlias = 62
    case rbac = 70
    case gap = 90

    /// The name users see, such as `create_collection`.
    package var name: String {
        switch self {
        case .insert: "insert"
        case .delete: "delete"
        case .upsert: "upsert"
        case .createDatabase: "create_database"
        case .alterDatabase: "alter_database"
        case .dropDatabase: "drop_database"
        case .createCollection: "create_collection"
        case .alterCollection: "alter_collection"
        case .renameCollection: "rename_collection"
        case .dropCollection: "drop_collection"
        case .truncateCollection: "truncate_collection"
        case .createPartition: "create_partition"
        case .dropPartition: "drop_partition"
        case .createIndex: "create_index"
        case .alterIndex: "alter_index"
        case .dropIndex: "drop_index"
        case .load: "load"
        case .release: "release"
        case .flush: "flush"
        case .createAlias: "create_alias"
        case .alterAlias: "alter_alias"
        case .dropAlias: "drop_alias"
        case .rbac: "rbac"
        case .gap: "gap"
        }
    }

    /// Whether the operation carries rows or keys rather than a definition.
    package var carriesRows: Bool { self == .insert || self == .delete || self == .upsert }

    /// The place among operations of one timestamp: definitions that create, deletes, inserts,
    /// definitions that drop.
    package var rank: Int {
        switch self {
        case .createDatabase: 0
        case .createCollection: 1
        case .gap: 2
        case .createPartition, .alterDatabase, .alterCollection, .renameCollection: 3
        case .createIndex, .alterIndex, .createAlias, .alterAlias, .truncateCollection, .rbac: 4
        case .delete: 5
        case .upsert: 6
        case .insert: 7
        case .load, .flush: 8
        case .dropAlias, .release: 9
        case .dropIndex: 10
        case .dropPartition: 11
        case .dropCollection: 12
        case .dropDatabase: 13
        }
    }
}

extension Operation {
    package var kind: OperationKind {
        switch self {
        case .insert: .insert
        case .delete: .delete
        case .upsert: .upsert
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
        case .rbac: .rbac
        case .gap: .gap
        }
    }

    /// The collection it concerns; nil for databases, users and roles, flushes of several, and gaps
    /// of the whole source.
    package var collection: CollectionID? {
        switch self {
        case .insert(let rows), .upsert(let rows): rows.collection
        case .delete(let keys): keys.collection
        case .createCollection(let definition), .alterCollection(let definition): definition.id
        case .renameCollection(let id, _, _), .dropCollection(let id),
            .truncateCollection(let id), .createPartition(let id, _), .dropPartition(let id, _),
            .dropIndex(let id, _), .release(let id):
            id
        case .createIndex(let index), .alterIndex(let index): index.collection
        case .load(let load): load.collection
        case .createAlias(let alias), .alterAlias(let alias): alias.collection
        case .gap(let gap): gap.collection
        case .flush(let flush): flush.collections.count == 1 ? flush.collections.first : nil
        case .createDatabase, .alterDatabase, .dropDatabase, .dropAlias, .rbac: nil
        }
    }

    /// How many rows or keys it carries; zero for definitions.
    package var rowCount: Int {
        switch self {
        case .insert(let rows), .upsert(let rows): rows.count
        case .delete(let keys): keys.count
        default: 0
        }
    }

    /// Roughly how many bytes it holds in memory.
    package var byteCount: Int {
        switch self {
        case .insert(let rows), .upsert(let rows): rows.columns.count + 64
        case .delete(let keys): keys.keys.count + 64
        default: 512
        }
    }
}
