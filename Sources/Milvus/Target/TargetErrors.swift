internal import GRPCCore
internal import MilvusAPI
internal import Replay

/// What the refusals of a target mean: the one table; `docs/ERRORS.md` shows it to people.
///
/// A server answers in three ways: with a gRPC error, with a `Status.code` (Milvus 2.3.2 and later), or with
/// the older `Status.error_code` alone. Codes that are not listed are refusals of the call as it is.
/// Source: `pkg/util/merr/errors.go` of Milvus 2.3.5 to 2.6.19; `errors.py` of milvus-lite 3.2.
enum TargetErrors {
    /// `Status.code`.
    static let codes: [Int32: TargetFailure.Code] = [
        2: .transient,  // service unavailable
        3: .transient,  // memory limit
        4: .transient,  // request limit
        7: .transient,  // disk limit
        8: .transient,  // rate limit
        9: .transient,  // writing denied for now, by a quota
        10: .unsupported,  // not implemented
        11: .transient,  // time tick too late
        12: .transient,  // resources insufficient
        100: .absent,  // collection
        103: .transient,  // collection not fully loaded
        106: .transient,  // collection recovering
        200: .absent,  // partition
        202: .transient,  // partition not fully loaded
        305: .transient,  // resource group not available
        400: .transient,  // replica not found
        401: .transient,  // replica not available
        500: .transient,  // channel not found
        501: .transient,  // channel lacks
        502: .transient,  // channel twice
        503: .transient,  // channel not available
        504: .transient,  // channel checkpoint too late
        600: .transient,  // segment not found
        601: .transient,  // segment not loaded
        602: .transient,  // segment lacks
        603: .transient,  // segment twice
        604: .transient,  // segment load failed
        701: .unsupported,  // index type
        800: .absent,  // database
        901: .transient,  // node not found
        902: .transient,  // node offline
        903: .transient,  // nodes lack
        904: .transient,  // node does not match
        905: .transient,  // node not available
        906: .transient,  // node state
        1001: .transient,  // I/O
        1002: .transient,  // unexpected end of file
        1302: .transient,  // message queue
        1400: .unauthorized,  // not authenticated
        1401: .forbidden,  // not permitted
        1800: .unauthorized,  // not authenticated
        1807: .transient,  // rate limit
        3000: .unsupported,  // operation
        10000: .transient,  // cancelled
        10001: .transient,  // timed out
    ]

    /// `Status.error_code`, which decides where the code says nothing better.
    static let oldCodes: [Milvus_Proto_Common_ErrorCode: TargetFailure.Code] = [
        .connectFailed: .transient,
        .permissionDenied: .forbidden,
        .collectionNotExists: .absent,
        .collectionNameNotFound: .absent,
        .schemaMismatch: .conflict,
        .outOfMemory: .transient,
        .notShardLeader: .transient,
        .noReplicaAvailable: .transient,
        .segmentNotFound: .transient,
        .forceDeny: .transient,
        .rateLimit: .transient,
        .nodeIdnotMatch: .transient,
        .insufficientMemoryToLoad: .transient,
        .memoryQuotaExhausted: .transient,
        .diskQuotaExhausted: .transient,
        .timeTickLongDelay: .transient,
        .notReadyServe: .transient,
        .notReadyCoordActivating: .transient,
        .dataCoordNa: .transient,
        .ddrequestRace: .transient,
    ]

    /// gRPC's own codes.
    static let transportCodes: [RPCError.Code: TargetFailure.Code] = [
        .unavailable: .transient,
        .deadlineExceeded: .transient,
        .cancelled: .transient,
        .aborted: .transient,
        .internalError: .transient,
        .dataLoss: .transient,
        .unauthenticated: .unauthorized,
        .permissionDenied: .forbidden,
        .unimplemented: .unsupported,
    ]

    /// What a status means; nil if it is success.
    static func code(of status: Milvus_Proto_Common_Status) -> TargetFailure.Code? {
        guard status.code != 0 || status.errorCode != .success else { return nil }
        if status.retriable { return .transient }
        return codes[status.code] ?? oldCodes[status.errorCode] ?? .rejected
    }

    /// What a gRPC error means.
    static func code(of error: RPCError) -> TargetFailure.Code {
        // Too large a message and an exhausted server share a code.
        if error.code == .resourceExhausted {
            return error.message.contains("larger than max") ? .rejected : .transient
        }
        return transportCodes[error.code] ?? .rejected
    }

    /// Whether a status says that the call was turned away before anything was done.
    static func wasTurnedAway(_ status: Milvus_Proto_Common_Status) -> Bool {
        turnedAway.contains(status.code) || oldTurnedAway.contains(status.errorCode)
    }

    /// Whether a gRPC error says that the call was never sent.
    static func wasNeverSent(_ error: RPCError) -> Bool {
        error.code == .unavailable && error.message.contains("transient failure state")
    }

    /// Limits and denials that stand before the work: requests, rates, quotas, late ticks; and what is looked
    /// up and validated before: databases, collections, partitions, privileges, parameters.
    private static let turnedAway: Set<Int32> = [
        4, 8, 9, 11, 100, 200, 800, 1100, 1101, 1102, 1400, 1401,
    ]

    private static let oldTurnedAway: Set<Milvus_Proto_Common_ErrorCode> = [
        .rateLimit, .forceDeny, .timeTickLongDelay, .notReadyServe,
    ]

    /// Whether a status says that what was asked for is not there.
    static func isAbsence(_ status: Milvus_Proto_Common_Status) -> Bool {
        absences.contains(status.code) || oldAbsences.contains(status.errorCode)
    }

    /// Whether a status says that the rows cannot be read since they are not loaded.
    static func isNotLoaded(_ status: Milvus_Proto_Common_Status) -> Bool {
        [101, 201].contains(status.code) || status.errorCode.rawValue == 101
    }

    /// Collection, partition, index, database and alias not found.
    private static let absences: Set<Int32> = [100, 200, 700, 800, 1600]

    private static let oldAbsences: Set<Milvus_Proto_Common_ErrorCode> = [
        .collectionNotExists, .collectionNameNotFound, .indexNotExist,
    ]

    /// What a gRPC error says, as the end of "the server …".
    static func reason(_ error: RPCError) -> String {
        switch error.code {
        case .unavailable: "does not answer (\(innermost(error)))"
        case .deadlineExceeded: "did not answer in time"
        default: "answered \(error.code): \(innermost(error))"
        }
    }

    /// What the cause of the cause says, in one line; it says most.
    private static func innermost(_ error: RPCError) -> String {
        var text = error.message
        var next = error.cause
        while let cause = next {
            let inner = cause as? RPCError
            let message = inner?.message ?? "\(cause)"
            if message.isEmpty == false { text = message }
            next = inner?.cause
        }
        let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
        return line.hasSuffix(".") ? String(line.dropLast()) : line
    }
}
