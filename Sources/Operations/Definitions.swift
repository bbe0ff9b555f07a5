/// Everything that is defined at one point of a journal: the fold of its definitions.
///
/// A journal keeps one with its end, a replayer one with its checkpoint; names are looked up here at the
/// operation's own timestamp. Codable, so that a segment can begin with it.
package struct Definitions: Hashable, Sendable, Codable {
    /// A collection and what belongs to it.
    package struct Collection: Hashable, Sendable, Codable {
        package var definition: CollectionDefinition
        package var partitions: [PartitionID: PartitionDefinition]
        package var indexes: [IndexID: IndexDefinition] = [:]
        package var load: LoadDefinition?
        package var gaps: [Gap] = []
    }

    package private(set) var databases: [DatabaseID: DatabaseDefinition] = [
        .default: DatabaseDefinition(id: .default, name: "default")
    ]
    package private(set) var collections: [CollectionID: Collection] = [:]
    package private(set) var aliases: [AliasDefinition] = []
    /// Nil while there is nothing, so that journals from before users were journalled keep their bytes.
    private var storedAccess: AccessDefinitions?

    private enum CodingKeys: String, CodingKey {
        case databases, collections, aliases
        case storedAccess = "access"
    }

    package init() {}

    /// Users, roles and grants.
    package var access: AccessDefinitions { storedAccess ?? AccessDefinitions() }

    /// The database and collection name of a collection; nil once it is gone.
    package func name(of id: CollectionID) -> CollectionName? {
        guard let definition = collections[id]?.definition,
            let database = databases[definition.database]
        else { return nil }
        return CollectionName(database: database.name, collection: definition.name)
    }

    /// The collection that has a name or an alias in a database.
    package func collection(named name: String, in database: String) -> CollectionID? {
        guard let id = databases.values.first(where: { $0.name == database })?.id else {
            return nil
        }
        let byName = collections.values.first { collection in
            collection.definition.database == id && collection.definition.name == name
        }
        return byName?.definition.id
            ?? aliases.first { $0.database == id && $0.name == name }?.collection
    }

    /// Takes one operation in; rows change nothing.
    package mutating func apply(_ operation: Operation) {
        switch operation {
        case .insert, .delete, .upsert, .truncateCollection, .flush: break
        case .createDatabase(let database), .alterDatabase(let database):
            databases[database.id] = database
        case .dropDatabase(let id): databases[id] = nil
        case .createCollection(let definition):
            let partitions = definition.partitions.map { ($0.id, $0) }
            collections[definition.id] = Collection(
                definition: definition,
                partitions: Dictionary(partitions, uniquingKeysWith: { _, last in last })
            )
        case .alterCollection(let definition): collections[definition.id]?.definition = definition
        case .renameCollection(let id, let database, let name):
            collections[id]?.definition.database = database
            collections[id]?.definition.name = name
        case .dropCollection(let id):
            collections[id] = nil
            aliases.removeAll { $0.collection == id }
        case .createPartition(let id, let partition):
            collections[id]?.partitions[partition.id] = partition
        case .dropPartition(let id, let partition): collections[id]?.partitions[partition] = nil
        case .createIndex(let index), .alterIndex(let index):
            collections[index.collection]?.indexes[index.id] = index
        case .dropIndex(let id, let index): collections[id]?.indexes[index] = nil
        case .load(let load): collections[load.collection]?.load = load
        case .release(let id): collections[id]?.load = nil
        case .createAlias(let alias), .alterAlias(let alias):
            aliases.removeAll { $0.database == alias.database && $0.name == alias.name }
            aliases.append(alias)
        case .dropAlias(let database, let name):
            aliases.removeAll { $0.database == database && $0.name == name }
        case .rbac(let change):
            var changed = access
            storedAccess = nil
            changed.apply(change)
            storedAccess = changed.isEmpty ? nil : changed
        case .gap(let gap):
            if let id = gap.collection { collections[id]?.gaps.append(gap) }
        }
    }
}

/// A collection's name within its database.
package struct CollectionName: Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
    package let database: String
    package let collection: String

    package init(database: String, collection: String) {
        self.database = database
        self.collection = collection
    }

    package var description: String { "\(database).\(collection)" }

    package static func < (left: Self, right: Self) -> Bool {
        (left.database, left.collection) < (right.database, right.collection)
    }
}
