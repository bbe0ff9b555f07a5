/// Why a journal could not be opened, written or read.
package struct JournalError: Error, Sendable, CustomStringConvertible {
    /// What kind of trouble it is.
    package enum Code: Hashable, Sendable {
        /// Acknowledged data is damaged or gone.
        case corrupt
        /// There is no journal, or not that part of it.
        case notFound
        /// Another writer holds the journal.
        case busy(pid: Int32?)
        /// The file system failed.
        case io
        /// The disk is full; the same call may succeed once there is room.
        case full
        /// Somebody else's journal, a newer format, or a batch that must not be journalled as it is.
        case refused
        /// The writer was closed, or stopped after an earlier error.
        case stopped
    }

    package let code: Code
    /// One sentence: what was seen, what was expected, which file and offset.
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

    /// Whether the same call may succeed later: only a full disk passes by itself.
    package var isTransient: Bool { code == .full }

    package var description: String {
        guard let hint else { return message }
        return "\(message) \(hint)"
    }
}
