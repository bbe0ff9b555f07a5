internal import FoundationEssentials

// The stored form of an operation is its kind (one byte, kept by the journal beside it) and a payload.
//
// Rows (insert, upsert):   i64 collection · i64 partition · u32 shard · u32 rows · columns to the end
// Keys (delete):           i64 collection · i64 partition or -1 · u32 shard · u32 keys · IDs to the end
// Definitions:             JSON with sorted keys, byte strings in base64
//
// Numbers are little-endian. A decoder takes bytes from anywhere: every length is checked.

extension Operation {
    /// Appends the payload.
    package func encode(into bytes: inout ByteWriter) throws {
        switch self {
        case .insert(let rows), .upsert(let rows):
            bytes.write(rows.collection.rawValue)
            bytes.write(rows.partition.rawValue)
            bytes.write(UInt32(rows.shard))
            bytes.write(UInt32(rows.count))
            bytes.bytes.append(contentsOf: rows.columns)
        case .delete(let keys):
            bytes.write(keys.collection.rawValue)
            bytes.write(keys.partition?.rawValue ?? -1)
            bytes.write(UInt32(keys.shard))
            bytes.write(UInt32(keys.count))
            bytes.bytes.append(contentsOf: keys.keys)
        default:
            bytes.bytes.append(contentsOf: try StoredDefinition(self).json())
        }
    }

    /// Reads a payload; columns and keys share the payload's storage.
    ///
    /// - Throws: `CodingFailure` if the payload is not one of this kind.
    package init(kind: OperationKind, payload: ArraySlice<UInt8>) throws(CodingFailure) {
        guard kind.carriesRows else {
            self = try StoredDefinition.read(payload).operation(kind)
            return
        }
        var bytes = ByteReader(payload)
        let collection = CollectionID(rawValue: try bytes.read(Int64.self))
        let partition = PartitionID(rawValue: try bytes.read(Int64.self))
        let shard = Int(try bytes.read(UInt32.self))
        let count = Int(try bytes.read(UInt32.self))
        let rest = try bytes.take(bytes.remaining)
        if kind == .delete {
            self = .delete(
                DeletedKeys(
                    collection: collection,
                    partition: partition.rawValue == -1 ? nil : partition,
                    shard: shard,
                    count: count,
                    keys: rest
                )
            )
            return
        }
        let rows = Rows(
            collection: collection,
            partition: partition,
            shard: shard,
            count: count,
            columns: rest
        )
        self = kind == .insert ? .insert(rows) : .upsert(rows)
    }
}

/// The JSON form of every operation that is not rows: one key says what it holds.
private struct StoredDefinition: Codable {
    var database: DatabaseDefinition?
    var databaseID: DatabaseID?
    var collection: CollectionDefinition?
    var collectionID: CollectionID?
    var partition: PartitionDefinition?
    var partitionID: PartitionID?
    var index: IndexDefinition?
    var indexID: IndexID?
    var alias: AliasDefinition?
    var name: String?
    var load: LoadDefinition?
    var flush: FlushDefinition?
    var access: AccessChange?
    var gap: Gap?

    init(_ operation: Operation) {
        switch operation {
        case .insert, .delete, .upsert: preconditionFailure("rows are not stored as definitions")
        case .createDatabase(let value), .alterDatabase(let value): database = value
        case .dropDatabase(let id): databaseID = id
        case .createCollection(let value), .alterCollection(let value): collection = value
        case .renameCollection(let id, let database, let newName):
            (collectionID, databaseID, name) = (id, database, newName)
        case .dropCollection(let id), .truncateCollection(let id), .release(let id):
            collectionID = id
        case .createPartition(let id, let value): (collectionID, partition) = (id, value)
        case .dropPartition(let id, let value): (collectionID, partitionID) = (id, value)
        case .createIndex(let value), .alterIndex(let value): index = value
        case .dropIndex(let id, let value): (collectionID, indexID) = (id, value)
        case .load(let value): load = value
        case .flush(let value): flush = value
        case .createAlias(let value), .alterAlias(let value): alias = value
        case .dropAlias(let id, let value): (databaseID, name) = (id, value)
        case .rbac(let value): access = value
        case .gap(let value): gap = value
        }
    }

    static func read(_ payload: ArraySlice<UInt8>) throws(CodingFailure) -> StoredDefinition {
        do {
            return try JSONDecoder().decode(StoredDefinition.self, from: Data(payload))
        } catch {
            throw CodingFailure("a definition that cannot be read: \(error)")
        }
    }

    func json() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(self)
    }

    func operation(_ kind: OperationKind) throws(CodingFailure) -> Operation {
        func need<Value>(_ value: Value?) throws(CodingFailure) -> Value {
            guard let value else { throw CodingFailure("\(kind.name) lacks what it is about") }
            return value
        }
        switch kind {
        case .insert, .delete, .upsert: throw CodingFailure("\(kind.name) is not a definition")
        case .createDatabase: return .createDatabase(try need(database))
        case .alterDatabase: return .alterDatabase(try need(database))
        case .dropDatabase: return .dropDatabase(try need(databaseID))
        case .createCollection: return .createCollection(try need(collection))
        case .alterCollection: return .alterCollection(try need(collection))
        case .renameCollection:
            return .renameCollection(
                try need(collectionID),
                database: try need(databaseID),
                name: try need(name)
            )
        case .dropCollection: return .dropCollection(try need(collectionID))
        case .truncateCollection: return .truncateCollection(try need(collectionID))
        case .createPartition: return .createPartition(try need(collectionID), try need(partition))
        case .dropPartition: return .dropPartition(try need(collectionID), try need(partitionID))
        case .createIndex: return .createIndex(try need(index))
        case .alterIndex: return .alterIndex(try need(index))
        case .dropIndex: return .dropIndex(try need(collectionID), try need(indexID))
        case .load: return .load(try need(load))
        case .release: return .release(try need(collectionID))
        case .flush: return .flush(try need(flush))
        case .createAlias: return .createAlias(try need(alias))
        case .alterAlias: return .alterAlias(try need(alias))
        case .dropAlias: return .dropAlias(try need(databaseID), name: try need(name))
        case .rbac: return .rbac(try need(access))
        case .gap: return .gap(try need(gap))
        }
    }
}
