internal import Operations

/// What a change of the metadata means, not yet in the journal.
struct DerivedOperation: Sendable {
    /// When it happened: the source's own timestamp where it gives one.
    var timestamp: HybridTimestamp?
    let operation: Operation
}

/// The metadata, record by record, and the operations that changes of it amount to.
///
/// A pure value. Every derivation is a comparison of what the records say with what was derived before
/// (`known`), so that taking a record in twice, or a whole snapshot after a compaction, yields only what
/// is new.
struct MetadataModel {
    private let decoder: any MetadataDecoder
    private(set) var records: [MetadataKey: MetadataValue] = [:]
    /// Everything derived so far, whether or not it is in the journal yet.
    private(set) var known: Definitions

    /// The collections whose own record the last change wrote or removed.
    private(set) var touchedIDs: [CollectionID] = []

    /// For channels that order themselves: what the source's readers of its virtual channels have passed.
    private var passed: [PhysicalChannel: HybridTimestamp] = [:]

    /// Records that belong to one collection, so that no change looks at more than it concerns.
    private var members: [CollectionID: Set<MetadataKey>] = [:]

    /// The segments that rows are being imported into, of which a gap tells already.
    private var imports: [CollectionID: Set<Int64>] = [:]

    /// What the records say of users, roles and grants.
    private var access = AccessRecords()

    init(decoder: any MetadataDecoder, known: Definitions) {
        self.decoder = decoder
        self.known = known
    }

    /// Where a record that something is derived from came from.
    private enum Scope { case snapshot, change }

    /// Takes a snapshot's records in without deriving anything: the state a journal already reflects.
    mutating func restore(_ snapshot: MetadataSnapshot) throws {
        for record in snapshot.records {
            guard let decoded = try decoder.decode(record), decoded.stamp == nil else { continue }
            store(decoded)
            if case .segment(let id, let segment) = decoded.key, decoded.value != nil {
                imports[id, default: []].insert(segment)
            }
        }
    }

    /// Takes a whole snapshot in and derives everything in which it differs from what is known.
    ///
    /// Timestamps come from the records, and from the newest timestamped copy of a key where there is one.
    mutating func reconcile(_ snapshot: MetadataSnapshot) throws -> [DerivedOperation] {
        var stamps: [MetadataKey: HybridTimestamp] = [:]
        records = [:]
        members = [:]
        access = AccessRecords()
        for record in snapshot.records {
            guard let decoded = try decoder.decode(record) else { continue }
            if let stamp = decoded.stamp {
                stamps[decoded.key] = max(stamp, stamps[decoded.key] ?? .zero)
            } else {
                store(decoded)
            }
        }
        var derived: [DerivedOperation] = []
        for id in Array(known.collections.keys).sorted() where !isDefined(id) {
            let key = records.keys.first { $0.isCollection(id) }
            derived += emit(.dropCollection(id), at: key.flatMap { stamps[$0] })
        }
        for id in Array(known.databases.keys).sorted()
        where id != .default && !isDefined(database: id) {
            derived += emit(.dropDatabase(id), at: stamps[.database(id)])
        }
        for alias in known.aliases where records[.alias(alias.database, alias.name)] == nil {
            derived += emit(
                .dropAlias(alias.database, name: alias.name),
                at: stamps[.alias(alias.database, alias.name)]
            )
        }
        for key in records.keys.sorted(by: Self.derivationOrder) {
            derived += try derive(key, stamp(of: key, recorded: stamps[key]), in: .snapshot)
        }
        return derived + deriveAccess()
    }

    /// Takes one transaction's records in and derives what changed.
    mutating func apply(_ change: MetadataChange) throws -> [DerivedOperation] {
        var stamps: [MetadataKey: HybridTimestamp] = [:]
        var keys: [MetadataKey] = []
        var hasTouchedAccess = false
        touchedIDs = []
        for record in change.records {
            guard let decoded = try decoder.decode(record) else { continue }
            if let stamp = decoded.stamp {
                stamps[decoded.key] = stamp
            } else {
                store(decoded)
                if case .access = decoded.key {
                    hasTouchedAccess = true
                    continue
                }
                keys.append(decoded.key)
                if case .collection(_, let id) = decoded.key { touchedIDs.append(id) }
            }
        }
        var derived: [DerivedOperation] = []
        for key in keys.sorted(by: Self.derivationOrder) {
            derived += try derive(key, stamps[key], in: .change)
        }
        return derived + (hasTouchedAccess ? deriveAccess() : [])
    }

    /// The collection records, in id order.
    var collections: [CollectionRecord] {
        records.values.compactMap { value in
            guard case .collection(let record) = value else { return nil }
            return record
        }
        .sorted { $0.id < $1.id }
    }

    /// The records that the last change wrote.
    var touchedCollections: [CollectionRecord] { touchedIDs.compactMap(collectionRecord) }

    /// Whether a collection's own record says that it is there or is coming into being.
    func isPresent(_ id: CollectionID) -> Bool {
        switch collectionRecord(id)?.state {
        case .creating, .created: true
        case .dropping, .dropped, nil: false
        }
    }

    /// The source's own checkpoint on a virtual channel, as the last snapshot had it.
    func checkpoint(of channel: VirtualChannel) -> (offset: Int64, HybridTimestamp)? {
        guard
            case .checkpoint(let offset?, let timestamp) = records[
                .checkpoint(channel: channel.name)
            ]
        else { return nil }
        return (offset, timestamp)
    }

    /// A timestamp at or below which no operation can be new any more; nil if the source told none.
    var clock: HybridTimestamp? {
        guard case .clock(let timestamp) = records[.clock] else { return nil }
        return timestamp
    }
}

extension MetadataModel {
    /// The timestamp up to which a channel that orders itself is complete, as the source's own readers of it
    /// say; nil for all other channels.
    ///
    /// They see ticks that are never written. Everything up to theirs was in the log before they said so.
    func completeness(of channel: PhysicalChannel) -> HybridTimestamp? {
        guard case .log(let own) = records[.log(channel)] else { return nil }
        return max(own, passed[channel] ?? .zero)
    }

    private mutating func store(_ decoded: DecodedRecord) {
        if case .access(let key) = decoded.key {
            if case .access(let value) = decoded.value {
                access.set(value, for: key)
            } else {
                access.set(nil, for: key)
            }
            return
        }
        records[decoded.key] = decoded.value
        if case .checkpoint(let name) = decoded.key,
            case .checkpoint(_?, let timestamp) = decoded.value,
            let physical = name.lastIndex(of: "_").map({ PhysicalChannel(String(name[..<$0])) })
        {
            passed[physical] = max(timestamp, passed[physical] ?? .zero)
        }
        guard let collection = decoded.key.collection else { return }
        if decoded.value == nil {
            members[collection]?.remove(decoded.key)
        } else {
            members[collection, default: []].insert(decoded.key)
        }
    }

    /// Databases, then collections, then what belongs to them.
    private static func derivationOrder(_ left: MetadataKey, _ right: MetadataKey) -> Bool {
        (left.order, left.tie) < (right.order, right.tie)
    }

    private func isDefined(_ id: CollectionID) -> Bool {
        (members[id] ?? []).contains { key in
            guard case .collection(let record) = records[key] else { return false }
            return record.state == .created
        }
    }

    private func isDefined(database id: DatabaseID) -> Bool {
        guard case .database(_, .created) = records[.database(id)] else { return false }
        return true
    }

    /// When something of a snapshot came to be: what is recorded, or else what its use tells.
    ///
    /// A database is there before its collections; one that was renamed into it has an older timestamp than it.
    private func stamp(of key: MetadataKey, recorded: HybridTimestamp?) -> HybridTimestamp? {
        let use = firstUse(of: key)
        guard case .database = key else { return recorded ?? use }
        return [recorded, use].compactMap(\.self).min()
    }

    /// For a database or alias whose own timestamp is no longer kept: that of what depends on it.
    private func firstUse(of key: MetadataKey) -> HybridTimestamp? {
        switch key {
        case .database(let id):
            collections.filter { $0.database == id && $0.state == .created }.map(\.createdAt).min()
        case .alias:
            if case .alias(let alias, _) = records[key] {
                collections.first { $0.id == alias.collection }?.createdAt
            } else {
                nil
            }
        default: nil
        }
    }

    private mutating func emit(
        _ operation: Operation,
        at timestamp: HybridTimestamp?
    ) -> [DerivedOperation] {
        known.apply(operation)
        return [DerivedOperation(timestamp: timestamp, operation: operation)]
    }

    /// How users, roles and grants differ from what is known.
    private mutating func deriveAccess() -> [DerivedOperation] {
        access.changes(from: known.access).flatMap { emit(.rbac($0), at: nil) }
    }

    /// Rows that are imported are in no log; that they come is noted once, until all have come.
    private mutating func deriveImport(_ id: CollectionID, _ segment: Int64) -> [DerivedOperation] {
        guard records[.segment(id, segment)] != nil else {
            imports[id]?.remove(segment)
            return []
        }
        guard known.collections[id] != nil else { return [] }
        let isFirst = imports[id, default: []].isEmpty
        imports[id, default: []].insert(segment)
        return isFirst ? emit(.gap(.imported(into: id)), at: nil) : []
    }

    private mutating func derive(
        _ key: MetadataKey,
        _ stamp: HybridTimestamp?,
        in scope: Scope
    ) throws -> [DerivedOperation] {
        switch key {
        case .database(let id): deriveDatabase(id, stamp)
        case .collection(_, let id): try deriveCollection(id, key, stamp, in: scope)
        case .field(let id, _), .structField(let id, _), .function(let id, _):
            try deriveSchema(id, stamp)
        case .partition(let id, let partition): derivePartition(id, partition, stamp)
        case .alias(let database, let name): deriveAlias(database, name, stamp)
        case .index(let id, let index): try deriveIndex(id, index, stamp)
        case .collectionLoad(let id): deriveLoad(id, changed: nil, stamp, in: scope)
        case .partitionLoad(let id, let partition):
            deriveLoad(id, changed: partition, stamp, in: scope)
        case .segment(let id, let segment): deriveImport(id, segment)
        case .access, .checkpoint, .log, .clock: []
        }
    }

    private mutating func deriveDatabase(
        _ id: DatabaseID,
        _ stamp: HybridTimestamp?
    ) -> [DerivedOperation] {
        guard case .database(let definition, .created) = records[.database(id)] else {
            let isLeaving =
                records[.database(id)].map { value in
                    if case .database(_, .creating) = value { false } else { true }
                } ?? true
            guard isLeaving, id != .default, known.databases[id] != nil else { return [] }
            return emit(.dropDatabase(id), at: stamp)
        }
        guard let before = known.databases[id] else {
            return emit(.createDatabase(definition), at: stamp)
        }
        guard before != definition else { return [] }
        return emit(.alterDatabase(definition), at: stamp)
    }

    private mutating func deriveCollection(
        _ id: CollectionID,
        _ key: MetadataKey,
        _ stamp: HybridTimestamp?,
        in scope: Scope
    ) throws -> [DerivedOperation] {
        guard case .collection(let record) = records[key], record.state != .dropping,
            record.state != .dropped
        else {
            // A collection that was renamed into another database has its record there.
            guard known.collections[id] != nil, !isDefined(id) else { return [] }
            return emit(.dropCollection(id), at: stamp)
        }
        guard record.state == .created else { return [] }
        let definition = try assemble(record)
        guard let before = known.collections[id]?.definition else {
            var derived = emit(.createCollection(definition), at: record.createdAt)
            // What was written before the collection became visible counts from here on.
            for member in (members[id] ?? []).sorted(by: Self.derivationOrder) where member != key {
                derived += try derive(member, nil, in: scope)
            }
            return derived
        }
        var derived: [DerivedOperation] = []
        if before.name != definition.name || before.database != definition.database {
            derived += emit(
                .renameCollection(id, database: definition.database, name: definition.name),
                at: stamp
            )
        }
        return derived + alteration(to: definition, stamp)
    }

    private mutating func deriveSchema(
        _ id: CollectionID,
        _ stamp: HybridTimestamp?
    ) throws -> [DerivedOperation] {
        guard known.collections[id] != nil, let record = collectionRecord(id),
            record.state == .created
        else { return [] }
        return alteration(to: try assemble(record), stamp)
    }

    /// What differs besides the name; partitions have operations of their own.
    private mutating func alteration(
        to definition: CollectionDefinition,
        _ stamp: HybridTimestamp?
    ) -> [DerivedOperation] {
        guard let before = known.collections[definition.id]?.definition else { return [] }
        var after = definition
        after.partitions = before.partitions
        var same = before
        same.name = after.name
        same.database = after.database
        guard same != after else { return [] }
        return emit(.alterCollection(after), at: stamp)
    }

    private mutating func derivePartition(
        _ id: CollectionID,
        _ partition: PartitionID,
        _ stamp: HybridTimestamp?
    ) -> [DerivedOperation] {
        guard let collection = known.collections[id] else { return [] }
        let value = records[.partition(id, partition)]
        if case .partition(let definition, let createdAt, .created) = value {
            guard collection.partitions[partition] == nil else { return [] }
            let creation = emit(.createPartition(id, definition), at: createdAt)
            // Its load record may have come before.
            guard collection.load?.partitions != nil,
                records[.partitionLoad(id, partition)] != nil
            else { return creation }
            return creation + deriveLoad(id, changed: partition, stamp, in: .change)
        }
        if case .partition(_, _, .creating) = value { return [] }
        guard collection.partitions[partition] != nil else { return [] }
        return emit(.dropPartition(id, partition), at: stamp)
    }

    private mutating func deriveAlias(
        _ database: DatabaseID,
        _ name: String,
        _ stamp: HybridTimestamp?
    ) -> [DerivedOperation] {
        let before = known.aliases.first { $0.database == database && $0.name == name }
        guard case .alias(let alias, .created) = records[.alias(database, name)] else {
            if case .alias(_, .creating) = records[.alias(database, name)] { return [] }
            guard before != nil else { return [] }
            return emit(.dropAlias(database, name: name), at: stamp)
        }
        guard known.collections[alias.collection] != nil, before != alias else { return [] }
        return emit(before == nil ? .createAlias(alias) : .alterAlias(alias), at: stamp)
    }

    private mutating func deriveIndex(
        _ id: CollectionID,
        _ index: IndexID,
        _ stamp: HybridTimestamp?
    ) throws -> [DerivedOperation] {
        guard let collection = known.collections[id] else { return [] }
        let before = collection.indexes[index]
        guard case .index(let record, let createdAt, false) = records[.index(id, index)] else {
            return before == nil ? [] : emit(.dropIndex(id, index), at: stamp)
        }
        guard let field = try fieldName(record.fieldID, of: id) else { return [] }
        let definition = IndexDefinition(
            id: index,
            collection: id,
            field: field,
            name: record.name,
            parameters: record.parameters
        )
        guard before != definition else { return [] }
        return before == nil
            ? emit(.createIndex(definition), at: createdAt)
            : emit(.alterIndex(definition), at: stamp)
    }

    private mutating func deriveLoad(
        _ id: CollectionID,
        changed: PartitionID?,
        _ stamp: HybridTimestamp?,
        in scope: Scope
    ) -> [DerivedOperation] {
        guard let collection = known.collections[id] else { return [] }
        guard case .collectionLoad(let record) = records[.collectionLoad(id)] else {
            return collection.load == nil ? [] : emit(.release(id), at: stamp)
        }
        let partitions =
            record.isByPartition
            ? recordedLoads(of: id)
            : loadedPartitions(of: collection, changed: changed, in: scope)
        // The collection's record and its partitions' come, and go, in two transactions.
        guard partitions?.isEmpty != true else { return [] }
        let load = LoadDefinition(
            collection: id,
            partitions: partitions,
            replicas: record.replicas
        )
        guard collection.load != load else { return [] }
        return emit(.load(load), at: stamp)
    }

    private func fieldName(_ field: Int64, of id: CollectionID) throws -> String? {
        if case .field(let bytes) = records[.field(id, field)] {
            return try decoder.fieldName(bytes)
        }
        for key in members[id] ?? [] {
            guard case .structField = key, case .field(let bytes) = records[key],
                let name = try decoder.fieldName(field, inRecords: bytes)
            else { continue }
            return name
        }
        return nil
    }

    /// The partitions that have a load record, ascending.
    private func recordedLoads(of id: CollectionID) -> [PartitionID] {
        (members[id] ?? []).compactMap { key -> PartitionID? in
            guard case .partitionLoad(_, let partition) = key else { return nil }
            return partition
        }
        .sorted()
    }

    /// What is loaded of a collection that was loaded as a whole; nil if it still is.
    ///
    /// A partition may be released from it, which shows only by its record going. That a record is not there
    /// yet says nothing: records of many partitions come in several transactions.
    private func loadedPartitions(
        of collection: Definitions.Collection,
        changed: PartitionID?,
        in scope: Scope
    ) -> [PartitionID]? {
        let all = Set(collection.partitions.keys)
        let id = collection.definition.id
        var loaded = all
        switch scope {
        case .snapshot:
            let recorded = Set(recordedLoads(of: id)).intersection(all)
            if !recorded.isEmpty { loaded = recorded }
        case .change:
            guard let before = collection.load else { return nil }
            if let partitions = before.partitions { loaded = Set(partitions).intersection(all) }
            if let changed {
                if records[.partitionLoad(id, changed)] == nil {
                    loaded.remove(changed)
                } else if all.contains(changed) {
                    loaded.insert(changed)
                }
            }
        }
        return loaded == all ? nil : loaded.sorted()
    }

    private func collectionRecord(_ id: CollectionID) -> CollectionRecord? {
        for key in members[id] ?? [] {
            if case .collection(let record) = records[key] { return record }
        }
        return nil
    }

    private func assemble(_ record: CollectionRecord) throws -> CollectionDefinition {
        var parts = CollectionParts()
        for key in members[record.id] ?? [] {
            switch (key, records[key]) {
            case (.field(_, let id), .field(let field)): parts.fields[id] = field
            case (.structField(_, let id), .field(let field)): parts.structFields[id] = field
            case (.function(_, let id), .field(let function)): parts.functions[id] = function
            case (_, .partition(let partition, let createdAt, .created))
            where createdAt == record.createdAt:
                parts.partitions.append(partition)
            default: break
            }
        }
        parts.partitions.sort { $0.id < $1.id }
        return try decoder.definition(of: record, parts: parts)
    }
}

extension MetadataKey {
    /// The collection a record belongs to.
    var collection: CollectionID? {
        switch self {
        case .collection(_, let id), .field(let id, _), .structField(let id, _),
            .function(let id, _), .partition(let id, _), .index(let id, _),
            .collectionLoad(let id), .partitionLoad(let id, _), .segment(let id, _):
            id
        case .database, .alias, .access, .checkpoint, .log, .clock: nil
        }
    }

    func isCollection(_ id: CollectionID) -> Bool {
        if case .collection(_, id) = self { true } else { false }
    }

    /// Fields before the collection that is assembled from them, loads after what they load.
    fileprivate var order: Int {
        switch self {
        case .clock, .checkpoint, .log: 0
        case .database: 1
        case .field, .structField, .function: 2
        case .collection: 3
        case .partition: 4
        case .alias: 5
        case .index: 6
        case .collectionLoad: 7
        case .partitionLoad: 8
        case .segment: 9
        case .access: 10
        }
    }

    /// Makes the order of keys of one kind total.
    fileprivate var tie: String {
        switch self {
        case .clock: ""
        case .database(let id): "\(id)"
        case .collection(let database, let id): "\(database)/\(id)"
        case .field(let id, let field): "\(id)/\(field)"
        case .structField(let id, let field): "\(id)/struct/\(field)"
        case .function(let id, let function): "\(id)/function/\(function)"
        case .partition(let id, let partition): "\(id)/\(partition)"
        case .alias(let database, let name): "\(database)/\(name)"
        case .index(let id, let index): "\(id)/\(index)"
        case .collectionLoad(let id): "\(id)"
        case .partitionLoad(let id, let partition): "\(id)/\(partition)"
        case .segment(let id, let segment): "\(id)/\(segment)"
        case .access: ""
        case .checkpoint(let channel): channel
        case .log(let channel): channel.name
        }
    }
}
