internal import Capture
internal import FoundationEssentials
internal import GRPCConnections
internal import Operations
internal import SwiftProtobuf

/// Reads of the keys below the root.
struct MetadataRange: Sendable {
    /// The largest answer that is accepted; a page that is larger is asked for again in smaller ones.
    static let answerSizeMaxBytes = 64 << 20
    /// How many keys a page of a snapshot holds at first; Milvus' values have some 300 bytes.
    static let pageSize: Int64 = 10_000
    /// How long a page, or a question about all keys, may take.
    static let deadline = Duration.seconds(30)

    let session: EtcdSession
    let range: KeyRange

    /// The store's revision, as of now for the whole cluster.
    func revision() async throws -> Int64 {
        var request = Etcdserverpb_RangeRequest()
        request.key = Data(range.first)
        request.keysOnly = true
        return try await answer(to: request, within: EtcdSession.callDeadline).header.revision
    }

    /// The number of keys at a revision.
    ///
    /// - Throws: `EtcdError` with code `compacted`, or `refused` where the store has not come so far.
    func count(at revision: Int64) async throws -> Int {
        var request = wholeRange()
        request.revision = revision
        request.countOnly = true
        return Int(try await answer(to: request, within: MetadataRange.deadline).count)
    }

    /// What a position is compared with.
    func finding(newerThan position: WatchPosition) async throws -> WatchPosition.Finding {
        var request = wholeRange()
        request.minModRevision = position.through + 1
        request.keysOnly = true
        request.limit = 1
        request.sortTarget = .mod
        request.sortOrder = .descend
        let answer = try await answer(to: request, within: MetadataRange.deadline)
        return WatchPosition.Finding(
            revision: answer.header.revision,
            newest: answer.kvs.first?.modRevision,
            keys: Int(answer.count)
        )
    }

    /// Every key and its value, at a revision or now.
    func snapshot(at revision: Int64?) async throws -> MetadataSnapshot {
        var request = wholeRange()
        request.revision = revision ?? 0
        request.limit = MetadataRange.pageSize
        var records: [MetadataRecord] = []
        while true {
            let page: Etcdserverpb_RangeResponse
            do {
                page = try await answer(to: request, within: MetadataRange.deadline)
            } catch let error as EtcdError where error.code == .answerTooLarge && request.limit > 1
            {
                request.limit = max(request.limit / 8, 1)
                continue
            }
            // The pages after the first have to be of the same moment.
            if request.revision == 0 { request.revision = page.header.revision }
            for pair in page.kvs {
                guard let key = range.relative(pair.key) else {
                    throw EtcdError(.corrupt, "the answer holds a key that is not below the root")
                }
                records.append(MetadataRecord(key: key, value: Array(pair.value)))
            }
            guard page.more, let last = page.kvs.last?.key else {
                return MetadataSnapshot(
                    revision: MetadataRevision(rawValue: request.revision),
                    records: records
                )
            }
            request.key = last + [0]
        }
    }

    private func wholeRange() -> Etcdserverpb_RangeRequest {
        var request = Etcdserverpb_RangeRequest()
        request.key = Data(range.first)
        request.rangeEnd = Data(range.end)
        return request
    }

    private func answer(
        to request: Etcdserverpb_RangeRequest,
        within deadline: Duration
    ) async throws -> Etcdserverpb_RangeResponse {
        let session = session
        return try await session.call { link in
            let store = Etcdserverpb_KV.Client(wrapping: link.client)
            let answer = try await store.range(
                request,
                metadata: link.metadata,
                options: .within(deadline)
            )
            try await session.check(answer.header, from: link.address)
            return answer
        }
    }
}
