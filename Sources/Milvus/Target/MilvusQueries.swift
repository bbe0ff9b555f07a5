internal import MilvusAPI
internal import Operations
internal import Replay

/// Small questions about rows; answered as of now, whatever the collection's consistency level.
extension MilvusConnection {
    /// How many rows an expression selects in some partitions, or in all if none is named.
    ///
    /// Several rows of one key count each. Nil if the collection is not loaded.
    func count(
        _ expression: String,
        in name: CollectionName,
        partitions: [String] = [],
        at moment: ReadingMoment = .now
    ) async throws -> Int? {
        let doing = "count rows of \(name)"
        var request = Self.query(expression, name, partitions)
        request.outputFields = ["count(*)"]
        moment.apply(to: &request)
        let answer = try await ask(request, name, doing)
        if TargetErrors.isNotLoaded(answer.status) { return nil }
        try answer.status.check(doing)
        return answer.fieldsData.first?.scalars.longData.data.first.map { Int($0) } ?? 0
    }

    /// Which keys an expression selects in a partition; the collection must be loaded.
    func keys(
        _ expression: String,
        field: String,
        in name: CollectionName,
        partition: String
    ) async throws -> [PrimaryKeyValue] {
        let doing = "look up keys of \(name)"
        var request = Self.query(expression, name, [partition])
        request.outputFields = [field]
        let answer = try await ask(request, name, doing)
        try answer.status.check(doing)
        guard let column = answer.fieldsData.first(where: { $0.fieldName == field }) else {
            return []
        }
        let numbers = column.scalars.longData.data.map(PrimaryKeyValue.int64)
        let texts = column.scalars.stringData.data.map { PrimaryKeyValue.varchar(Array($0.utf8)) }
        return numbers + texts
    }

    private static func query(
        _ expression: String,
        _ name: CollectionName,
        _ partitions: [String]
    ) -> Milvus_Proto_Milvus_QueryRequest {
        var request = Milvus_Proto_Milvus_QueryRequest()
        request.dbName = name.database
        request.collectionName = name.collection
        request.partitionNames = partitions
        request.expr = expression
        request.consistencyLevel = .strong
        return request
    }

    private func ask(
        _ request: Milvus_Proto_Milvus_QueryRequest,
        _ name: CollectionName,
        _ doing: String
    ) async throws -> Milvus_Proto_Milvus_QueryResults {
        try await call(
            Milvus_Proto_Milvus_MilvusService.Method.Query.descriptor,
            request,
            database: name.database,
            deadline: MilvusConnection.rowsDeadline,
            doing: doing
        )
    }
}
