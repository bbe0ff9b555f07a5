internal import Operations

/// What the footer of a sealed segment holds: where reading can begin, and what there is to read.
///
/// The raw bytes of a footer frame, which stands where the segment's last commit ends:
///
///     u32       commits, a sparse choice of them and always the last; for each
///                 u64 offset of its frame   u64 batch   u64 last entry   u64 resolved timestamp
///     u32       frames with entries that are not rows; for each
///                 u64 offset   u64 first entry
///     32 bytes  chain, as the last commit left it
///     u32       collections, by id, 0 for what concerns none; for each
///                 i64 id   u32 kinds of operation; for each   u8 kind   u64 entries   u64 rows
///
/// It is derived from the frames before it. A segment may lack it, after a crash at the wrong moment; then
/// the frames are walked.
struct SegmentIndex: Hashable, Sendable {
    /// A commit that reading can begin behind.
    struct Commit: Hashable, Sendable {
        let offset: Int
        let batch: UInt64
        let sequence: SequenceNumber
        let resolved: HybridTimestamp
    }

    /// A frame that a cursor has to know even if it begins behind it.
    struct DefinitionFrame: Hashable, Sendable {
        let offset: Int
        let firstSequence: SequenceNumber
    }

    private(set) var commits: [Commit] = []
    private(set) var definitionFrames: [DefinitionFrame] = []
    private(set) var chain: Chain
    private(set) var counts = OperationCounts()
    /// Where the last commit that is listed for its place begins.
    private var listedOffset = 0

    /// Between two listed commits lie about this many stored bytes.
    static let spacingBytes = 256 << 10

    /// The index of a segment that has no batch yet.
    init(chain: Chain) { self.chain = chain }

    /// Takes the next frame of entries in.
    mutating func add(_ header: FrameHeader, at offset: Int, _ counts: OperationCounts) {
        if header.holdsDefinitions {
            definitionFrames.append(
                DefinitionFrame(offset: offset, firstSequence: header.firstSequence)
            )
        }
        self.counts.add(counts)
    }

    /// Takes the next commit in.
    mutating func add(_ point: CommitPoint) {
        // The last one is always listed; it gives way if it is too near the one before.
        if let last = commits.last, last.offset - listedOffset < Self.spacingBytes,
            last.offset != listedOffset
        {
            commits.removeLast()
        } else {
            listedOffset = commits.last?.offset ?? 0
        }
        commits.append(
            Commit(
                offset: point.start,
                batch: point.head.batch,
                sequence: point.head.sequence,
                resolved: point.head.resolved
            )
        )
        chain = point.chain
    }

    /// The last listed commit at or before an entry; nil if there is none.
    func commit(through sequence: SequenceNumber) -> Commit? {
        commits.last { $0.sequence <= sequence }
    }

    /// The last listed commit at or before a timestamp; nil if there is none.
    func commit(resolvedBy timestamp: HybridTimestamp) -> Commit? {
        commits.last { $0.resolved <= timestamp }
    }
}

/// How many entries and rows there are, by collection and kind.
struct OperationCounts: Hashable, Sendable {
    struct Count: Hashable, Sendable {
        var entries: UInt64 = 0
        var rows: UInt64 = 0
    }

    /// By collection; 0 stands for what concerns no single one.
    private(set) var counts: [CollectionID: [OperationKind: Count]] = [:]

    mutating func add(_ operation: Operation) {
        let id = operation.collection ?? CollectionID(rawValue: 0)
        counts[id, default: [:]][operation.kind, default: Count()].entries += 1
        counts[id, default: [:]][operation.kind, default: Count()].rows += UInt64(
            operation.rowCount
        )
    }

    mutating func add(_ other: OperationCounts) {
        for (id, kinds) in other.counts {
            for (kind, count) in kinds { add(count, of: kind, in: id) }
        }
    }

    fileprivate mutating func add(_ count: Count, of kind: OperationKind, in id: CollectionID) {
        counts[id, default: [:]][kind, default: Count()].entries += count.entries
        counts[id, default: [:]][kind, default: Count()].rows += count.rows
    }
}

// MARK: - Stored form

extension SegmentIndex {
    func encoded() -> [UInt8] {
        var bytes = ByteWriter()
        bytes.write(UInt32(commits.count))
        for commit in commits {
            bytes.write(UInt64(commit.offset))
            bytes.write(commit.batch)
            bytes.write(commit.sequence.rawValue)
            bytes.write(commit.resolved.rawValue)
        }
        bytes.write(UInt32(definitionFrames.count))
        for frame in definitionFrames {
            bytes.write(UInt64(frame.offset))
            bytes.write(frame.firstSequence.rawValue)
        }
        bytes.write(chain)
        bytes.write(UInt32(counts.counts.count))
        for (id, kinds) in counts.counts.sorted(by: { $0.key < $1.key }) {
            bytes.write(id.rawValue)
            bytes.write(UInt32(kinds.count))
            for (kind, count) in kinds.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
                bytes.write(kind.rawValue)
                bytes.write(count.entries)
                bytes.write(count.rows)
            }
        }
        return bytes.bytes
    }

    /// - Throws: `CodingFailure` or `FormatFailure`.
    init(decoding raw: ArraySlice<UInt8>) throws {
        var reader = ByteReader(raw)
        for _ in 0..<(try reader.readCount(of: 32)) {
            commits.append(
                Commit(
                    offset: Int(clamping: try reader.read(UInt64.self)),
                    batch: try reader.read(),
                    sequence: SequenceNumber(rawValue: try reader.read()),
                    resolved: HybridTimestamp(rawValue: try reader.read())
                )
            )
        }
        for _ in 0..<(try reader.readCount(of: 16)) {
            definitionFrames.append(
                DefinitionFrame(
                    offset: Int(clamping: try reader.read(UInt64.self)),
                    firstSequence: SequenceNumber(rawValue: try reader.read())
                )
            )
        }
        chain = try reader.readChain()
        for _ in 0..<(try reader.readCount(of: 12)) {
            let id = CollectionID(rawValue: try reader.read())
            for _ in 0..<(try reader.readCount(of: 17)) {
                let number = try reader.read(UInt8.self)
                guard let kind = OperationKind(rawValue: number) else {
                    throw FormatFailure("counts of kind \(number)", isNewer: true)
                }
                guard counts.counts[id]?[kind] == nil else {
                    throw FormatFailure("counts of \(kind.name) in collection \(id) twice")
                }
                let count = OperationCounts.Count(
                    entries: try reader.read(),
                    rows: try reader.read()
                )
                counts.add(count, of: kind, in: id)
            }
        }
        guard reader.remaining == 0 else { throw FormatFailure("a footer with bytes behind it") }
    }
}

extension ByteReader {
    /// A `u32` that says how many records of at least some bytes follow.
    fileprivate mutating func readCount(of recordBytes: Int) throws(CodingFailure) -> Int {
        let count = Int(try read(UInt32.self))
        guard count <= remaining / recordBytes else {
            throw CodingFailure("\(count) records in \(remaining) bytes")
        }
        return count
    }
}

// MARK: - On disk

/// What stands where a sealed segment's last commit ends.
enum SegmentFooter {
    /// Nothing: the writer ended before it could write one.
    case absent
    case sound(SegmentIndex, bytes: Int)
    /// Something else than a footer; the frames before it say the same.
    case unsound(String)

    /// The index; nil if there is no sound one.
    var index: SegmentIndex? {
        if case .sound(let index, _) = self { index } else { nil }
    }

    init(
        of segment: Segment,
        committedBytes: Int,
        decoder: FrameDecoder
    ) throws(StorageFailure) {
        let size = try segment.file.size()
        guard size > committedBytes else {
            self = .absent
            return
        }
        var reader = FrameReader(segment, limit: size)
        do {
            let header = try reader.header(at: committedBytes)
            guard header.kind == .footer else { throw FormatFailure("a frame that is no footer") }
            let stored = try reader.stored(header, at: committedBytes)
            let index = try SegmentIndex(decoding: try decoder.raw(stored, header))
            guard committedBytes + header.frameBytes == size else {
                throw FormatFailure("bytes behind the footer")
            }
            self = .sound(index, bytes: header.frameBytes)
        } catch let failure as StorageFailure {
            throw failure
        } catch {
            self = .unsound(FormatFailure(error).reason)
        }
    }
}

extension SegmentIndex {
    /// Makes the index of a segment by walking it.
    ///
    /// - Throws: What a walk throws.
    init(walking segment: Segment, committedBytes: Int, decoder: FrameDecoder) throws {
        self.init(chain: segment.header.chain)
        var walk = try SegmentWalk(segment, limit: committedBytes, decoder: decoder)
        while let step = try walk.next() {
            try add(step, walk.point) {
                var counts = OperationCounts()
                for entry in try EntryRecord.entries(in: try walk.raw(step), of: step.header) {
                    counts.add(entry.operation)
                }
                return counts
            }
        }
    }

    /// Takes in a frame that a walk has just passed, and the commit behind which the walk stands.
    mutating func add(
        _ step: SegmentWalk.Step,
        _ point: CommitPoint,
        _ counts: () throws -> OperationCounts
    ) rethrows {
        switch step.header.kind {
        case .opening, .footer: break
        case .commit: add(point)
        case .entries: add(step.header, at: step.offset, try counts())
        }
    }

    /// Ends a segment with this as its footer.
    ///
    /// - Throws: `StorageFailure`, or what encoding throws; the segment is then as good as before.
    func seal(
        _ segment: Segment,
        committedBytes: Int,
        compressor: inout FrameCompressor
    ) throws {
        let last = commits.last
        let before = SequenceNumber(rawValue: segment.header.firstSequence.rawValue - 1)
        let sequence = last?.sequence ?? before
        var frame = try EncodedFrame(
            kind: .footer,
            record: encoded(),
            low: segment.header.resolved,
            high: last?.resolved ?? segment.header.resolved,
            compressor: &compressor
        )
        frame.place(
            FramePlace(
                seed: segment.seed,
                firstSequence: sequence.next,
                count: 0,
                batch: last?.batch ?? segment.header.batches,
                durableThrough: sequence,
                durableBytes: committedBytes
            )
        )
        try segment.file.write(frame.bytes, at: committedBytes)
        try segment.file.truncate(to: committedBytes + frame.bytes.count)
        try segment.file.sync()
    }
}
