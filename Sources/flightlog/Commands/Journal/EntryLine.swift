internal import Milvus
internal import Operations

/// One operation of a journal as people and programs see it.
struct EntryLine {
    let entry: Entry
    let subject: EntrySubject

    /// The members that the contract names, in its order; then what the operation is about.
    ///
    /// - Throws: `CodingFailure` if rows or keys cannot be decoded.
    func json(showsRows: Bool) throws -> JSON {
        var members: [(key: String, value: JSON)] = [
            ("seq", .unsigned(entry.sequence.rawValue)),
            ("tso", .unsigned(entry.timestamp.rawValue)),
            ("time", .text(entry.timestamp.time)),
            ("op", .text(entry.operation.kind.name)),
            ("database", .optional(subject.database)),
            ("collection", .optional(subject.collection)),
            ("collection_id", subject.collectionID.map { .integer($0.rawValue) } ?? .null),
            ("partition", .optional(subject.partition)),
            ("rows", .integer(Int64(entry.operation.rowCount))),
        ]
        switch entry.operation {
        case .insert(let rows), .upsert(let rows):
            // Without its definition a collection's rows have no known key.
            guard let definition = subject.definition else { break }
            members.append(("pks", .array(try rows.primaryKeys(definition).map(JSON.key))))
            if showsRows { members.append(("values", .array(try ShownRows.json(rows)))) }
        case .delete(let keys):
            members.append(("pks", .array(try keys.primaryKeys().map(JSON.key))))
        default: members += entry.operation.details
        }
        return .object(members)
    }

    /// Tab-free columns: number, time, operation, name, and what it is about.
    func text(showsRows: Bool) throws -> String {
        var words = [
            entry.sequence.description, entry.timestamp.time, entry.operation.kind.name,
            subject.name?.description ?? subject.database ?? "-",
        ]
        if let partition = subject.partition { words.append("partition \(partition)") }
        if entry.operation.kind.carriesRows { words.append("\(entry.operation.rowCount) rows") }
        for (key, value) in entry.operation.details { words.append("\(key) \(value.compact)") }
        var text = words.joined(separator: "  ")
        switch entry.operation {
        case .insert(let rows), .upsert(let rows):
            guard showsRows else { break }
            for row in try ShownRows.json(rows) { text += "\n    \(row.compact)" }
        case .delete(let keys):
            guard showsRows else { break }
            for key in try keys.primaryKeys() { text += "\n    \(key)" }
        default: break
        }
        return text
    }
}

extension Operation {
    /// What a definition says beyond the names every entry shows.
    fileprivate var details: [(key: String, value: JSON)] {
        switch self {
        case .createIndex(let index), .alterIndex(let index):
            return [
                ("index", .text(index.name)), ("field", .text(index.field)),
                ("parameters", index.parameters.json),
            ]
        case .dropIndex(_, let id): return [("index_id", .integer(id.rawValue))]
        case .createAlias(let alias), .alterAlias(let alias):
            return [("alias", .text(alias.name))]
        case .dropAlias(_, let name): return [("alias", .text(name))]
        case .renameCollection(_, let database, let name):
            return [("new_name", .text(name)), ("new_database_id", .integer(database.rawValue))]
        case .createDatabase(let database), .alterDatabase(let database):
            return [("properties", database.properties.json)]
        case .createCollection(let definition), .alterCollection(let definition):
            return [
                ("primary_key", .text(definition.primaryKey.field)),
                ("shards", .integer(Int64(definition.virtualChannels.count))),
                ("properties", definition.properties.json),
            ]
        case .load(let load):
            return [
                ("replicas", .integer(Int64(load.replicas))),
                (
                    "partition_ids",
                    load.partitions.map { .array($0.map { .integer($0.rawValue) }) } ?? .null
                ),
            ]
        case .flush(let flush):
            return [("collection_ids", .array(flush.collections.map { .integer($0.rawValue) }))]
        case .rbac(let change): return change.details
        case .gap(let gap):
            return [
                ("from_tso", .unsigned(gap.from.rawValue)),
                ("through_tso", .unsigned(gap.through.rawValue)),
                ("shard", gap.shard.map { .integer(Int64($0)) } ?? .null),
                ("reason", .text(gap.reason)),
            ]
        default: return []
        }
    }
}

extension AccessChange {
    /// What is done, then what it is about.
    fileprivate var details: [(key: String, value: JSON)] {
        [("action", .text(action.rawValue))] + about
    }

    private var about: [(key: String, value: JSON)] {
        switch self {
        case .createUser(let user), .changePassword(let user): [("user", .text(user.name))]
        case .dropUser(let name): [("user", .text(name))]
        case .createRole(let name), .dropRole(let name): [("role", .text(name))]
        case .definePrivilegeGroup(let group):
            [
                ("group", .text(group.name)),
                ("privileges", .array(group.privileges.map { .text($0) })),
            ]
        case .dropPrivilegeGroup(let name): [("group", .text(name))]
        case .grant(let grant), .revoke(let grant):
            [
                ("role", .text(grant.role)), ("privilege", .text(grant.privilege)),
                ("object_type", .text(grant.objectType)),
                ("object_database", .text(grant.database)), ("object", .text(grant.object)),
            ]
        case .bind(let binding), .unbind(let binding):
            [("user", .text(binding.user)), ("role", .text(binding.role))]
        }
    }
}

extension [Property] {
    /// An object with the properties' keys.
    fileprivate var json: JSON { .object(map { (key: $0.key, value: .text($0.value)) }) }
}
