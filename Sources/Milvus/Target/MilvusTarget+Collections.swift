internal import MilvusAPI
package import Operations
internal import Replay
internal import SwiftProtobuf

/// Collections and their partitions.
extension MilvusTarget {
    package func createCollection(
        _ name: CollectionName,
        _ definition: CollectionDefinition
    ) async throws {
        let doing = "create the collection \(name)"
        connection.madeKeys.forget(name)
        let wanted = try TargetSchema(definition, name: name)
        if try await isThere(name, wanted, doing) == false {
            try TargetLimits(try await connection.server()).check(wanted.schema, doing)
            let request = try Self.request(name, definition, wanted)
            let status = try await change(
                Method.CreateCollection.descriptor,
                request,
                database: name.database,
                doing: doing
            )
            if let failure = status.failure(doing) {
                guard failure.isTransient == false, try await isThere(name, wanted, doing) else {
                    throw try await limited(failure)
                }
            } else if try await isThere(name, wanted, doing) == false {
                // Accepted is not applied.
                throw TargetFailure(
                    code: .transient,
                    message: "Cannot \(doing): the server accepted it and does not show it."
                )
            }
        }
        guard definition.hasPartitionKey == false else { return }
        for partition in definition.partitions
        where partition.name != PartitionDefinition.defaultName {
            try await createPartition(partition.name, of: name)
        }
    }

    package func expectCollection(
        _ name: CollectionName,
        _ definition: CollectionDefinition
    ) async throws {
        let doing = "write to the collection \(name)"
        let wanted = try TargetSchema(definition, name: name)
        // Limits that were changed later do not keep rows from fitting.
        guard try await isThere(name, wanted, doing, limits: ["dim"]) else {
            throw TargetFailure(
                code: .absent,
                message: "Cannot \(doing): there is no such collection."
            )
        }
    }

    /// Whether a collection of that name and shape is there.
    ///
    /// - Throws: `TargetFailure` with code `conflict` if what has that name is something else, with every
    ///   difference.
    private func isThere(
        _ name: CollectionName,
        _ wanted: TargetSchema,
        _ doing: String,
        limits: Set<String> = CollectionShape.limiting
    ) async throws -> Bool {
        guard let found = try await connection.describe(name) else { return false }
        func conflict(_ reason: String) -> TargetFailure {
            TargetFailure(code: .conflict, message: "Cannot \(doing): \(reason).")
        }
        guard found.ownName == name.collection else {
            throw conflict("the name is an alias of \(found.ownName)")
        }
        var shape = CollectionShape(found.schema)
        if try await connection.server().takesKeys(found.properties) { shape.ignoreAutoID() }
        let differences = wanted.shape.differences(from: shape, limits: limits)
        guard differences.isEmpty else {
            throw conflict("one is there, and \(differences.joined(separator: "; "))")
        }
        return true
    }

    private static func request(
        _ name: CollectionName,
        _ definition: CollectionDefinition,
        _ wanted: TargetSchema
    ) throws -> Milvus_Proto_Milvus_CreateCollectionRequest {
        var request = Milvus_Proto_Milvus_CreateCollectionRequest()
        request.dbName = name.database
        request.collectionName = name.collection
        request.schema = try wanted.schema.serializedBytes()
        request.shardsNum = Int32(definition.virtualChannels.count)
        request.consistencyLevel =
            .init(rawValue: Int(definition.consistencyLevel)) ?? .bounded
        request.properties = definition.properties.filter(\.isForTargets).map(\.pair)
        if definition.hasPartitionKey {
            request.numPartitions = Int64(definition.partitions.count)
        }
        return request
    }

    package func dropCollection(_ name: CollectionName) async throws {
        connection.madeKeys.forget(name)
        // Milvus 2.3 drops a collection and keeps its aliases, whose names nothing else can have then; later ones
        // refuse to drop it while it has any.
        if try await connection.collection(name) != nil {
            for alias in try await connection.aliases(of: name) {
                try await dropAlias(alias, in: name.database)
            }
        }
        var request = Milvus_Proto_Milvus_DropCollectionRequest()
        request.dbName = name.database
        request.collectionName = name.collection
        try await ensure(
            Method.DropCollection.descriptor,
            request,
            database: name.database,
            doing: "drop the collection \(name)"
        ) { try await connection.collection(name) == nil }
    }

    package func renameCollection(
        _ name: CollectionName,
        to newName: CollectionName
    ) async throws {
        let doing = "rename the collection \(name) to \(newName)"
        connection.madeKeys.forget(name)
        connection.madeKeys.forget(newName)
        if try await connection.server().isLite, name.database != newName.database {
            // It takes the call and leaves the collection in its database.
            throw TargetFailure(
                code: .unsupported,
                message: "Cannot \(doing): milvus-lite moves none into another database."
            )
        }
        guard try await connection.collection(name) != nil else {
            guard try await connection.collection(newName) != nil else {
                throw TargetFailure(
                    code: .rejected,
                    message: "Cannot \(doing): neither is there."
                )
            }
            return try await loadAgain(newName)
        }
        let wasLoaded = try await connection.loadState(of: name) == .loaded
        var request = Milvus_Proto_Milvus_RenameCollectionRequest()
        request.dbName = name.database
        request.oldName = name.collection
        request.newName = newName.collection
        request.newDbname = newName.database
        try await ensure(
            Method.RenameCollection.descriptor,
            request,
            database: name.database,
            doing: doing
        ) { try await connection.collection(name) == nil }
        if wasLoaded { try await loadAgain(newName) }
    }

    /// Milvus-lite releases what it renames, which no other server does.
    private func loadAgain(_ name: CollectionName) async throws {
        guard try await connection.server().isLite else { return }
        try await load(name, partitions: nil, replicas: 1)
    }

    package func createPartition(_ partition: String, of name: CollectionName) async throws {
        var request = Milvus_Proto_Milvus_CreatePartitionRequest()
        request.dbName = name.database
        request.collectionName = name.collection
        request.partitionName = partition
        try await ensure(
            Method.CreatePartition.descriptor,
            request,
            database: name.database,
            doing: "create the partition \(partition) of \(name)"
        ) { try await connection.partitions(of: name).contains(partition) }
    }

    package func dropPartition(_ partition: String, of name: CollectionName) async throws {
        let doing = "drop the partition \(partition) of \(name)"
        func isGone() async throws -> Bool {
            guard try await connection.collection(name) != nil else { return true }
            return try await connection.partitions(of: name).contains(partition) == false
        }
        var request = Milvus_Proto_Milvus_DropPartitionRequest()
        request.dbName = name.database
        request.collectionName = name.collection
        request.partitionName = partition
        do {
            try await ensure(
                Method.DropPartition.descriptor,
                request,
                database: name.database,
                doing: doing,
                unless: isGone
            )
        } catch let failure as TargetFailure where failure.code == .rejected {
            // A loaded partition is not dropped. Its rows are to go, so nobody misses it.
            let state = try await connection.loadState(of: name, partitions: [partition])
            guard state == .loaded || state == .loading else { throw failure }
            try await release(name, partitions: [partition])
            try await ensure(
                Method.DropPartition.descriptor,
                request,
                database: name.database,
                doing: doing,
                unless: isGone
            )
        }
    }

    /// The failure, with the code `unsupported` if it is a small product's way of saying so.
    func limited(_ failure: TargetFailure) async throws -> TargetFailure {
        guard failure.code == .rejected, try await connection.server().isLite else {
            return failure
        }
        return TargetFailure(code: .unsupported, message: failure.message)
    }
}

extension Property {
    /// Whether it means something on another server: marks of the source's own replication do not.
    var isForTargets: Bool { key.hasPrefix("replicate.") == false }
}
