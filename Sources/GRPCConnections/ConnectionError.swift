/// Why a connection cannot be set up at all; nothing was sent yet.
package struct ConnectionError: Error, Sendable, CustomStringConvertible {
    /// What is wrong.
    package enum Code: Hashable, Sendable {
        /// A text that is no address.
        case badAddress
        /// Certificate or key files that are missing, cannot be read or contradict the address.
        case badCertificates
    }

    package let code: Code
    /// One sentence for the operator: what was seen, what was expected.
    package let message: String
    package let cause: (any Error)?

    package init(code: Code, message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    /// Whether the same call may succeed later without anybody's help: never, the configuration is wrong.
    package var isTransient: Bool { false }

    package var description: String { cause.map { "\(message): \($0)" } ?? message }
}
