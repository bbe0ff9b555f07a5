package import Operations
internal import Synchronization

/// A journal that is kept in memory, for tests.
package final class InMemoryJournal: EntrySource {
    private struct State {
        var pieces: [EntryPiece] = []
        var head = Mark.start
        var watchers: [Int: AsyncStream<Mark>.Continuation] = [:]
        var watchersSoFar = 0
    }

    private let state = Mutex(State())
    /// A cursor gives at most this many entries at once.
    private let pieceEntriesMax: Int

    package init(pieceEntriesMax: Int = 1_000) { self.pieceEntriesMax = pieceEntriesMax }

    /// Appends a batch, numbering its operations.
    @discardableResult
    package func append(
        _ operations: [StampedOperation],
        resolved: HybridTimestamp
    ) -> Mark {
        state.withLock { state in
            var sequence = state.head.sequence
            let entries = operations.map { stamped in
                sequence = sequence.next
                return Entry(
                    sequence: sequence,
                    timestamp: stamped.timestamp,
                    operation: stamped.operation
                )
            }
            state.head = Mark(sequence: sequence, tso: resolved)
            var rest = entries[...]
            while rest.count > pieceEntriesMax {
                state.pieces.append(
                    EntryPiece(entries: Array(rest.prefix(pieceEntriesMax)), commit: nil)
                )
                rest = rest.dropFirst(pieceEntriesMax)
            }
            state.pieces.append(EntryPiece(entries: Array(rest), commit: state.head))
            for watcher in state.watchers.values { watcher.yield(state.head) }
            return state.head
        }
    }

    package func start() -> Mark { .start }

    package func head() -> Mark { state.withLock(\.head) }

    package func cursor(after sequence: SequenceNumber) -> any EntryCursor {
        Cursor(journal: self, after: sequence)
    }

    package func follow(_ tell: @escaping @Sendable (Mark) -> Void) async throws {
        let (stream, continuation) = AsyncStream.makeStream(
            of: Mark.self,
            bufferingPolicy: .bufferingNewest(1)
        )
        let number = state.withLock { state in
            state.watchersSoFar += 1
            state.watchers[state.watchersSoFar] = continuation
            continuation.yield(state.head)
            return state.watchersSoFar
        }
        defer { state.withLock { $0.watchers[number] = nil } }
        for await head in stream { tell(head) }
    }

    private struct Cursor: EntryCursor {
        let journal: InMemoryJournal
        var definitions = Definitions()
        /// The place in `pieces`.
        var place = 0
        /// Entries up to here are passed over.
        let after: SequenceNumber

        init(journal: InMemoryJournal, after: SequenceNumber) {
            self.journal = journal
            self.after = after
            journal.state.withLock { state in
                while place < state.pieces.count, let last = state.pieces[place].entries.last,
                    last.sequence <= after
                {
                    pass(state.pieces[place])
                }
                // Within a piece, the fold goes on up to the cursor's place.
                guard place < state.pieces.count else { return }
                for entry in state.pieces[place].entries where entry.sequence <= after {
                    definitions.apply(entry.operation)
                }
            }
        }

        private mutating func pass(_ piece: EntryPiece) {
            for entry in piece.entries { definitions.apply(entry.operation) }
            place += 1
        }

        mutating func next() -> EntryPiece? {
            let piece: EntryPiece? = journal.state.withLock { state in
                place < state.pieces.count ? state.pieces[place] : nil
            }
            guard let piece else { return nil }
            place += 1
            let entries = piece.entries.filter { $0.sequence > after }
            for entry in entries { definitions.apply(entry.operation) }
            return EntryPiece(entries: entries, commit: piece.commit)
        }
    }
}
