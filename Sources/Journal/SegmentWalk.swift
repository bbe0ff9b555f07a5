internal import Operations

/// Where a journal stands after a commit.
struct CommitPoint: Hashable, Sendable {
    var head: JournalHead
    var chain: Chain
    var epoch: UInt64
    /// Where in its segment the commit frame begins; the opening frame if there was no commit yet.
    var start: Int
    /// Where in its segment the commit ends.
    var end: Int
}

/// Goes through one segment frame by frame and holds each against those before it.
///
/// The one place that knows how frames follow one another: cursors, recovery and verification all walk.
struct SegmentWalk: Sendable {
    /// A frame whose header is sound and in its place.
    struct Step: Sendable {
        let header: FrameHeader
        let offset: Int
        /// What a commit frame holds.
        var commit: CommitRecord?

        /// Where the frame lies.
        var bytes: Range<Int> { offset..<(offset + header.frameBytes) }
    }

    private(set) var reader: FrameReader
    private let decoder: FrameDecoder
    /// Where the next frame begins.
    private(set) var offset: Int
    /// Where the frame begins that was last looked at: after an error, the one at fault.
    private(set) var touched: Int
    /// The last commit that was passed; the segment's start before the first.
    private(set) var point: CommitPoint
    /// Definitions as of the segment's start.
    let openingDefinitions: Definitions
    /// The sequence number that the next entry has.
    private(set) var nextSequence: SequenceNumber
    private var lastTimestamp: HybridTimestamp
    private(set) var isBehindDamage = false

    var segment: Segment { reader.segment }

    /// Begins at the start of a segment, whose opening frame is read; the walk ends at the limit.
    ///
    /// - Throws: `JournalError`; an opening is durable before the segment has its name, so a bad one is damage.
    init(_ segment: Segment, limit: Int, decoder: FrameDecoder) throws {
        self.decoder = decoder
        let start = SegmentHeader.size
        do {
            var opener = FrameReader(segment, limit: try segment.file.size())
            let header = try opener.header(at: start)
            guard header.kind == .opening else { throw FormatFailure("no opening frame") }
            let opening = try OpeningRecord(
                decoding: try decoder.raw(try opener.stored(header, at: start), header)
            )
            offset = start + header.frameBytes
            touched = start
            // Not the opener, which has read ahead what may not be committed yet.
            reader = FrameReader(segment, limit: max(limit, offset))
            openingDefinitions = opening.definitions
            nextSequence = segment.header.firstSequence
            lastTimestamp = segment.header.resolved
            let last = SequenceNumber(rawValue: nextSequence.rawValue - 1)
            point = CommitPoint(
                head: JournalHead(
                    sequence: last,
                    resolved: lastTimestamp,
                    batch: segment.header.batches,
                    position: opening.position
                ),
                chain: segment.header.chain,
                epoch: segment.header.epoch,
                start: start,
                end: offset
            )
        } catch let failure as StorageFailure {
            throw JournalError(failure, "Segment \(segment.name) cannot be read")
        } catch {
            throw JournalError(error, at: start, of: segment.name.description)
        }
    }

    /// Goes on behind a commit that an index names.
    ///
    /// - Throws: `FormatFailure` if there is no such commit.
    mutating func jump(behind commit: SegmentIndex.Commit) throws {
        touched = commit.offset
        let header = try reader.header(at: commit.offset)
        guard header.kind == .commit, header.batch == commit.batch,
            header.lastSequence == commit.sequence, header.highTimestamp == commit.resolved
        else { throw FormatFailure("another frame than the segment's index says") }
        let stored = try reader.stored(header, at: commit.offset)
        let record = try CommitRecord(decoding: try decoder.raw(stored, header))
        offset = commit.offset + header.frameBytes
        nextSequence = header.lastSequence.next
        lastTimestamp = header.highTimestamp
        point = CommitPoint(
            head: JournalHead(
                sequence: header.lastSequence,
                resolved: header.highTimestamp,
                batch: header.batch,
                position: record.position
            ),
            chain: record.chain,
            epoch: record.epoch,
            start: commit.offset,
            end: offset
        )
    }

    /// The entries of a frame of entries anywhere before the limit, as an index names it.
    mutating func entries(of frame: SegmentIndex.DefinitionFrame) throws -> [Entry] {
        touched = frame.offset
        let header = try reader.header(at: frame.offset)
        guard header.kind == .entries, header.firstSequence == frame.firstSequence else {
            throw FormatFailure("another frame than the segment's index says")
        }
        let stored = try reader.stored(header, at: frame.offset)
        return try EntryRecord.entries(in: try decoder.raw(stored, header), of: header)
    }

    /// Lets the walk go further.
    mutating func extend(to limit: Int) { reader.extend(to: limit) }

    /// Whether the walk is at its limit.
    var isAtLimit: Bool { offset >= reader.limit }

    /// The header of the next frame; nil at the limit.
    mutating func peek() throws -> FrameHeader? {
        guard !isAtLimit else { return nil }
        touched = offset
        return try reader.header(at: offset)
    }

    /// Goes on behind damage, at a frame that was found there: what it says is taken for granted up to the
    /// next commit.
    ///
    /// The header is nil if none was found before the limit.
    mutating func resume(at newOffset: Int, _ header: FrameHeader?) {
        offset = newOffset
        isBehindDamage = true
        guard let header else { return }
        nextSequence = header.kind == .commit ? header.lastSequence.next : header.firstSequence
        lastTimestamp = min(lastTimestamp, header.lowTimestamp)
        point.head = JournalHead(
            sequence: point.head.sequence,
            resolved: point.head.resolved,
            batch: header.batch &- 1,
            position: point.head.position
        )
    }

    /// The next frame; nil at the limit.
    ///
    /// - Throws: `FormatFailure`, `CodingFailure`, `ZstdFailure` or `StorageFailure`; `offset` stays.
    mutating func next() throws -> Step? {
        guard let header = try peek() else { return nil }
        var step = Step(header: header, offset: offset)
        switch header.kind {
        case .opening: throw FormatFailure("a second opening frame")
        case .footer: break
        case .entries:
            try expectInPlace(header, first: nextSequence)
            guard header.count > 0 else { throw FormatFailure("a frame without entries") }
            nextSequence = header.lastSequence.next
            lastTimestamp = header.highTimestamp
        case .commit: step.commit = try pass(header)
        }
        offset += header.frameBytes
        return step
    }

    /// The stored bytes of a frame, once they pass their checksum.
    mutating func stored(_ step: Step) throws -> ArraySlice<UInt8> {
        touched = step.offset
        return try reader.stored(step.header, at: step.offset)
    }

    /// The raw bytes of a frame.
    mutating func raw(_ step: Step) throws -> ArraySlice<UInt8> {
        try decoder.raw(try stored(step), step.header)
    }

    private mutating func pass(_ header: FrameHeader) throws -> CommitRecord {
        try expectInPlace(header, first: isBehindDamage ? nil : point.head.sequence.next)
        guard header.lastSequence.next == nextSequence else {
            throw FormatFailure(
                "a commit through entry \(header.lastSequence), before entry \(nextSequence)"
            )
        }
        let record = try CommitRecord(
            decoding: try decoder.raw(try reader.stored(header, at: offset), header)
        )
        guard record.chainBefore == point.chain || isBehindDamage else {
            throw FormatFailure("a commit whose chain does not continue the one before")
        }
        guard record.position.resolved == header.highTimestamp else {
            throw FormatFailure("a commit with two resolved timestamps")
        }
        lastTimestamp = header.highTimestamp
        isBehindDamage = false
        point = CommitPoint(
            head: JournalHead(
                sequence: header.lastSequence,
                resolved: header.highTimestamp,
                batch: header.batch,
                position: record.position
            ),
            chain: record.chain,
            epoch: record.epoch,
            start: offset,
            end: offset + header.frameBytes
        )
        return record
    }

    /// Holds a header against the sequence number that is due; nil if that is not known.
    private func expectInPlace(_ header: FrameHeader, first: SequenceNumber?) throws {
        guard header.batch == point.head.batch &+ 1,
            header.firstSequence == first ?? header.firstSequence
        else {
            throw FormatFailure(
                "batch \(header.batch) from entry \(header.firstSequence), where batch "
                    + "\(point.head.batch &+ 1) from entry \(first ?? header.firstSequence) was due"
            )
        }
        guard header.lowTimestamp >= lastTimestamp || header.kind == .commit,
            header.highTimestamp >= lastTimestamp
        else { throw FormatFailure("batch \(header.batch) goes back in time") }
    }
}
