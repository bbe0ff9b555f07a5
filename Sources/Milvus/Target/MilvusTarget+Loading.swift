internal import MilvusAPI
package import Operations
internal import Replay

/// What is held in memory for search. Loading goes on after the call returns; it is recorded by then.
extension MilvusTarget {
    package func load(
        _ name: CollectionName,
        partitions: [String]?,
        replicas: Int32
    ) async throws {
        do {
            try await loadOnce(name, partitions, replicas)
        } catch let failure as TargetFailure where failure.code == .rejected && replicas > 1 {
            // A target may have fewer nodes than the source; searchable once is better than not.
            try await loadOnce(name, partitions, 1)
        }
    }

    private func loadOnce(
        _ name: CollectionName,
        _ partitions: [String]?,
        _ replicas: Int32
    ) async throws {
        func isLoaded() async throws -> Bool {
            let state = try await connection.loadState(of: name, partitions: partitions ?? [])
            return state == .loaded || state == .loading
        }
        // Milvus-lite loads whole collections only: more than was asked for.
        guard let partitions, try await connection.server().isLite == false else {
            var request = Milvus_Proto_Milvus_LoadCollectionRequest()
            request.dbName = name.database
            request.collectionName = name.collection
            request.replicaNumber = max(1, replicas)
            let doing = "load the collection \(name)"
            let status = try await change(
                Method.LoadCollection.descriptor,
                request,
                database: name.database,
                doing: doing
            )
            guard let failure = status.failure(doing) else { return }
            guard failure.isTransient == false, try await isLoaded() else { throw failure }
            return
        }
        var request = Milvus_Proto_Milvus_LoadPartitionsRequest()
        request.dbName = name.database
        request.collectionName = name.collection
        request.partitionNames = partitions
        request.replicaNumber = max(1, replicas)
        try await ensure(
            Method.LoadPartitions.descriptor,
            request,
            database: name.database,
            doing: "load partitions of \(name)",
            unless: isLoaded
        )
    }

    package func isLoading(_ name: CollectionName) async throws -> Bool {
        try await connection.loadState(of: name) == .loading
    }

    package func release(_ name: CollectionName, partitions: [String]?) async throws {
        func isReleased() async throws -> Bool {
            let state = try await connection.loadState(of: name, partitions: partitions ?? [])
            return state == .notLoad || state == .notExist
        }
        guard let partitions else {
            var request = Milvus_Proto_Milvus_ReleaseCollectionRequest()
            request.dbName = name.database
            request.collectionName = name.collection
            return try await ensure(
                Method.ReleaseCollection.descriptor,
                request,
                database: name.database,
                doing: "release the collection \(name)",
                unless: isReleased
            )
        }
        // Milvus-lite holds whole collections, so nothing is released before all is.
        if try await connection.server().isLite { return }
        var request = Milvus_Proto_Milvus_ReleasePartitionsRequest()
        request.dbName = name.database
        request.collectionName = name.collection
        request.partitionNames = partitions
        try await ensure(
            Method.ReleasePartitions.descriptor,
            request,
            database: name.database,
            doing: "release partitions of \(name)",
            unless: isReleased
        )
    }
}
