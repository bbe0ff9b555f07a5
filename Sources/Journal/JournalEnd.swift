internal import Operations

/// The end of a journal that is being written: places frames, writes them, syncs, and knows what is durable.
///
/// Used by one thread at a time. `point` moves only after a sync that succeeded.
struct JournalEnd: ~Copyable {
    let directory: JournalDirectory
    private let segmentSizeMaxBytes: Int
    private let segmentAgeMax: Duration?
    private let reserveBytes: Int
    private let epoch: UInt64
    private let surroundings: Surroundings
    private var compressor: FrameCompressor
    private(set) var segment: Segment
    /// The last durable commit.
    private(set) var point: CommitPoint
    private var head: HeadFile
    /// Whether nothing more may be written to the segment: what was written since the last success of a
    /// sync that then failed may be lost even if a later sync succeeds.
    private var isPoisoned = false
    /// Of the segment, up to `point`; nil if it was begun by an earlier writer.
    private var index: SegmentIndex?
    /// Full segments whose footers could not be written, oldest first.
    private var unsealed: [FullSegment]

    init(
        _ recovered: RecoveredJournal,
        options: JournalOptions,
        surroundings: Surroundings
    ) {
        directory = recovered.directory
        segmentSizeMaxBytes = options.segmentSizeMaxBytes
        segmentAgeMax = options.segmentAgeMax
        reserveBytes = options.reserveBytes
        epoch = recovered.epoch
        self.surroundings = surroundings
        compressor = FrameCompressor(level: options.compressionLevel)
        segment = recovered.segment
        point = recovered.point
        head = recovered.head
        unsealed = recovered.unsealed
    }

    /// Writes batches one behind another and syncs once.
    ///
    /// The definitions are those as of the last durable commit; they are asked for only if a new segment
    /// begins.
    /// - Returns: The head that each batch left.
    /// - Throws: `JournalError`. After `full` everything is as it was before; after anything else the
    ///   journal must not be written any more.
    mutating func append(
        _ batches: inout [EncodedBatch],
        definitions: () -> Definitions
    ) throws -> [JournalHead] {
        try expectRoom()
        if isPoisoned || isFull { try roll(definitions()) }
        do {
            return try write(&batches)
        } catch let failure as StorageFailure {
            try giveUp(on: failure)
        }
        // Once more, in a file that has not failed.
        try rollOnFailure(definitions())
        do {
            return try write(&batches)
        } catch let failure as StorageFailure {
            try giveUp(on: failure)
            throw JournalError(
                failure,
                "Segment \(segment.name) cannot be written, nor could the one before"
            )
        }
    }

    /// Goes on in a new segment because the present one failed.
    ///
    /// - Throws: `JournalError`, never `full`: until the new segment is there and says where this one ends, a
    ///   later opening may find in it whole what was just written.
    private mutating func rollOnFailure(_ definitions: Definitions) throws {
        do {
            try roll(definitions)
        } catch let error as JournalError where error.code == .full {
            throw JournalError(
                .io,
                "Segment \(segment.name) failed, and there is no room for another one.",
                hint: "Make room and start again; nothing acknowledged is lost.",
                cause: error
            )
        }
    }

    /// Whether the segment is large or old enough; an empty one never is.
    private var isFull: Bool {
        if point.end >= segmentSizeMaxBytes { return true }
        guard let segmentAgeMax, point.head.batch > segment.header.batches else { return false }
        let age = surroundings.unixMilliseconds() - segment.header.createdUnixMilliseconds
        return .milliseconds(age) >= segmentAgeMax
    }

    /// - Throws: `JournalError` with code `full` while the disk has less room than the reserve.
    private func expectRoom() throws {
        let free: Int
        do {
            free = try directory.storage.freeBytes(directory: directory.path)
        } catch {
            throw JournalError(error, "The room in \(directory.path) cannot be told")
        }
        guard free < reserveBytes else { return }
        throw JournalError(
            .full,
            "The disk of \(directory.path) has \(free >> 20) MiB left, of which \(reserveBytes >> 20) MiB "
                + "are kept free.",
            hint: "Make room; reading goes on by itself, and nothing is lost."
        )
    }

    /// Tells readers in other processes how far the journal is durable.
    ///
    /// - Throws: `StorageFailure`.
    mutating func publish() throws { try head.write(HeadRecord(point, in: segment)) }

    /// Decides what a failed write leaves: a full disk takes the bytes back and throws; anything else
    /// poisons the segment.
    private mutating func giveUp(on failure: StorageFailure) throws {
        isPoisoned = true
        guard failure.code == .full, failure.call != StorageFailure.syncCall else { return }
        do {
            // What was written in part must not be found behind a later, shorter batch.
            try segment.file.truncate(to: point.end)
            isPoisoned = false
        } catch {
            // The next append goes to a new segment.
        }
        throw JournalError(failure, "Segment \(segment.name) cannot be written")
    }

    private mutating func write(_ batches: inout [EncodedBatch]) throws -> [JournalHead] {
        var output = PieceWriter(segment.file, at: point.end)
        var next = point
        var nextIndex = index
        var heads: [JournalHead] = []
        for number in batches.indices {
            var sequence = next.head.sequence.next
            for frame in batches[number].frames.indices {
                batches[number].frames[frame].place(place(sequence, batch: next.head.batch + 1))
                let placed = batches[number].frames[frame]
                nextIndex?.add(placed.header, at: output.offset, placed.counts)
                try output.write(placed.bytes)
                sequence = placed.header.lastSequence.next
            }
            next.start = output.offset
            let commit = try commit(batches[number], after: &next)
            try output.write(commit.bytes)
            next.end = output.offset
            nextIndex?.add(next)
            heads.append(next.head)
        }
        try output.finish()
        try segment.file.sync()
        point = next
        index = nextIndex
        return heads
    }

    /// Makes the commit frame of a batch and moves `next` behind it.
    private mutating func commit(
        _ batch: EncodedBatch,
        after next: inout CommitPoint
    ) throws -> EncodedFrame {
        let first = next.head.sequence.next
        let number = next.head.batch + 1
        let chain = next.chain.extended(
            batch: number,
            firstSequence: first,
            count: batch.count,
            digest: batch.digest,
            position: batch.position
        )
        let record = CommitRecord(
            unixMilliseconds: surroundings.unixMilliseconds(),
            epoch: epoch,
            chainBefore: next.chain,
            chain: chain,
            position: batch.position
        )
        var frame = try EncodedFrame(
            kind: .commit,
            record: record.encoded(),
            low: next.head.resolved,
            high: batch.position.resolved,
            compressor: &compressor
        )
        frame.place(place(first, batch: number, count: batch.count))
        next.head = JournalHead(
            sequence: SequenceNumber(rawValue: next.head.sequence.rawValue + batch.count),
            resolved: batch.position.resolved,
            batch: number,
            position: batch.position
        )
        next.chain = chain
        next.epoch = epoch
        return frame
    }

    private func place(
        _ first: SequenceNumber,
        batch: UInt64,
        count: UInt64? = nil
    ) -> FramePlace {
        FramePlace(
            seed: segment.seed,
            firstSequence: first,
            count: count,
            batch: batch,
            durableThrough: point.head.sequence,
            durableBytes: point.end
        )
    }

    /// Goes on in a new segment.
    private mutating func roll(_ definitions: Definitions) throws {
        let header = SegmentHeader(
            journal: segment.header.journal,
            segment: surroundings.id(),
            ordinal: segment.header.ordinal + 1,
            firstSequence: point.head.sequence.next,
            resolved: point.head.resolved,
            batches: point.head.batch,
            epoch: epoch,
            createdUnixMilliseconds: surroundings.unixMilliseconds(),
            chain: point.chain,
            previous: .init(segment: segment.header.segment, committedBytes: point.end),
            isBehindGivenUp: isPoisoned,
            source: segment.header.source
        )
        let opening = try OpeningRecord(position: point.head.position, definitions: definitions)
            .frame(resolved: point.head.resolved, compressor: &compressor)
        let full = FullSegment(segment: segment, committedBytes: point.end, index: index)
        (segment, point.end) = try Segment.create(header, opening: opening, in: directory)
        point.start = SegmentHeader.size
        if !isPoisoned { seal(full) }
        index = SegmentIndex(chain: point.chain)
        isPoisoned = false
    }

    /// Ends segments with their footers, the oldest first.
    ///
    /// The next segment says where one ends, so the footer is not needed for anything to be safe. Where it cannot
    /// be written, the next roll tries again, and then the next opening.
    private mutating func seal(_ full: FullSegment) {
        unsealed.append(full)
        do {
            try unsealed.seal(&compressor)
        } catch {
            // Nothing is lost: it holds nothing that the frames do not.
            if unsealed.count > 1 { unsealed[unsealed.count - 1].index = nil }
        }
    }
}

/// Writes pieces one behind another: small ones gathered, large ones as they are.
private struct PieceWriter {
    private let file: any StorageFile
    private var gathered: [UInt8] = []
    private var gatheredStart: Int
    /// Where the next piece goes.
    private(set) var offset: Int

    /// From here on gathering costs more than another call.
    private static let largeBytes = 128 << 10

    init(_ file: any StorageFile, at offset: Int) {
        self.file = file
        self.offset = offset
        gatheredStart = offset
    }

    mutating func write(_ bytes: [UInt8]) throws(StorageFailure) {
        if bytes.count >= Self.largeBytes {
            try finish()
            try file.write(bytes, at: offset)
            offset += bytes.count
            gatheredStart = offset
        } else {
            gathered += bytes
            offset += bytes.count
            if gathered.count >= Self.largeBytes { try finish() }
        }
    }

    /// Writes what is gathered.
    mutating func finish() throws(StorageFailure) {
        guard !gathered.isEmpty else { return }
        try file.write(gathered, at: gatheredStart)
        gathered.removeAll(keepingCapacity: true)
        gatheredStart = offset
    }
}
