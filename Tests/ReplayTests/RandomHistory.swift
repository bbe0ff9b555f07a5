import Operations
import Replay

/// A random history of a source that Milvus could have, and what must come of it.
struct RandomHistory {
    private(set) var operations: [Operation] = []
    /// What the source holds after it.
    private(set) var contents = InMemoryContents()

    private var random: SeededRandom
    private var names: [CollectionID: CollectionName] = [:]
    private var nextID: Int64 = 1
    private var nextValue: Int64 = 1
    /// Whether a key may be inserted while it is there.
    private let doublesKeys: Bool

    init(seed: UInt64, count: Int, doublesKeys: Bool = false) {
        random = SeededRandom(seed: seed)
        self.doublesKeys = doublesKeys
        for _ in 0..<count { step() }
        for name in contents.collections.keys { contents.collections[name]?.rows.sort() }
    }

    private mutating func step() {
        let live = names.keys.sorted()
        guard let id = live.randomElement(using: &random), let name = names[id] else {
            return create()
        }
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<45: insert(id, name)
        case 45..<60: delete(id, name)
        case 60..<70: upsert(id, name)
        case 70..<78: create()
        case 78..<83: drop(id, name)
        case 83..<88: rename(id, name)
        case 88..<92: index(id, name)
        case 92..<96: alias(id, name)
        default: partition(id, name)
        }
    }

    /// A name that neither a collection nor an alias has.
    private mutating func freeName() -> CollectionName? {
        let name = Make.name("c\(Int.random(in: 0..<5, using: &random))")
        return contents.collections[name] == nil && contents.aliases[name] == nil ? name : nil
    }

    private mutating func shard(_ key: Int64) -> Int { Int(key % 2) }

    private mutating func create() {
        guard let name = freeName() else { return }
        let id = nextID
        nextID += 1
        operations.append(Make.create(id, name.collection))
        names[CollectionID(rawValue: id)] = name
        contents.collections[name] = InMemoryContents.Collection(
            id: CollectionID(rawValue: id),
            partitions: ["_default"]
        )
    }

    private mutating func drop(_ id: CollectionID, _ name: CollectionName) {
        operations.append(.dropCollection(id))
        names[id] = nil
        contents.collections[name] = nil
        contents.aliases = contents.aliases.filter { $0.value != name }
    }

    private mutating func rename(_ id: CollectionID, _ name: CollectionName) {
        guard let newName = freeName() else { return }
        operations.append(
            .renameCollection(id, database: .default, name: newName.collection)
        )
        names[id] = newName
        contents.collections[newName] = contents.collections.removeValue(forKey: name)
        for (alias, target) in contents.aliases where target == name {
            contents.aliases[alias] = newName
        }
    }

    private mutating func insert(_ id: CollectionID, _ name: CollectionName) {
        let key = Int64.random(in: 0..<20, using: &random)
        let isThere = contents.collections[name]?.rows.contains { $0.key == key } == true
        guard doublesKeys || !isThere else { return }
        let names = contents.collections[name]?.partitions.sorted() ?? []
        let partition = names.randomElement(using: &random) ?? "_default"
        operations.append(
            .insert(
                Rows(
                    collection: id,
                    partition: partitionID(partition),
                    shard: shard(key),
                    count: 1,
                    columns: InMemoryRow.columns([InMemoryRow(key, nextValue)])
                )
            )
        )
        contents.collections[name]?.rows.append(InMemoryRow(key, nextValue))
        nextValue += 1
    }

    private mutating func delete(_ id: CollectionID, _ name: CollectionName) {
        let key = Int64.random(in: 0..<20, using: &random)
        operations.append(Make.delete(id.rawValue, key, shard: shard(key)))
        contents.collections[name]?.rows.removeAll { $0.key == key }
    }

    private mutating func upsert(_ id: CollectionID, _ name: CollectionName) {
        let key = Int64.random(in: 0..<20, using: &random)
        operations.append(
            Make.upsert(id.rawValue, key, value: nextValue, shard: shard(key))
        )
        contents.collections[name]?.rows.removeAll { $0.key == key }
        contents.collections[name]?.rows.append(InMemoryRow(key, nextValue))
        nextValue += 1
    }

    private mutating func index(_ id: CollectionID, _ name: CollectionName) {
        if let present = contents.collections[name]?.indexes["i"] {
            operations.append(.dropIndex(id, present.id))
            contents.collections[name]?.indexes["i"] = nil
        } else {
            nextID += 1
            let index = Make.index(id.rawValue, nextID)
            operations.append(.createIndex(index))
            contents.collections[name]?.indexes["i"] = index
        }
    }

    private mutating func alias(_ id: CollectionID, _ name: CollectionName) {
        let alias = Make.name("c\(Int.random(in: 0..<5, using: &random))")
        guard contents.collections[alias] == nil else { return }
        let definition = AliasDefinition(
            database: .default,
            name: alias.collection,
            collection: id
        )
        switch contents.aliases[alias] {
        case nil:
            operations.append(.createAlias(definition))
            contents.aliases[alias] = name
        case name?:
            operations.append(.dropAlias(.default, name: alias.collection))
            contents.aliases[alias] = nil
        default:
            operations.append(.alterAlias(definition))
            contents.aliases[alias] = name
        }
    }

    private func partitionID(_ name: String) -> PartitionID {
        PartitionID(rawValue: name == "_default" ? 1 : 2)
    }

    private mutating func partition(_ id: CollectionID, _ name: CollectionName) {
        if contents.collections[name]?.partitions.contains("p") == true {
            operations.append(.dropPartition(id, partitionID("p")))
            contents.collections[name]?.partitions.remove("p")
        } else {
            operations.append(
                .createPartition(id, PartitionDefinition(id: partitionID("p"), name: "p"))
            )
            contents.collections[name]?.partitions.insert("p")
        }
    }
}
