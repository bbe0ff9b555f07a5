package import Operations

/// A point in a journal: the last entry before it, and the source timestamp up to which it is complete.
package struct Mark: Hashable, Sendable, Codable {
    /// Before the first entry.
    package static let start = Mark(sequence: .zero, tso: .zero)

    package var sequence: SequenceNumber
    package var tso: HybridTimestamp

    package init(sequence: SequenceNumber, tso: HybridTimestamp) {
        self.sequence = sequence
        self.tso = tso
    }
}

/// Entries of one batch that are read together.
package struct EntryPiece: Sendable {
    /// In sequence order; may be empty.
    package let entries: [Entry]
    /// Where the journal stands after the batch, if this is its last piece.
    package let commit: Mark?

    package init(entries: [Entry], commit: Mark?) {
        self.entries = entries
        self.commit = commit
    }
}

/// Where a replay reads from: a journal.
package protocol EntrySource: Sendable {
    /// The point before the oldest entry that can be read.
    func start() throws -> Mark
    /// The last committed batch, as of now.
    func head() throws -> Mark
    /// A cursor whose next entry is the one after `sequence`.
    func cursor(after sequence: SequenceNumber) throws -> any EntryCursor
    /// Tells the heads to come, beginning with the present one, until it is cancelled.
    ///
    /// It may leave out all but the newest.
    func follow(_ tell: @escaping @Sendable (Mark) -> Void) async throws
}

/// A place in a journal from which entries are read on.
///
/// Used from one task.
package protocol EntryCursor {
    /// The definitions in force just before the next entry.
    var definitions: Definitions { get }
    /// The next entries; nil when nothing more is committed now. May be called again later.
    mutating func next() throws -> EntryPiece?
}

extension EntrySource {
    /// Whether a replay from the start gives all that is taken: what a trimmed journal begins with is
    /// defined, but its rows are gone.
    ///
    /// - Throws: `ReplayError` with code `gap`.
    func expectWholeHistory(of projection: Projection) throws {
        let start = try self.start()
        guard start.sequence > .zero else { return }
        let definitions = try cursor(after: start.sequence).definitions
        let older = definitions.collections.keys.compactMap { definitions.name(of: $0) }
            .filter { projection.target(of: $0) != nil }.sorted()
        guard let first = older.first else { return }
        let others = older.count > 1 ? " and \(older.count - 1) others" : ""
        throw ReplayError(
            .gap,
            "The journal begins with entry \(start.sequence.next); what \(first)\(others) held before that "
                + "is no longer there.",
            hint: "Leave them out, or take what is missing from a backup."
        )
    }
}
