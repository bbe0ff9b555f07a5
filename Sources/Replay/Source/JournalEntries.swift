package import Journal
package import Operations

/// A journal on disk, as the source of a replay.
package struct JournalEntries: EntrySource {
    /// How often the head is looked up where no writer in this process tells it.
    package static let pollInterval = Duration.milliseconds(20)

    private let reader: JournalReader
    /// The journal's writer, if it is in this process.
    private let writer: JournalWriter?

    package init(reader: JournalReader, writer: JournalWriter? = nil) {
        self.reader = reader
        self.writer = writer
    }

    package func start() throws -> Mark {
        guard let oldest = try reader.segments().first else { return .start }
        let first = oldest.firstSequence.rawValue
        return Mark(
            sequence: SequenceNumber(rawValue: first == 0 ? 0 : first - 1),
            tso: oldest.resolvedBefore
        )
    }

    package func head() throws -> Mark { Mark(try reader.head()) }

    package func cursor(after sequence: SequenceNumber) throws -> any EntryCursor {
        Cursor(cursor: try reader.cursor(after: sequence))
    }

    /// The point behind everything that happened up to a timestamp.
    ///
    /// - Throws: `JournalError`.
    package func mark(through timestamp: HybridTimestamp) throws -> Mark {
        Mark(sequence: try reader.cursor(through: timestamp).sequence, tso: timestamp)
    }

    package func follow(_ tell: @escaping @Sendable (Mark) -> Void) async throws {
        if let writer {
            for await head in writer.heads() { tell(Mark(head)) }
            // The writer was closed; another one may go on with the journal.
        }
        var last: Mark?
        while !Task.isCancelled {
            let head = try self.head()
            if head != last {
                tell(head)
                last = head
            }
            try await Task.sleep(for: Self.pollInterval)
        }
    }

    private struct Cursor: EntryCursor {
        var cursor: JournalCursor

        var definitions: Definitions { cursor.definitions }

        mutating func next() throws -> EntryPiece? {
            guard let piece = try cursor.next() else { return nil }
            return EntryPiece(entries: piece.entries, commit: piece.commit.map(Mark.init))
        }
    }
}

extension Mark {
    init(_ head: JournalHead) { self.init(sequence: head.sequence, tso: head.resolved) }
}
