/// Why a replay could not begin or go on.
package struct ReplayError: Error, Sendable, CustomStringConvertible {
    /// What kind of trouble it is.
    package enum Code: Hashable, Sendable {
        /// A pattern, a rename or a goal that cannot be understood.
        case invalid
        /// The journal does not hold what was asked for.
        case notFound
        /// History that is needed is no longer in the journal.
        case gap
        /// The target refuses us.
        case unauthorized
        /// The target holds something else under a name that is to be created.
        case conflict
        /// A lane that waits for another one, or does not wait at all.
        case refused
    }

    package let code: Code
    /// One sentence: what was seen, what was expected.
    package let message: String
    /// What the operator can do, as a sentence.
    package let hint: String?
    /// What led to it.
    package let cause: (any Error)?

    package init(
        _ code: Code,
        _ message: String,
        hint: String? = nil,
        cause: (any Error)? = nil
    ) {
        self.code = code
        self.message = message
        self.hint = hint
        self.cause = cause
    }

    /// Whether the same call may succeed later without anybody's help: none of these.
    package var isTransient: Bool { false }

    package var description: String {
        guard let hint else { return message }
        return "\(message) \(hint)"
    }
}
