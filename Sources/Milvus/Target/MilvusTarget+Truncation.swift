internal import GRPCCore
internal import MilvusAPI
package import Operations
package import Replay

extension MilvusTarget {
    /// `TruncateCollection` of Milvus 2.6.11 and later.
    ///
    /// Its request has the fields of a DropCollection's, and its answer a status in the place of a
    /// BoolResponse's.
    static let truncation = MethodDescriptor(
        service: Method.DropCollection.descriptor.service,
        method: "TruncateCollection"
    )

    /// Removes all rows.
    ///
    /// Where the server has no call for it, the collection is dropped and made again, which leaves it without
    /// what only the target gave it.
    package func truncateCollection(_ name: CollectionName, _ empty: EmptyCollection) async throws {
        let doing = "truncate the collection \(name)"
        var request = Milvus_Proto_Milvus_DropCollectionRequest()
        request.dbName = name.database
        request.collectionName = name.collection
        do {
            let answer: Milvus_Proto_Milvus_BoolResponse = try await connection.call(
                Self.truncation,
                request,
                database: name.database,
                doing: doing
            )
            try answer.status.check(doing)
        } catch let failure as TargetFailure where failure.code == .unsupported {
            try await remake(name, empty)
        }
    }
}
