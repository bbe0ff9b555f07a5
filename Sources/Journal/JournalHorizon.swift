internal import Operations
internal import Synchronization

/// How far a reader may see.
///
/// While a writer holds the lock, `HEAD` decides: bytes behind it may not be durable yet, and a crash would
/// take back what a reader has seen. Without a writer nothing changes any more, but `HEAD` may be behind, so the
/// last segment is searched for its last commit by the rule by which a writer would recover it.
final class JournalHorizon: Sendable {
    /// The end of what can be read.
    struct Edge: Sendable {
        /// The segment that the end lies in.
        var ordinal: UInt64
        var end: Int
        /// Where the last commit frame begins, or the opening frame.
        var commitStart: Int
        /// Acknowledged data behind the end that cannot be read.
        var damage: JournalError?
    }

    /// What was found without a writer, and for which file.
    private struct Search {
        var segment: SegmentName
        var fileBytes: Int
        var edge: Edge
    }

    private struct State {
        var edge: Edge?
        var search: Search?
        var lock: (any StorageFile)?
    }

    let directory: JournalDirectory
    private let journal: JournalID
    private let decoder: FrameDecoder
    private let state = Mutex(State())

    init(_ directory: JournalDirectory, journal: JournalID, decoder: FrameDecoder) {
        self.directory = directory
        self.journal = journal
        self.decoder = decoder
    }

    /// The end as of now; it never goes back.
    ///
    /// - Throws: `JournalError`.
    func edge() throws -> Edge {
        try state.withLock { state in
            var found = try look(&state)
            if let known = state.edge, (known.ordinal, known.end) > (found.ordinal, found.end) {
                found = known
            }
            state.edge = found
            return found
        }
    }

    private func look(_ state: inout State) throws -> Edge {
        // Twice, because a writer may come while the search goes on; what was found is then worth nothing.
        if try isBeingWritten(&state) { return try published() }
        let searched = try search(&state)
        return try isBeingWritten(&state) ? published() : searched
    }

    private func isBeingWritten(_ state: inout State) throws -> Bool {
        do {
            if state.lock == nil {
                state.lock = try directory.storage.open(directory.lock, for: .reading)
            }
            return try state.lock?.isLockedByOther() ?? false
        } catch  where error.code == .notFound {
            return false
        } catch {
            throw JournalError(error, "The journal's lock cannot be looked at")
        }
    }

    /// What the writer says.
    private func published() throws -> Edge {
        guard let head = try ownHead() else {
            // A writer that has just begun, or somebody removed HEAD: the last segment may hold something,
            // but nobody says so.
            guard let last = try directory.segments().last else { throw Self.notFound(directory) }
            return Edge(ordinal: last.ordinal, end: 0, commitStart: SegmentHeader.size)
        }
        return Edge(
            ordinal: head.ordinal,
            end: head.committedBytes,
            commitStart: head.commitStart
        )
    }

    /// What the files say.
    private func search(_ state: inout State) throws -> Edge {
        guard let last = try directory.segments().last else { throw Self.notFound(directory) }
        let segment = try Segment.open(last, in: directory, for: .reading)
        let fileBytes = try segment.size()
        if let search = state.search, search.segment == last, search.fileBytes == fileBytes {
            return search.edge
        }
        let head = try ownHead()
        if let head, head.ordinal == last.ordinal, head.committedBytes == fileBytes {
            return Edge(ordinal: last.ordinal, end: fileBytes, commitStart: head.commitStart)
        }
        let scan = try TailScan.run(segment, decoder: decoder)
        try makeDurable(segment)
        var edge = Edge(ordinal: last.ordinal, end: scan.point.end, commitStart: scan.point.start)
        if case .lost(let offset, let reason) = scan.tail {
            edge.damage = JournalError(
                FormatFailure(reason),
                at: offset,
                of: last.description
            )
        } else if let head, head.batch > scan.point.head.batch {
            edge.damage = JournalError(
                .corrupt,
                "\(last) ends at byte \(scan.point.end) with batch \(scan.point.head.batch), but HEAD says "
                    + "that batch \(head.batch) was durable."
            )
        }
        state.search = Search(segment: last, fileBytes: fileBytes, edge: edge)
        return edge
    }

    /// What nobody vouches for may be in the page cache alone: what a reader has seen must not go with it.
    private func makeDurable(_ segment: Segment) throws {
        do {
            try segment.file.sync()
        } catch  where error.code == .readOnly {
            // Nothing can be written there, so nothing waits to be.
        } catch {
            throw JournalError(error, "Segment \(segment.name) cannot be made durable")
        }
    }

    private func ownHead() throws -> HeadRecord? {
        let head = try directory.newestHead()
        return head?.journal == journal ? head : nil
    }

    static func notFound(_ directory: JournalDirectory) -> JournalError {
        JournalError(.notFound, "There is no journal in \(directory.path).")
    }
}
