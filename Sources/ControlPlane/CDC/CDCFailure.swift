internal import Replay

/// Why a request of milvus-cdc's contract is not answered as asked; the HTTP status is 200 all the same.
struct CDCFailure: Error, Hashable, Sendable {
    let code: Int
    let message: String

    init(_ code: Int, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The caller's mistake.
    static func client(_ message: String) -> CDCFailure { CDCFailure(400, message) }

    /// Ours, or a peer's.
    static func server(_ message: String) -> CDCFailure { CDCFailure(500, message) }

    /// What any error means to the caller.
    init(_ error: any Error) {
        if let failure = error as? CDCFailure {
            self = failure
            return
        }
        let trouble = Trouble(error)
        switch trouble.kind {
        case .invalid, .notFound, .conflict, .refused: self = .client(trouble.message)
        default: self = .server(trouble.message)
        }
    }
}
