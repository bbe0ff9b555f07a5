internal import FoundationEssentials
internal import GRPCConnections
internal import GRPCCore
internal import GRPCProtobuf
internal import SwiftProtobuf

extension KeyRange {
    /// The answers of a watch, in order; nothing is read ahead of what is taken.
    typealias WatchResponses = RPCAsyncSequence<Etcdserverpb_WatchResponse, any Error>

    /// Watches the range over one connection for as long as `body` runs.
    ///
    /// - Parameters:
    ///   - revision: Events come from this revision on, and only those after it are sure to be complete:
    ///     etcd lets a watch begin at the revision that it was compacted at, although deletions of
    ///     that revision are gone.
    ///   - link: The connection.
    ///   - deadline: When to give up; nil for never.
    ///   - body: Takes the answers.
    /// - Returns: What `body` returned.
    /// - Throws: What `body` throws, or `RPCError`.
    func watch<Result: Sendable>(
        from revision: Int64,
        over link: EtcdSession.Link,
        within deadline: Duration? = nil,
        body: @Sendable @escaping (WatchResponses) async throws -> Result
    ) async throws -> Result {
        var create = Etcdserverpb_WatchCreateRequest()
        create.key = Data(first)
        create.rangeEnd = Data(end)
        create.startRevision = max(revision, 1)
        create.fragment = true
        var request = Etcdserverpb_WatchRequest()
        request.createRequest = create

        var metadata = link.metadata
        // A member that loses the cluster shall say so instead of staying silent.
        metadata.addString("true", forKey: "hasleader")
        var options = CallOptions.defaults
        options.timeout = deadline
        return try await Etcdserverpb_Watch.Client(wrapping: link.client).watch(
            metadata: metadata,
            options: options
        ) { [request] writer in
            try await writer.write(request)
            // When our half of the stream ends, so does the watch.
            try await Task.sleep(for: .seconds(1 << 32))
        } onResponse: { response in
            try await body(response.messages)
        }
    }

    /// The error that says which revision is the oldest, after one that does not.
    ///
    /// Only a watch is told the number, so one is begun at a revision that is no longer kept.
    func compactedError(
        insteadOf revision: Int64,
        session: EtcdSession
    ) async throws -> EtcdError {
        try await session.call { link in
            try await watch(from: revision, over: link, within: EtcdSession.callDeadline) {
                responses in
                for try await response in responses where response.canceled {
                    return EtcdError.watchCancelled(
                        response.cancelReason,
                        compactRevision: response.compactRevision,
                        from: link.address
                    )
                }
                throw EtcdError(.unavailable, "etcd at \(link.address) ended the watch")
            }
        }
    }
}
