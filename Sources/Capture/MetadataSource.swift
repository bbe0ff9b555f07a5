package import Operations

/// A key of the metadata store and its value.
package struct MetadataRecord: Hashable, Sendable {
    /// The key below the root, such as `meta/root-coord/database/db-info/1`.
    package let key: String
    /// Nil where the key was deleted.
    package let value: [UInt8]?

    package init(key: String, value: [UInt8]?) {
        self.key = key
        self.value = value
    }
}

/// Everything that one transaction of the metadata store wrote below the root.
package struct MetadataChange: Hashable, Sendable {
    package let revision: MetadataRevision
    package let records: [MetadataRecord]

    package init(revision: MetadataRevision, records: [MetadataRecord]) {
        self.revision = revision
        self.records = records
    }
}

/// The whole metadata at one revision.
package struct MetadataSnapshot: Sendable {
    package let revision: MetadataRevision
    /// In key order, no value nil.
    package let records: [MetadataRecord]

    package init(revision: MetadataRevision, records: [MetadataRecord]) {
        self.revision = revision
        self.records = records
    }
}

/// The changes that were delivered, and how far the metadata is known with them.
package struct MetadataDelivery: Sendable {
    /// Oldest first, each transaction whole.
    package let changes: [MetadataChange]
    /// Nothing at or below this revision is missing from what was delivered so far.
    package let through: MetadataRevision

    package init(changes: [MetadataChange], through: MetadataRevision) {
        self.changes = changes
        self.through = through
    }
}

/// The source's metadata store.
package protocol MetadataSource: Sendable {
    /// The whole metadata, now or as it was at an earlier revision.
    ///
    /// - Throws: `MetadataFailure` with code `compacted` if the revision is no longer kept.
    func snapshot(at revision: MetadataRevision?) async throws -> MetadataSnapshot

    /// Begins to follow what changes after a revision.
    func watch(after revision: MetadataRevision) async throws -> any MetadataWatch
}

/// Follows the metadata store; used by one reader, from one task.
package protocol MetadataWatch: Sendable {
    /// The changes that have arrived and were not returned yet. Does not wait.
    func arrived() async throws -> MetadataDelivery

    /// Waits until everything that was committed before this call has arrived, and returns what was not
    /// returned yet. This is the metadata barrier: the delivery's `through` is at least the revision that
    /// a linearizable read sees now.
    func caughtUp() async throws -> MetadataDelivery

    /// Ends the watch; safe to call twice.
    func close() async
}

/// Why the metadata store cannot go on.
package struct MetadataFailure: Error, Sendable, CustomStringConvertible {
    /// What kind of trouble it is.
    package enum Code: Hashable, Sendable {
        /// The revision is no longer kept; the oldest that is.
        case compacted(oldest: MetadataRevision)
        /// The store cannot be reached, or answers with an error that passes.
        case unavailable
        /// A value that cannot be decoded.
        case corrupt
        /// The store refuses: authentication, authorization, or it is no source we can read.
        case refused
    }

    package let code: Code
    /// One sentence for the operator.
    package let message: String

    package init(code: Code, message: String) {
        self.code = code
        self.message = message
    }

    /// Whether the same call may succeed later without anybody's help.
    package var isTransient: Bool { code == .unavailable }

    /// Whether history was asked for that is no longer kept: beginning again from the whole helps.
    package var isCompacted: Bool {
        if case .compacted = code { true } else { false }
    }

    package var description: String { message }
}
