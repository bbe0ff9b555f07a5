internal import MilvusAPI
internal import Operations
internal import Replay

/// What a server holds, as far as it tells; shared by the target and the comparison.
extension MilvusConnection {
    private typealias Method = Milvus_Proto_Milvus_MilvusService.Method

    /// The names of all databases, ascending.
    func databases() async throws -> [String] {
        let doing = "list the databases"
        let answer: Milvus_Proto_Milvus_ListDatabasesResponse = try await call(
            Method.ListDatabases.descriptor,
            Milvus_Proto_Milvus_ListDatabasesRequest(),
            database: nil,
            doing: doing
        )
        try answer.status.check(doing)
        return answer.dbNames.sorted()
    }

    /// The properties of a database, ascending; nil if it is not there, or the server does not tell.
    func databaseProperties(of name: String) async throws -> [Property]? {
        let doing = "look up the database \(name)"
        var request = Milvus_Proto_Milvus_DescribeDatabaseRequest()
        request.dbName = name
        do {
            let answer: Milvus_Proto_Milvus_DescribeDatabaseResponse = try await call(
                Method.DescribeDatabase.descriptor,
                request,
                database: nil,
                doing: doing
            )
            if TargetErrors.isAbsence(answer.status) { return nil }
            try answer.status.check(doing)
            return answer.properties.map { Property(key: $0.key, value: $0.value) }.sorted()
        } catch let failure as TargetFailure where failure.code == .unsupported {
            return nil
        }
    }

    /// The names of all collections of a database, ascending.
    func collections(in database: String) async throws -> [String] {
        let doing = "list the collections of the database \(database)"
        var request = Milvus_Proto_Milvus_ShowCollectionsRequest()
        request.dbName = database
        let answer: Milvus_Proto_Milvus_ShowCollectionsResponse = try await call(
            Method.ShowCollections.descriptor,
            request,
            database: database,
            doing: doing
        )
        try answer.status.check(doing)
        return answer.collectionNames.sorted()
    }

    /// A collection by its name or by an alias; nil if there is none.
    func describe(
        _ name: CollectionName
    ) async throws -> Milvus_Proto_Milvus_DescribeCollectionResponse? {
        do {
            return try await describeOnce(name)
        } catch let failure as TargetFailure where failure.code == .rejected {
            // Milvus-lite has no code for a database that is not there. If it is there now, it was made since.
            guard try await databases().contains(name.database) else { return nil }
            return try await describeOnce(name)
        }
    }

    private func describeOnce(
        _ name: CollectionName
    ) async throws -> Milvus_Proto_Milvus_DescribeCollectionResponse? {
        let doing = "look up the collection \(name)"
        var request = Milvus_Proto_Milvus_DescribeCollectionRequest()
        request.dbName = name.database
        request.collectionName = name.collection
        let answer: Milvus_Proto_Milvus_DescribeCollectionResponse = try await call(
            Method.DescribeCollection.descriptor,
            request,
            database: name.database,
            doing: doing
        )
        if TargetErrors.isAbsence(answer.status) { return nil }
        try answer.status.check(doing)
        return answer
    }

    /// A collection by its own name; nil if there is none, or if the name is an alias.
    func collection(
        _ name: CollectionName
    ) async throws -> Milvus_Proto_Milvus_DescribeCollectionResponse? {
        guard let found = try await describe(name) else { return nil }
        return found.ownName == name.collection ? found : nil
    }

    /// The names of a collection's partitions, ascending.
    func partitions(of name: CollectionName) async throws -> [String] {
        let doing = "list the partitions of \(name)"
        var request = Milvus_Proto_Milvus_ShowPartitionsRequest()
        request.dbName = name.database
        request.collectionName = name.collection
        let answer: Milvus_Proto_Milvus_ShowPartitionsResponse = try await call(
            Method.ShowPartitions.descriptor,
            request,
            database: name.database,
            doing: doing
        )
        try answer.status.check(doing)
        return answer.partitionNames.sorted()
    }

    /// The names of the partitions of a loaded collection that are loaded, ascending.
    func loadedPartitions(of name: CollectionName) async throws -> [String] {
        let doing = "list the loaded partitions of \(name)"
        var request = Milvus_Proto_Milvus_ShowPartitionsRequest()
        request.dbName = name.database
        request.collectionName = name.collection
        request.type = .inMemory
        let answer: Milvus_Proto_Milvus_ShowPartitionsResponse = try await call(
            Method.ShowPartitions.descriptor,
            request,
            database: name.database,
            doing: doing
        )
        try answer.status.check(doing)
        return answer.partitionNames.sorted()
    }

    /// The indexes of a collection, by name.
    func indexes(
        of name: CollectionName
    ) async throws -> [Milvus_Proto_Milvus_IndexDescription] {
        let doing = "list the indexes of \(name)"
        var request = Milvus_Proto_Milvus_DescribeIndexRequest()
        request.dbName = name.database
        request.collectionName = name.collection
        let answer: Milvus_Proto_Milvus_DescribeIndexResponse = try await call(
            Method.DescribeIndex.descriptor,
            request,
            database: name.database,
            doing: doing
        )
        if TargetErrors.isAbsence(answer.status) { return [] }
        try answer.status.check(doing)
        return answer.indexDescriptions.sorted { $0.indexName < $1.indexName }
    }

    /// Whether a collection, or all of some of its partitions, can be searched.
    func loadState(
        of name: CollectionName,
        partitions: [String] = []
    ) async throws -> Milvus_Proto_Common_LoadState {
        let doing = "look up whether \(name) is loaded"
        var request = Milvus_Proto_Milvus_GetLoadStateRequest()
        request.dbName = name.database
        request.collectionName = name.collection
        request.partitionNames = partitions
        let answer: Milvus_Proto_Milvus_GetLoadStateResponse = try await call(
            Method.GetLoadState.descriptor,
            request,
            database: name.database,
            doing: doing
        )
        if TargetErrors.isAbsence(answer.status) { return .notExist }
        if TargetErrors.isNotLoaded(answer.status) { return .notLoad }
        try answer.status.check(doing)
        return answer.state
    }

    /// The aliases of a collection, ascending.
    func aliases(of name: CollectionName) async throws -> [String] {
        let doing = "list the aliases of \(name)"
        var request = Milvus_Proto_Milvus_ListAliasesRequest()
        request.dbName = name.database
        request.collectionName = name.collection
        let answer: Milvus_Proto_Milvus_ListAliasesResponse = try await call(
            Method.ListAliases.descriptor,
            request,
            database: name.database,
            doing: doing
        )
        try answer.status.check(doing)
        return answer.aliases.sorted()
    }
}

extension Milvus_Proto_Milvus_DescribeCollectionResponse {
    /// The name that is not an alias.
    ///
    /// In `collectionName` Milvus 2.3.5 repeats the name it was asked for.
    var ownName: String { schema.name.isEmpty ? collectionName : schema.name }
}
