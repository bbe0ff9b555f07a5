internal import Operations

/// What an entry is about, by the names that things have at its place in the journal.
struct EntrySubject {
    /// The database; nil where none is concerned, or it is not known.
    let database: String?
    /// The collection's name.
    let collection: String?
    let collectionID: CollectionID?
    /// The partition's name.
    let partition: String?
    /// The collection itself, if the entry is about one that is known.
    let definition: CollectionDefinition?

    /// Takes names from the definitions in force just before the operation.
    init(_ operation: Operation, in definitions: Definitions) {
        collectionID = operation.collection
        let known = collectionID.flatMap { definitions.collections[$0] }
        var definition = known?.definition
        var database = definition?.database
        var partition: PartitionID?
        var partitionName: String?
        switch operation {
        case .createCollection(let created):
            definition = created
            database = created.database
        case .createDatabase(let it), .alterDatabase(let it): database = it.id
        case .dropDatabase(let id), .dropAlias(let id, _): database = id
        case .createAlias(let alias), .alterAlias(let alias): database = alias.database
        case .insert(let rows), .upsert(let rows): partition = rows.partition
        case .delete(let keys): partition = keys.partition
        case .createPartition(_, let created): partitionName = created.name
        case .dropPartition(_, let id): partition = id
        default: break
        }
        self.definition = definition
        collection = definition?.name
        self.partition = partitionName ?? partition.flatMap { known?.partitions[$0]?.name }
        if case .createDatabase(let created) = operation {
            self.database = created.name
        } else {
            self.database = database.flatMap { definitions.databases[$0]?.name }
        }
    }

    /// The full name of the collection.
    var name: CollectionName? {
        guard let database, let collection else { return nil }
        return CollectionName(database: database, collection: collection)
    }
}
