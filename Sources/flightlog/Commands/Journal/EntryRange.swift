internal import Journal
internal import Operations

/// From which entry to which, both included.
struct EntryRange {
    private let from: Moment?
    private let to: Moment?

    /// - Throws: A failure for a moment that a journal alone does not know.
    init(from: Moment?, to: Moment?) throws {
        for case .point(let name)? in [from, to] {
            throw CommandFailure.notBuilt("Finding the restore point \(name)")
        }
        self.from = from
        self.to = to
    }

    /// Where to begin reading: just after this entry nothing is missed.
    func start(in segments: [SegmentSummary]) -> SequenceNumber {
        let oldest = segments.first?.firstSequence.predecessor ?? .zero
        switch from {
        case .sequence(let first): return max(first.predecessor, oldest)
        case .timestamp(let timestamp): return start(at: timestamp, in: segments) ?? oldest
        case .time(let milliseconds):
            let timestamp = HybridTimestamp(unixMilliseconds: milliseconds)
            return start(at: timestamp, in: segments) ?? oldest
        case .latest: return segments.last?.lastSequence ?? oldest
        case .point, nil: return oldest
        }
    }

    /// Whether an entry is at or after the first moment.
    func isReached(_ entry: Entry) -> Bool {
        switch from {
        case .sequence(let first): entry.sequence >= first
        case .timestamp(let first): entry.timestamp >= first
        case .time(let first): entry.timestamp >= HybridTimestamp(unixMilliseconds: first)
        case .latest, .point, nil: true
        }
    }

    /// Whether an entry, and with it every later one, is after the last moment.
    func isPast(_ entry: Entry) -> Bool {
        switch to {
        case .sequence(let last): entry.sequence > last
        case .timestamp(let last): entry.timestamp > last
        case .time(let last): entry.timestamp > HybridTimestamp(endOfUnixMilliseconds: last)
        case .latest, .point, nil: false
        }
    }

    /// The entry before the last segment that begins before a timestamp.
    private func start(
        at timestamp: HybridTimestamp,
        in segments: [SegmentSummary]
    ) -> SequenceNumber? {
        segments.last { $0.resolvedBefore < timestamp }?.firstSequence.predecessor
    }
}

extension SequenceNumber {
    /// The one before; zero stays zero.
    fileprivate var predecessor: SequenceNumber {
        SequenceNumber(rawValue: rawValue == 0 ? 0 : rawValue - 1)
    }
}
