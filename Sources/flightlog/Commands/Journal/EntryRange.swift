internal import Journal
internal import Operations

/// From which entry to which, both included.
struct EntryRange {
    private let from: Moment?
    private let to: Moment?

    /// - Throws: A failure for a restore point that is not there.
    init(from: Moment?, to: Moment?, points: JournalPins) throws {
        self.from = try from.map { try Self.resolved($0, points) }
        self.to = try to.map { try Self.resolved($0, points) }
    }

    private static func resolved(_ moment: Moment, _ points: JournalPins) throws -> Moment {
        guard case .point(let name) = moment else { return moment }
        guard let point = try points.pin(.point, name) else {
            throw CommandFailure(.notFound, "there is no restore point \(name)")
        }
        return .timestamp(point.timestamp)
    }

    /// A cursor at the first moment, or at the oldest entry that is later.
    ///
    /// - Throws: `JournalError`.
    func cursor(in reader: JournalReader) throws -> JournalCursor {
        switch from {
        case .sequence(let first):
            return try reader.cursor(after: max(first.predecessor, try oldest(in: reader)))
        case .timestamp(let timestamp): return try cursor(at: timestamp, in: reader)
        case .time(let milliseconds):
            return try cursor(at: HybridTimestamp(unixMilliseconds: milliseconds), in: reader)
        case .latest: return try reader.cursor(after: try reader.head().sequence)
        case .point, nil: return try reader.cursor(after: try oldest(in: reader))
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

    private func cursor(
        at timestamp: HybridTimestamp,
        in reader: JournalReader
    ) throws -> JournalCursor {
        let oldest = try reader.segments().first
        guard let oldest, oldest.resolvedBefore < timestamp else {
            return try reader.cursor(after: oldest?.firstSequence.predecessor ?? .zero)
        }
        return try reader.cursor(through: timestamp.predecessor)
    }

    private func oldest(in reader: JournalReader) throws -> SequenceNumber {
        try reader.segments().first?.firstSequence.predecessor ?? .zero
    }
}

extension SequenceNumber {
    /// The one before; zero stays zero.
    fileprivate var predecessor: SequenceNumber {
        SequenceNumber(rawValue: rawValue == 0 ? 0 : rawValue - 1)
    }
}
