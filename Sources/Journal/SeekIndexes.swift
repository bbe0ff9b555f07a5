internal import Operations
internal import Synchronization

/// Where reading can begin in the segments that were looked into last, shared by the cursors of one reader.
///
/// A sealed segment says it in its footer, which is read once. A segment without one, such as that which is
/// being written, is walked by its headers, each once, however many cursors are placed in it.
final class SeekIndexes: Sendable {
    fileprivate struct Known {
        let segment: JournalID
        /// At the segment's start, its opening frame read.
        let start: SegmentWalk
        var index: SegmentIndex
        /// The place up to which the index goes; nil if it is the footer's, which goes to the end.
        var ahead: SegmentWalk?
    }

    /// How many segments are known at once; an index takes up to 100 KiB.
    private static let countMax = 8

    /// The one that was looked into last comes last.
    private let known = Mutex<[Known]>([])

    /// A walk that begins at the start of a segment.
    ///
    /// - Throws: `JournalError`, as `SegmentWalk`.
    func start(of segment: Segment, decoder: FrameDecoder) throws -> SegmentWalk {
        try known.withLock { known in
            if let number = known.firstIndex(where: { $0.segment == segment.header.segment }) {
                known.append(known.remove(at: number))
            } else {
                let start = try SegmentWalk(segment, limit: 0, decoder: decoder)
                let index = SegmentIndex(chain: segment.header.chain)
                known.append(
                    Known(
                        segment: segment.header.segment,
                        start: start,
                        index: index,
                        ahead: start
                    )
                )
                if known.count > Self.countMax { known.removeFirst() }
            }
            return known[known.count - 1].start
        }
    }

    /// What is known of a segment that `start` was asked for, at least up to a place.
    ///
    /// - Throws: `StorageFailure`.
    func index(
        of segment: Segment,
        committedBytes: Int,
        isSealed: Bool,
        towards place: JournalCursor.Place,
        decoder: FrameDecoder
    ) throws -> SegmentIndex? {
        try known.withLock { known in
            guard let number = known.firstIndex(where: { $0.segment == segment.header.segment })
            else { return nil }
            guard known[number].ahead != nil else { return known[number].index }
            if isSealed,
                let index = try SegmentFooter(
                    of: segment,
                    committedBytes: committedBytes,
                    decoder: decoder
                ).index
            {
                known[number].index = index
                known[number].ahead = nil
            }
            known[number].walk(to: place, committedBytes)
            return known[number].index
        }
    }
}

extension SeekIndexes.Known {
    /// Goes on up to a place.
    fileprivate mutating func walk(to place: JournalCursor.Place, _ committedBytes: Int) {
        guard var ahead else { return }
        ahead.extend(to: committedBytes)
        defer { self.ahead = ahead }
        do {
            while let header = try ahead.peek(), place.isBehind(header),
                let step = try ahead.next()
            {
                index.add(step, ahead.point) { OperationCounts() }
            }
        } catch {
            // The cursor meets the same, and says so.
        }
    }
}
