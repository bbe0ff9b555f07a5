internal import Operations

/// Reads a whole journal, checks every byte of it, goes on behind damage, and counts.
///
/// Needs no lock; a writer may be at work meanwhile.
/// - Parameters:
///   - directory: The journal's directory.
///   - storage: The file system.
/// - Returns: What was found.
/// - Throws: `JournalError` with code `notFound` if there is no journal, or `io`. Damage is not thrown.
package func verify(
    journalAt directory: String,
    storage: any Storage = PosixStorage()
) throws -> VerificationReport {
    var verification = Verification(
        directory: JournalDirectory(path: directory, storage: storage)
    )
    try verification.run()
    return verification.report
}

/// A walk over all segments that keeps going.
private struct Verification {
    let directory: JournalDirectory
    var report = VerificationReport()
    private let decoder = FrameDecoder()
    /// What the segments so far end with; nil if that was lost.
    private var end: (point: CommitPoint, segment: Segment)?

    init(directory: JournalDirectory) { self.directory = directory }

    mutating func run() throws {
        let names = try directory.segments()
        guard !names.isEmpty else { throw JournalHorizon.notFound(directory) }
        let segments = try names.map { name in (name, try open(name)) }
        guard let journal = segments.compactMap(\.1?.header.journal).last else { return }
        let horizon = JournalHorizon(directory, journal: journal, decoder: decoder)
        for (index, (name, segment)) in segments.enumerated() {
            let next = index + 1 < segments.count ? segments[index + 1] : nil
            if index > 0, segments[index - 1].0.ordinal + 1 != name.ordinal {
                missing(before: name)
            }
            guard let segment else {
                end = nil
                continue
            }
            let header = segment.header
            report.identity = JournalIdentity(
                journal: header.journal,
                source: header.source,
                formatVersion: JournalFormat.version
            )
            try check(
                segment,
                until: try committedBytes(segment, next?.1, isLast: next == nil, horizon),
                isSealed: next?.1?.header.ordinal == name.ordinal + 1
                    && next?.1?.header.isBehindGivenUp == false
            )
        }
    }

    /// Opens a segment; a header that cannot be read is damage of the whole file.
    private mutating func open(_ name: SegmentName) throws -> Segment? {
        report.segments += 1
        do {
            return try Segment.open(name, in: directory, for: .reading)
        } catch let error as JournalError where error.code == .corrupt || error.code == .refused {
            let file = try directory.storage.open(directory.path(of: name), for: .reading)
            damage(name, 0..<(try file.size()), reason: error.message)
            return nil
        }
    }

    private mutating func missing(before name: SegmentName) {
        let first = end?.point.head.sequence.next
        let last = SequenceNumber(rawValue: name.firstSequence.rawValue - 1)
        let sequences = first.flatMap { $0 <= last ? $0...last : nil }
        damage(name, 0..<0, sequences, reason: "the segment before it is missing")
        end = nil
    }

    /// Where a segment's committed part ends.
    private mutating func committedBytes(
        _ segment: Segment,
        _ next: Segment?,
        isLast: Bool,
        _ horizon: JournalHorizon
    ) throws -> Int {
        let size = try segment.size()
        if let next, next.header.ordinal == segment.header.ordinal + 1 {
            let committed = next.header.previous?.committedBytes ?? size
            if size < committed {
                damage(
                    segment.name,
                    size..<committed,
                    reason: "the file ends, but its successor says that more was durable"
                )
            }
            return min(size, committed)
        }
        // Without a successor that can be read, everything up to the last sound commit counts.
        guard isLast else { return size }
        let edge = try horizon.edge()
        guard edge.ordinal == segment.header.ordinal else { return size }
        if let error = edge.damage {
            damage(segment.name, edge.end..<max(edge.end, size), reason: error.message)
        } else {
            report.uncommittedBytes = max(0, size - edge.end)
        }
        return min(size, edge.end)
    }

    private mutating func check(
        _ segment: Segment,
        until limit: Int,
        isSealed: Bool
    ) throws {
        var walk: SegmentWalk
        do {
            walk = try SegmentWalk(segment, limit: limit, decoder: decoder)
        } catch let error as JournalError where error.code != .io {
            damage(segment.name, SegmentHeader.size..<limit, reason: error.message)
            end = nil
            return
        }
        report.storedBytes += limit
        checkStart(walk)
        var batch = BatchCheck(number: 0)
        while !walk.isAtLimit {
            var passed: SegmentWalk.Step?
            do {
                passed = try walk.next()
                if let passed { try take(passed, &walk, &batch) }
            } catch let failure as StorageFailure {
                throw JournalError(failure, "Segment \(segment.name) cannot be read")
            } catch {
                let reason = FormatFailure(error).reason
                if let passed {
                    // Its header is sound, so it is known what is lost, and where the next one begins.
                    damage(segment.name, passed.bytes, passed.header.sequences, reason: reason)
                    batch.begin(passed.header.batch)
                    batch.isBroken = true
                } else {
                    try search(&walk, until: limit, reason)
                    batch = BatchCheck(number: walk.point.head.batch &+ 1, isBroken: true)
                }
            }
        }
        end = (walk.point, segment)
        if isSealed { try checkFooter(segment, limit, walk.point) }
        if walk.nextSequence > walk.point.head.sequence.next, !walk.isBehindDamage {
            damage(
                segment.name,
                walk.point.end..<limit,
                reason: "entries without their commit, where everything is committed"
            )
        }
    }

    /// Holds a footer against the frames before it.
    private mutating func checkFooter(
        _ segment: Segment,
        _ committedBytes: Int,
        _ point: CommitPoint
    ) throws {
        let end = try segment.size()
        let footer: SegmentFooter
        do {
            footer = try SegmentFooter(
                of: segment,
                committedBytes: committedBytes,
                decoder: decoder
            )
        } catch {
            throw JournalError(error, "Segment \(segment.name) cannot be read")
        }
        switch footer {
        case .absent: break
        case .unsound(let reason):
            damage(segment.name, committedBytes..<end, reason: "its footer: \(reason)")
        case .sound(let index, let bytes):
            report.sealed += 1
            report.storedBytes += bytes
            guard
                index.chain != point.chain
                    || (index.commits.last?.batch ?? point.head.batch) != point.head.batch
            else { return }
            damage(
                segment.name,
                committedBytes..<end,
                reason: "a footer that does not belong to the frames before it"
            )
        }
    }

    /// Holds a segment's start against the end of the one before.
    private mutating func checkStart(_ walk: SegmentWalk) {
        guard let end else { return }
        do {
            try SegmentChain.check(walk.segment, follows: end.segment)
        } catch {
            let text = (error as? JournalError)?.message ?? "\(error)"
            return damage(walk.segment.name, 0..<SegmentHeader.size, reason: text)
        }
        let start = walk.point
        guard start.chain != end.point.chain || start.head.batch != end.point.head.batch else {
            return
        }
        damage(
            walk.segment.name,
            0..<SegmentHeader.size,
            reason:
                "it begins behind batch \(start.head.batch), but the segment before ends with batch "
                + "\(end.point.head.batch) or with another chain"
        )
    }

    /// Checks one frame whose header is sound, and counts it.
    private mutating func take(
        _ step: SegmentWalk.Step,
        _ walk: inout SegmentWalk,
        _ batch: inout BatchCheck
    ) throws {
        switch step.header.kind {
        case .opening: break
        case .footer: _ = try walk.stored(step)
        case .commit:
            batch.begin(step.header.batch)
            if let record = step.commit, !batch.agrees(with: step.header, record) {
                throw FormatFailure(
                    "the entries of batch \(step.header.batch) do not have the chain of its commit"
                )
            }
            report.batches += batch.isBroken ? 0 : 1
            report.resolved = step.header.highTimestamp
        case .entries:
            let raw = try walk.raw(step)
            let entries = try EntryRecord.entries(in: raw, of: step.header)
            batch.begin(step.header.batch)
            batch.add(try EntryRecord.digests(of: raw))
            count(entries)
            report.entryBytes += step.header.storedBytes
        }
        report.frames += 1
        report.rawBytes += step.header.rawBytes
    }

    private mutating func count(_ entries: [Entry]) {
        report.entries += UInt64(entries.count)
        report.rows += UInt64(entries.reduce(0) { $0 + $1.operation.rowCount })
        report.firstSequence = report.firstSequence ?? entries.first?.sequence
        report.lastSequence = entries.last?.sequence ?? report.lastSequence
        report.firstTimestamp = report.firstTimestamp ?? entries.first?.timestamp
        report.lastTimestamp = entries.last?.timestamp ?? report.lastTimestamp
    }

    /// Finds where reading can go on, and records what lies between.
    private mutating func search(
        _ walk: inout SegmentWalk,
        until limit: Int,
        _ reason: String
    ) throws {
        let start = walk.offset
        let expected = walk.nextSequence
        var search = FrameSearch(walk.segment, from: start, limit: limit)
        guard let found = try search.next() else {
            walk.resume(at: limit, nil)
            return damage(walk.segment.name, start..<limit, reason: reason)
        }
        walk.resume(at: found.offset, found.header)
        let last = SequenceNumber(rawValue: walk.nextSequence.rawValue - 1)
        let lost = expected <= last ? expected...last : nil
        damage(walk.segment.name, start..<found.offset, lost, reason: reason)
    }

    private mutating func damage(
        _ segment: SegmentName,
        _ bytes: Range<Int>,
        _ sequences: ClosedRange<SequenceNumber>? = nil,
        reason: String
    ) {
        report.damages.append(
            VerificationReport.Damage(
                segment: segment.description,
                bytes: bytes,
                sequences: sequences,
                reason: reason
            )
        )
    }
}

/// The chain of one batch, computed again from its entries.
private struct BatchCheck {
    private var number: UInt64
    private var digest = BatchDigest()
    /// Whether some of it could not be read.
    var isBroken: Bool

    init(number: UInt64, isBroken: Bool = false) {
        self.number = number
        self.isBroken = isBroken
    }

    /// Begins with the first frame of another batch; does nothing within one.
    mutating func begin(_ batch: UInt64) {
        if batch != number { self = BatchCheck(number: batch) }
    }

    mutating func add(_ entryDigests: [UInt8]) { digest.add(entryDigests) }

    /// Whether the commit has the chain that the entries make; true if that cannot be told.
    func agrees(with header: FrameHeader, _ record: CommitRecord) -> Bool {
        guard !isBroken else { return true }
        let chain = record.chainBefore.extended(
            batch: header.batch,
            firstSequence: header.firstSequence,
            count: header.count,
            digest: digest,
            position: record.position
        )
        return chain == record.chain
    }
}
