package import Operations

/// Reads a journal, in the writer's process or another.
///
/// Takes no lock and sees only committed batches. Cursors of one reader share what they decode, so whoever
/// follows a journal several times opens it once.
package struct JournalReader: Sendable {
    /// Which journal this is.
    package let identity: JournalIdentity
    private let horizon: JournalHorizon
    private let decoder: FrameDecoder
    private let recent = RecentFrames()
    private let indexes = SeekIndexes()

    private var directory: JournalDirectory { horizon.directory }

    /// Opens the journal in a directory.
    ///
    /// - Throws: `JournalError`: `notFound` if there is none, `corrupt`, `refused` for a newer format, `io`.
    package static func open(
        at directory: String,
        storage: any Storage = PosixStorage()
    ) throws -> JournalReader {
        let directory = JournalDirectory(path: directory, storage: storage)
        guard let name = try directory.segments().last else {
            throw JournalHorizon.notFound(directory)
        }
        let header = try Segment.open(name, in: directory, for: .reading).header
        let decoder = FrameDecoder()
        return JournalReader(
            identity: JournalIdentity(
                journal: header.journal,
                source: header.source,
                formatVersion: JournalFormat.version
            ),
            horizon: JournalHorizon(directory, journal: header.journal, decoder: decoder),
            decoder: decoder
        )
    }

    /// The last committed batch, as of now.
    ///
    /// - Throws: `JournalError`.
    package func head() throws -> JournalHead {
        let edge = try horizon.edge()
        guard let name = try directory.segments().first(where: { $0.ordinal == edge.ordinal })
        else { throw JournalHorizon.notFound(directory) }
        let segment = try Segment.open(name, in: directory, for: .reading)
        return try segment.head(at: edge, decoder: decoder)
    }

    /// A cursor whose next entry is the one after `sequence`; pass zero for the beginning.
    ///
    /// - Throws: `JournalError`: `notFound` if the journal no longer, or not yet, goes there; `corrupt`; `io`.
    package func cursor(after sequence: SequenceNumber) throws -> JournalCursor {
        try cursor(.after(sequence))
    }

    /// A cursor behind everything that happened up to a timestamp, as far as the journal goes.
    ///
    /// - Throws: `JournalError`, as above.
    package func cursor(through timestamp: HybridTimestamp) throws -> JournalCursor {
        try cursor(.through(timestamp))
    }

    private func cursor(_ place: JournalCursor.Place) throws -> JournalCursor {
        try JournalCursor(
            place,
            horizon: horizon,
            decoder: decoder,
            recent: recent,
            indexes: indexes
        )
    }

    /// The journal's files, oldest first.
    ///
    /// - Throws: `JournalError`.
    package func segments() throws -> [SegmentSummary] {
        var attempts = 0
        while true {
            do {
                return try listed()
            } catch let error as JournalError where error.code == .notFound && attempts < 3 {
                // Retention was faster than the listing.
                attempts += 1
            }
        }
    }

    private func listed() throws -> [SegmentSummary] {
        let edge = try horizon.edge()
        let names = try directory.segments().filter { $0.ordinal <= edge.ordinal }
        let segments = try SegmentGlance.all(names, in: directory)
        return try segments.enumerated().map { index, segment in
            let next = index + 1 < segments.count ? segments[index + 1].header : nil
            let header = segment.header
            let head = next == nil ? try head(of: header.name, at: edge) : nil
            let last = next.map { SequenceNumber(rawValue: $0.firstSequence.rawValue - 1) }
            return SegmentSummary(
                name: header.name.description,
                id: header.segment,
                ordinal: header.ordinal,
                firstSequence: header.firstSequence,
                lastSequence: last ?? head?.sequence ?? .zero,
                resolvedBefore: header.resolved,
                resolved: next?.resolved ?? head?.resolved ?? .zero,
                committedBytes: next?.previous?.committedBytes ?? edge.end,
                fileBytes: segment.fileBytes,
                createdUnixMilliseconds: header.createdUnixMilliseconds
            )
        }
    }

    private func head(of name: SegmentName, at edge: JournalHorizon.Edge) throws -> JournalHead {
        try Segment.open(name, in: directory, for: .reading).head(at: edge, decoder: decoder)
    }
}

extension Segment {
    /// The head that the last commit before an edge left.
    fileprivate func head(
        at edge: JournalHorizon.Edge,
        decoder: FrameDecoder
    ) throws -> JournalHead {
        do {
            var reader = FrameReader(self, limit: try file.size())
            let frame = try reader.header(at: edge.commitStart)
            let raw = try decoder.raw(try reader.stored(frame, at: edge.commitStart), frame)
            guard frame.kind == .commit else {
                let position = try OpeningRecord(decoding: raw).position
                return JournalHead(
                    sequence: SequenceNumber(rawValue: header.firstSequence.rawValue - 1),
                    resolved: header.resolved,
                    batch: header.batches,
                    position: position
                )
            }
            return JournalHead(
                sequence: frame.lastSequence,
                resolved: frame.highTimestamp,
                batch: frame.batch,
                position: try CommitRecord(decoding: raw).position
            )
        } catch let failure as StorageFailure {
            throw JournalError(failure, "Segment \(name) cannot be read")
        } catch {
            throw JournalError(error, at: edge.commitStart, of: name.description)
        }
    }
}
