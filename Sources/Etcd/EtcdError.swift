internal import Capture
internal import GRPCConnections
internal import GRPCCore
internal import Operations

/// Why etcd did not do what it was asked to.
struct EtcdError: Error, Sendable, CustomStringConvertible {
    /// What kind of trouble it is.
    enum Code: Hashable, Sendable {
        /// The member cannot be reached, has no leader, is too slow, or the connection broke.
        case unavailable
        /// The revision is no longer kept; the oldest that is, where it was told.
        case compacted(oldest: Int64?)
        /// The cluster does not know our token any more; a new login helps.
        case tokenExpired
        /// The answer is larger than what is accepted; asking for less helps.
        case answerTooLarge
        /// Login, permission, certificates or the cluster itself are not what is needed.
        case refused
        /// An answer that cannot be.
        case corrupt
    }

    let code: Code
    /// One sentence for the operator: what was seen, what was expected.
    let message: String
    let cause: (any Error)?

    init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    /// Whether the same call may succeed later without anybody's help.
    var isTransient: Bool { code == .unavailable || code == .tokenExpired }

    var description: String { cause.map { "\(message): \($0)" } ?? message }

    /// The same in the words of the room that asked.
    var failure: MetadataFailure {
        let code: MetadataFailure.Code =
            switch code {
            case .unavailable, .tokenExpired: .unavailable
            case .compacted(let oldest): .compacted(oldest: MetadataRevision(rawValue: oldest ?? 0))
            case .refused: .refused
            case .answerTooLarge, .corrupt: .corrupt
            }
        return MetadataFailure(code: code, message: description)
    }
}

extension EtcdError {
    /// What an error of a call means.
    ///
    /// The texts are those of etcd 3.4 to 3.6, `api/v3rpc/rpctypes/error.go`; the one about sizes is
    /// grpc-swift-nio-transport's.
    init(_ error: any Error, from address: PeerAddress) {
        guard let error = error as? RPCError else {
            self =
                error as? EtcdError
                ?? EtcdError(.unavailable, "etcd at \(address) failed a call", cause: error)
            return
        }
        let text = error.message
        let code: Code =
            switch error.code {
            case .unavailable where error.isCertificateFailure: .refused
            case .outOfRange where text.contains("compacted"): .compacted(oldest: nil)
            case .unauthenticated: .tokenExpired
            case .invalidArgument where text.contains("auth store is old"): .tokenExpired
            case _ where text.contains("configured maximum payload size"): .answerTooLarge
            case .invalidArgument, .permissionDenied, .failedPrecondition, .outOfRange,
                .unimplemented, .notFound:
                .refused
            default: .unavailable
            }
        self.init(code, "etcd at \(address) failed a call", cause: error)
    }

    /// What etcd means by cancelling a watch; `reason` is its own text.
    static func watchCancelled(
        _ reason: String,
        compactRevision: Int64,
        from address: PeerAddress
    ) -> EtcdError {
        if compactRevision > 0 {
            return EtcdError(
                .compacted(oldest: compactRevision),
                "etcd at \(address) keeps no revision before \(compactRevision)"
            )
        }
        let code: Code =
            if reason.contains("auth token") || reason.contains("auth store is old") {
                .tokenExpired
            } else if reason.contains("permission denied") {
                .refused
            } else {
                .unavailable
            }
        return EtcdError(code, "etcd at \(address) ended the watch: \(reason)")
    }
}
