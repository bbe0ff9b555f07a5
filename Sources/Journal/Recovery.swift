internal import Operations

/// A journal that was opened for writing and is in order.
struct RecoveredJournal {
    let directory: JournalDirectory
    let lock: JournalLock
    let epoch: UInt64
    let segment: Segment
    let point: CommitPoint
    let definitions: Definitions
    let head: HeadFile
    /// Full segments whose footers could not be written.
    var unsealed: [FullSegment] = []
    let report: RecoveryReport
}

/// Opens a journal for writing after whatever ended the last writer.
///
/// A torn tail and lost data are different events. Bytes behind the last commit that nothing vouches for
/// were never acknowledged: they are cut, and kept in `quarantine/`. Bytes that a later frame, `HEAD`, the
/// next segment or a witness vouches for were acknowledged: then the journal is not opened.
struct Recovery {
    let directory: JournalDirectory
    let source: String
    let options: JournalOptions
    let surroundings: Surroundings
    let witness: SequenceNumber?

    func run() throws -> RecoveredJournal {
        guard source.utf8.count <= SegmentHeader.sourceSizeMaxBytes else {
            throw JournalError(
                .refused,
                "The source's name takes \(source.utf8.count) bytes; a journal has room for "
                    + "\(SegmentHeader.sourceSizeMaxBytes)."
            )
        }
        try io("The journal's directory cannot be made") {
            try directory.storage.create(directory: directory.path)
        }
        let lock = try JournalLock.take(directory)
        // What keeps it from being finished is told by the next run that is asked for.
        try? Retention(directory).resume(now: surroundings.unixMilliseconds())
        let (names, unfinished) = try directory.listing()
        for path in unfinished {
            try io("A segment that was never finished cannot be removed") {
                try directory.storage.remove(path)
            }
        }
        let head = try directory.newestHead()
        guard let last = try SegmentChain(directory, names).check() else {
            return try begin(lock, head)
        }
        return try resume(last, lock, head, finishSealing(names, last))
    }

    /// Ends full segments with their footers, if the last writer did not come to it.
    ///
    /// Those that lack one lie behind one another, right before the last segment; so that this stays so, the oldest
    /// comes first.
    ///
    /// - Returns: Those that could not be ended now.
    private func finishSealing(_ names: [SegmentName], _ last: Segment) -> [FullSegment] {
        var unsealed: [FullSegment] = []
        var next = last
        do {
            for name in names.dropLast().reversed() {
                guard let end = next.header.previous?.committedBytes else { break }
                let isGivenUp = next.header.isBehindGivenUp
                next = try Segment.open(name, in: directory, for: .writing)
                guard !isGivenUp else { continue }
                let footer = try SegmentFooter(
                    of: next,
                    committedBytes: end,
                    decoder: FrameDecoder()
                )
                guard footer.index == nil else { break }
                unsealed.insert(FullSegment(segment: next, committedBytes: end), at: 0)
            }
            var compressor = FrameCompressor(level: options.compressionLevel)
            try unsealed.seal(&compressor)
        } catch {
            // Whatever is wrong with it is told to whoever reads it.
        }
        return unsealed
    }

    /// Begins a journal in an empty directory.
    private func begin(_ lock: JournalLock, _ head: HeadRecord?) throws -> RecoveredJournal {
        if let head, head.batch > 0 {
            throw JournalError(
                .corrupt,
                "\(directory.path) holds no segment, but its HEAD says that \(head.batch) batches were "
                    + "durable.",
                hint: "Restore the segments from the archive, or begin in an empty directory."
            )
        }
        if let witness, witness > .zero {
            throw lostTail(witness, .zero)
        }
        let epoch = lock.lastEpoch + 1
        try lock.sign(epoch: epoch)
        let header = SegmentHeader(
            journal: surroundings.id(),
            segment: surroundings.id(),
            ordinal: 1,
            firstSequence: SequenceNumber.zero.next,
            resolved: .zero,
            batches: 0,
            epoch: epoch,
            createdUnixMilliseconds: surroundings.unixMilliseconds(),
            chain: .start,
            previous: nil,
            source: source
        )
        var compressor = FrameCompressor(level: options.compressionLevel)
        let opening = try OpeningRecord(position: nil, definitions: Definitions())
            .frame(resolved: .zero, compressor: &compressor)
        let (segment, end) = try Segment.create(header, opening: opening, in: directory)
        let point = CommitPoint(
            head: .empty,
            chain: .start,
            epoch: epoch,
            start: SegmentHeader.size,
            end: end
        )
        let report = RecoveryReport(isNew: true, head: .empty, tornTail: nil, epoch: epoch)
        return RecoveredJournal(
            directory: directory,
            lock: lock,
            epoch: epoch,
            segment: segment,
            point: point,
            definitions: Definitions(),
            head: try publish(point, in: segment),
            report: report
        )
    }

    /// Finds the end of a journal and puts it in order.
    private func resume(
        _ segment: Segment,
        _ lock: JournalLock,
        _ head: HeadRecord?,
        _ unsealed: [FullSegment]
    ) throws -> RecoveredJournal {
        guard segment.header.source == source else {
            throw JournalError(
                .refused,
                "\(directory.path) is the journal of source “\(segment.header.source)”, not of "
                    + "“\(source)”."
            )
        }
        let scan = try TailScan.run(segment, decoder: FrameDecoder())
        if case .lost(let offset, let reason) = scan.tail {
            throw JournalError(
                .corrupt,
                "\(segment.name) at byte \(offset): \(reason). Acknowledged entries after "
                    + "\(scan.point.head.sequence) cannot be read.",
                hint: "Restore this segment from the archive, or read on from the source."
            )
        }
        try checkWitnesses(segment, scan, head)
        let torn = try cutTornTail(segment, scan)
        try rewriteUnvouched(segment, scan, head)
        let epoch = max(lock.lastEpoch, scan.point.epoch) + 1
        try lock.sign(epoch: epoch)
        let report = RecoveryReport(
            isNew: false,
            head: scan.point.head,
            tornTail: torn,
            epoch: epoch
        )
        return RecoveredJournal(
            directory: directory,
            lock: lock,
            epoch: epoch,
            segment: segment,
            point: scan.point,
            definitions: scan.definitions,
            head: try publish(scan.point, in: segment),
            unsealed: unsealed,
            report: report
        )
    }

    /// Holds the end that was found against everybody who has seen it.
    private func checkWitnesses(
        _ segment: Segment,
        _ scan: TailScan,
        _ head: HeadRecord?
    ) throws {
        let found = scan.point
        if let head {
            guard head.journal == segment.header.journal else {
                throw JournalError(
                    .refused,
                    "HEAD in \(directory.path) belongs to journal \(head.journal), the segments to "
                        + "\(segment.header.journal).",
                    hint: "If the segments were copied here, remove HEAD."
                )
            }
            guard head.ordinal <= segment.header.ordinal, head.batch <= found.head.batch else {
                throw JournalError(
                    .corrupt,
                    "\(segment.name) ends at byte \(found.end) with batch \(found.head.batch), but "
                        + "HEAD says that batch \(head.batch) (entry \(head.sequence), byte "
                        + "\(head.committedBytes) of segment \(head.ordinal)) was durable.",
                    hint:
                        "Restore the segment from the archive. If this is a copy that was taken while "
                        + "the journal was being written, remove HEAD."
                )
            }
        }
        if let witness, witness > found.head.sequence {
            throw lostTail(witness, found.head.sequence)
        }
    }

    private func lostTail(_ witness: SequenceNumber, _ last: SequenceNumber) -> JournalError {
        JournalError(
            .corrupt,
            "The journal \(directory.path) ends with entry \(last), but entry \(witness) was seen in it.",
            hint:
                "Restore the missing segments from the archive, or begin a new journal and new targets."
        )
    }

    /// Moves what lies behind the last commit into `quarantine/`.
    ///
    /// Safe to be interrupted and done again.
    private func cutTornTail(
        _ segment: Segment,
        _ scan: TailScan
    ) throws -> RecoveryReport.TornTail? {
        guard case .torn = scan.tail else { return nil }
        let name = "\(segment.name).\(scan.point.end)-\(scan.fileBytes).torn"
        let end = scan.point.end
        try io("The torn tail of \(segment.name) cannot be put aside") {
            try directory.storage.create(directory: directory.quarantine)
            let copy = try directory.storage.open(
                "\(directory.quarantine)/\(name)",
                for: .replacing
            )
            for start in stride(from: end, to: scan.fileBytes, by: Self.copyBytes) {
                let count = min(Self.copyBytes, scan.fileBytes - start)
                try copy.write(try segment.file.read(at: start, count: count), at: start - end)
            }
            try copy.sync()
            try directory.storage.sync(directory: directory.quarantine)
            try segment.file.truncate(to: end)
            try segment.file.sync()
        }
        return RecoveryReport.TornTail(
            segment: segment.name.description,
            offset: end,
            count: scan.fileBytes - end,
            quarantined: "quarantine/\(name)"
        )
    }

    /// Writes the commits that nothing vouches for once more, and syncs.
    ///
    /// They are in the page cache, but the last writer may have ended because a sync failed, after which the
    /// kernel believes such pages to be clean though the disk does not have them. Source: "Can
    /// Applications Recover from fsync Failures?", USENIX ATC 2020.
    private func rewriteUnvouched(
        _ segment: Segment,
        _ scan: TailScan,
        _ head: HeadRecord?
    ) throws {
        let known = head?.ordinal == segment.header.ordinal ? head?.committedBytes ?? 0 : 0
        let start = max(scan.vouchedBytes, known)
        guard start < scan.point.end else { return }
        try io("The end of \(segment.name) cannot be made durable") {
            for offset in stride(from: start, to: scan.point.end, by: Self.copyBytes) {
                let count = min(Self.copyBytes, scan.point.end - offset)
                let bytes = try segment.file.read(at: offset, count: count)
                try segment.file.write(bytes, at: offset)
            }
            try segment.file.sync()
        }
    }

    private func publish(_ point: CommitPoint, in segment: Segment) throws -> HeadFile {
        try io("The journal's HEAD cannot be written") {
            var head = try HeadFile(try directory.storage.open(directory.head, for: .writing))
            try head.write(HeadRecord(point, in: segment))
            try head.sync()
            try directory.storage.sync(directory: directory.path)
            return head
        }
    }

    /// How much is copied at a time.
    private static let copyBytes = 8 << 20

    private func io<Value>(_ attempt: String, _ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let failure as StorageFailure {
            throw JournalError(failure, attempt)
        }
    }
}
