internal import Operations

/// Finds the end of a journal's last segment: its last commit, and what is to be thought of the bytes behind.
struct TailScan {
    /// What lies behind the last commit.
    enum Tail: Hashable {
        case nothing
        /// A write that was cut short: nothing says that it was ever durable.
        case torn(at: Int, reason: String)
        /// Acknowledged data that cannot be read: something later says that it was durable.
        case lost(at: Int, reason: String)
    }

    /// The last commit.
    let point: CommitPoint
    /// Definitions as of the last commit.
    let definitions: Definitions
    let tail: Tail
    /// How far the last frame says the segment was durable.
    let vouchedBytes: Int
    let fileBytes: Int

    /// Goes through a segment from its start, and checks every checksum.
    ///
    /// - Throws: `JournalError` if the segment's opening is damaged, if it was written by a newer version, or
    ///   if it cannot be read.
    static func run(_ segment: Segment, decoder: FrameDecoder) throws -> TailScan {
        let fileBytes = try segment.size()
        var walk = try SegmentWalk(segment, limit: fileBytes, decoder: decoder)
        var definitions = walk.openingDefinitions
        var uncommitted: [Operation] = []
        var vouchedBytes = walk.point.end
        do {
            while let step = try walk.next() {
                vouchedBytes = max(vouchedBytes, step.header.durableBytes)
                if step.header.kind == .commit {
                    uncommitted.forEach { definitions.apply($0) }
                    uncommitted = []
                } else if step.header.holdsDefinitions {
                    let entries = try EntryRecord.entries(in: try walk.raw(step), of: step.header)
                    uncommitted += entries.map(\.operation).filter { !$0.kind.carriesRows }
                } else {
                    _ = try walk.stored(step)
                }
            }
        } catch let failure as StorageFailure {
            throw JournalError(failure, "Segment \(segment.name) cannot be read")
        } catch  where FormatFailure(error).isNewer {
            throw JournalError(error, at: walk.touched, of: segment.name.description)
        } catch {
            let reason = FormatFailure(error).reason
            let tail = try judge(
                segment,
                from: walk.touched,
                committed: walk.point.end,
                fileBytes,
                reason
            )
            return TailScan(
                point: walk.point,
                definitions: definitions,
                tail: tail,
                vouchedBytes: vouchedBytes,
                fileBytes: fileBytes
            )
        }
        let isWhole = walk.point.end == fileBytes
        return TailScan(
            point: walk.point,
            definitions: definitions,
            tail: isWhole ? .nothing : .torn(at: walk.offset, reason: "a batch without its commit"),
            vouchedBytes: vouchedBytes,
            fileBytes: fileBytes
        )
    }

    /// Tells a torn tail from lost data: a sound frame behind the bad one that was written when more than
    /// the last good commit was durable proves that what is missing was acknowledged.
    private static func judge(
        _ segment: Segment,
        from offset: Int,
        committed: Int,
        _ fileBytes: Int,
        _ reason: String
    ) throws -> Tail {
        var search = FrameSearch(segment, from: offset, limit: fileBytes)
        while let found = try search.next() {
            if found.header.durableBytes > committed {
                return .lost(
                    at: offset,
                    reason: "\(reason), and the frame at byte \(found.offset) says that everything "
                        + "before byte \(found.header.durableBytes) was durable"
                )
            }
        }
        return .torn(at: offset, reason: reason)
    }
}

/// Looks for sound frame headers behind damage, at every place where one can begin.
struct FrameSearch {
    private let segment: Segment
    private let limit: Int
    private var offset: Int
    private var window: [UInt8] = []
    private var windowStart: Int
    private static let windowBytes = 256 << 10

    /// Begins behind an offset, which is where the damage begins.
    init(_ segment: Segment, from offset: Int, limit: Int) {
        self.segment = segment
        self.limit = limit
        self.offset = JournalFormat.aligned(offset + 1)
        windowStart = self.offset
    }

    /// The next sound header; nil when there is none.
    ///
    /// - Throws: `JournalError` if the file cannot be read.
    mutating func next() throws -> (header: FrameHeader, offset: Int)? {
        while limit - offset >= FrameHeader.size {
            if offset + FrameHeader.size > windowStart + window.count {
                window = try segment.read(at: offset, count: min(Self.windowBytes, limit - offset))
                windowStart = offset
                guard window.count >= FrameHeader.size else { return nil }
            }
            let place = offset - windowStart
            let here = offset
            offset += JournalFormat.alignmentBytes
            // The first byte alone spares nearly every attempt.
            guard window[place] == UInt8(truncatingIfNeeded: FrameHeader.magic) else { continue }
            let bytes = window[place..<(place + FrameHeader.size)]
            if let header = FrameHeader(ifSound: bytes, seed: segment.seed) {
                return (header, here)
            }
        }
        return nil
    }
}

extension FrameHeader {
    /// A header, if that is what the bytes are.
    fileprivate init?(ifSound bytes: ArraySlice<UInt8>, seed: UInt32) {
        do {
            try self.init(decoding: bytes, seed: seed)
        } catch {
            return nil
        }
    }
}

extension Segment {
    /// How many bytes the file has.
    func size() throws -> Int {
        do {
            return try file.size()
        } catch {
            throw JournalError(error, "Segment \(name) cannot be read")
        }
    }

    /// Some bytes of the file.
    func read(at offset: Int, count: Int) throws -> [UInt8] {
        do {
            return try file.read(at: offset, count: count)
        } catch {
            throw JournalError(error, "Segment \(name) cannot be read")
        }
    }
}
