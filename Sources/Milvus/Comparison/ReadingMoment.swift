internal import MilvusAPI
internal import Replay

/// From when on a server's rows are read: all that was written before, and perhaps more.
///
/// Asking each time for strong consistency makes an idle Milvus wait for its next tick (about 0.2 s); asking
/// for a fixed moment waits once.
enum ReadingMoment: Hashable, Sendable {
    /// Everything that is written when the query arrives.
    case now
    /// At least everything up to a timestamp of the server.
    case after(UInt64)

    /// The present of a server.
    static func present(of connection: MilvusConnection) async throws -> ReadingMoment {
        let doing = "ask for the time"
        do {
            let answer: Milvus_Proto_Milvus_AllocTimestampResponse = try await connection.call(
                Milvus_Proto_Milvus_MilvusService.Method.AllocTimestamp.descriptor,
                Milvus_Proto_Milvus_AllocTimestampRequest(),
                database: nil,
                doing: doing
            )
            try answer.status.check(doing)
            return .after(answer.timestamp)
        } catch let failure as TargetFailure where failure.code == .unsupported {
            // Milvus-lite and some hosted servers tell no time.
            return .now
        }
    }

    func apply(to request: inout Milvus_Proto_Milvus_QueryRequest) {
        switch self {
        case .now: request.consistencyLevel = .strong
        case .after(let timestamp):
            request.consistencyLevel = .customized
            request.guaranteeTimestamp = timestamp
        }
    }
}
