internal import Journal
internal import Operations
internal import Replay

/// Where in the journal a task begins.
enum TaskStart: Hashable, CustomStringConvertible {
    case earliest
    /// With what is committed after the task was created.
    case latest
    /// After everything up to a timestamp.
    case timestamp(HybridTimestamp)
    /// After everything up to a restore point.
    case point(String)

    /// - Throws: `Trouble` of kind `invalid`.
    init(_ text: String) throws {
        if text == "earliest" {
            self = .earliest
        } else if text == "latest" {
            self = .latest
        } else if text.hasPrefix("tso:"), let number = UInt64(text.dropFirst(4)) {
            self = .timestamp(HybridTimestamp(rawValue: number))
        } else if text.hasPrefix("point:"), text.count > 6 {
            self = .point(String(text.dropFirst(6)))
        } else {
            throw Trouble(
                .invalid,
                "\"\(text)\" is no place to start from.",
                hint: "Write earliest, latest, tso:N or point:NAME."
            )
        }
    }

    var description: String {
        switch self {
        case .earliest: "earliest"
        case .latest: "latest"
        case .timestamp(let timestamp): "tso:\(timestamp)"
        case .point(let name): "point:\(name)"
        }
    }

    /// The checkpoint to begin with; nil for the journal's beginning.
    ///
    /// - Throws: `Trouble` of kind `notFound` where the journal does not hold that timestamp.
    func mark(in source: SourceRunner) throws -> Mark? {
        switch self {
        case .earliest: return nil
        case .latest: return source.head
        case .timestamp(let timestamp): return try Self.mark(at: timestamp, in: source)
        case .point(let name):
            guard let pin = try source.pins.pin(.point, name) else {
                throw Trouble(.notFound, "There is no restore point \(name).")
            }
            return try Self.mark(at: pin.timestamp, in: source)
        }
    }

    private static func mark(at timestamp: HybridTimestamp, in source: SourceRunner) throws -> Mark
    {
        let entries = try source.entries()
        let span = try JournalSpan(of: entries)
        guard timestamp <= span.head.tso, timestamp >= span.first else {
            throw Trouble(
                .notFound,
                "The journal goes from tso \(span.first) to \(span.head.tso), and not to "
                    + "\(timestamp)."
            )
        }
        return try entries.mark(through: timestamp)
    }
}
