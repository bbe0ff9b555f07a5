/// Why the catalog could not be opened, read or written.
package struct CatalogError: Error, Sendable, CustomStringConvertible {
    /// What kind of trouble it is.
    package enum Code: Hashable, Sendable {
        /// The file is no catalog, or damaged.
        case corrupt
        /// A newer Flightlog wrote it.
        case newer
        /// There is no such thing in it.
        case notFound
        /// There is such a thing already.
        case exists
        /// It is no longer in the state that a change was meant for.
        case changed
        /// A value that the catalog does not take.
        case refused
        /// Somebody else holds it locked.
        case busy
        /// The file system failed.
        case io
    }

    package let code: Code
    /// One sentence: what was seen, what was expected.
    package let message: String
    /// What led to it.
    package let cause: (any Error)?

    package init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    /// Whether the same call may succeed later without anybody's help.
    package var isTransient: Bool { code == .busy }

    package var description: String { message }
}
