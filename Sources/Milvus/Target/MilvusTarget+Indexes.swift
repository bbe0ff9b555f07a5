internal import MilvusAPI
package import Operations
internal import Replay

/// Indexes, and what is loaded.
extension MilvusTarget {
    package func createIndex(_ index: IndexDefinition, on name: CollectionName) async throws {
        let doing = "create the index \(index.name) on the field \(index.field) of \(name)"
        if try await isThere(index, on: name, doing) { return }
        let isLite = try await connection.server().isLite
        let isFirst = isLite ? try await connection.indexes(of: name).isEmpty : false
        var request = Milvus_Proto_Milvus_CreateIndexRequest()
        request.dbName = name.database
        request.collectionName = name.collection
        request.fieldName = index.field
        request.indexName = index.name
        request.extraParams = index.parameters.map(\.pair)
        let status = try await change(
            Method.CreateIndex.descriptor,
            request,
            database: name.database,
            doing: doing
        )
        if let failure = status.failure(doing) {
            guard failure.isTransient == false, try await isThere(index, on: name, doing) else {
                throw try await limited(failure)
            }
        } else if try await isThere(index, on: name, doing) == false {
            throw TargetFailure(
                code: .transient,
                message: "Cannot \(doing): the server accepted it and does not show it."
            )
        }
        // To milvus-lite a collection without an index is loaded, and stays so; to a source it is not.
        if isFirst { try await release(name, partitions: nil) }
    }

    /// Whether the field has the index.
    ///
    /// - Throws: `TargetFailure` with code `conflict` if it has another one.
    private func isThere(
        _ index: IndexDefinition,
        on name: CollectionName,
        _ doing: String
    ) async throws -> Bool {
        let indexes = try await connection.indexes(of: name)
        let isLite = try await connection.server().isLite
        // Milvus-lite names an index after its field, whatever it is asked for.
        let found =
            indexes.first { $0.indexName == index.name && $0.fieldName == index.field }
            ?? indexes.first { isLite && $0.fieldName == index.field }
        guard let found else {
            guard let other = indexes.first(where: { $0.indexName == index.name }) else {
                return false
            }
            throw TargetFailure(
                code: .conflict,
                message: "Cannot \(doing): one of that name is on the field \(other.fieldName)."
            )
        }
        let wanted = IndexParameters(index.parameters)
        let there = IndexParameters(found.params.map { Property(key: $0.key, value: $0.value) })
        if let difference = wanted.differences(from: there).first {
            throw TargetFailure(
                code: .conflict,
                message: "Cannot \(doing): one is there, and \(difference)."
            )
        }
        return true
    }

    package func dropIndex(_ index: IndexDefinition, on name: CollectionName) async throws {
        let doing = "drop the index \(index.name) of \(name)"
        let isLite = try await connection.server().isLite
        func isGone() async throws -> Bool {
            guard try await connection.collection(name) != nil else { return true }
            return try await connection.indexes(of: name).contains {
                isLite ? $0.fieldName == index.field : $0.indexName == index.name
            } == false
        }
        var request = Milvus_Proto_Milvus_DropIndexRequest()
        request.dbName = name.database
        request.collectionName = name.collection
        request.fieldName = index.field
        request.indexName = index.name
        do {
            try await ensure(
                Method.DropIndex.descriptor,
                request,
                database: name.database,
                doing: doing,
                unless: isGone
            )
        } catch let failure as TargetFailure where failure.code == .rejected && isLite {
            // It drops no index of a loaded collection, and loads without one.
            guard try await connection.loadState(of: name) == .loaded else { throw failure }
            try await release(name, partitions: nil)
            try await ensure(
                Method.DropIndex.descriptor,
                request,
                database: name.database,
                doing: doing,
                unless: isGone
            )
            try await load(name, partitions: nil, replicas: 1)
        }
    }

    package func alterIndex(_ index: IndexDefinition, on name: CollectionName) async throws {
        let doing = "alter the index \(index.name) of \(name)"
        let server = try await connection.server()
        guard server.unsupported.contains(.alterIndex) == false else {
            throw TargetFailure(
                code: .unsupported,
                message: "Cannot \(doing): \(server.description) cannot alter indexes."
            )
        }
        let found = try await connection.indexes(of: name).first { $0.indexName == index.name }
        guard let found else {
            throw TargetFailure(code: .rejected, message: "Cannot \(doing): it is not there.")
        }
        let change = PropertyChange(
            from: found.params.map { Property(key: $0.key, value: $0.value) },
            to: index.parameters
        )
        guard change.isEmpty == false else { return }
        var request = Milvus_Proto_Milvus_AlterIndexRequest()
        request.dbName = name.database
        request.collectionName = name.collection
        request.indexName = index.name
        request.extraParams = change.added.map(\.pair)
        request.deleteKeys = change.removed
        try await self.change(
            Method.AlterIndex.descriptor,
            request,
            database: name.database,
            doing: doing
        ).check(doing)
    }

    package func flush(_ name: CollectionName) async throws {
        let doing = "flush \(name)"
        var request = Milvus_Proto_Milvus_FlushRequest()
        request.dbName = name.database
        request.collectionNames = [name.collection]
        let answer: Milvus_Proto_Milvus_FlushResponse = try await connection.call(
            Method.Flush.descriptor,
            request,
            database: name.database,
            doing: doing
        )
        try answer.status.check(doing)
    }
}
