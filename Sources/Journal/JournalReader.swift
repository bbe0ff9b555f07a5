package import Operations

/// Reads a journal, in the writer's process or another. Takes no lock and sees only committed batches.
package struct JournalReader: Sendable {
    /// Which journal this is.
    package let identity: JournalIdentity

    /// Opens the journal in a directory.
    ///
    /// - Throws: `JournalError`: `notFound` if there is none, `corrupt`, `refused` for a newer format, `io`.
    package static func open(
        at directory: String, storage: any Storage = PosixStorage()
    ) throws -> JournalReader {
        fatalError("unfinished")
    }

    /// The last committed batch, as of now.
    package func head() throws -> JournalHead { fatalError("unfinished") }

    /// A cursor whose next entry is the one after `sequence`; pass zero for the beginning.
    ///
    /// - Throws: `JournalError`: `notFound` if the journal no longer, or not yet, goes there.
    package func cursor(after sequence: SequenceNumber) throws -> JournalCursor {
        fatalError("unfinished")
    }

    /// The journal's files, oldest first.
    package func segments() throws -> [SegmentSummary] { fatalError("unfinished") }
}

/// A place in a journal from which entries are read on.
package struct JournalCursor: Sendable {
    /// Definitions in force at the cursor's place: just before the next entry.
    package private(set) var definitions: Definitions
    /// The last entry before the cursor.
    package private(set) var sequence: SequenceNumber
    /// The last committed batch that lies wholly before the cursor.
    package private(set) var passed: JournalHead

    /// The next entries; nil when nothing more is committed now. Call again later.
    ///
    /// - Throws: `JournalError`: `corrupt` at damage, `notFound` if retention has overtaken the cursor, `io`.
    package mutating func next() throws -> JournalPiece? { fatalError("unfinished") }
}
