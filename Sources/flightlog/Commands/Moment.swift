internal import ArgumentParser
internal import Operations
internal import Replay

/// A place in a source's history, as a user names it.
enum Moment: Hashable, Sendable {
    /// A time of the wall clock, in milliseconds since 1970 in UTC.
    case time(unixMilliseconds: Int64)
    case timestamp(HybridTimestamp)
    case sequence(SequenceNumber)
    case point(String)
    case latest

    /// How a moment is written.
    static let forms = "an RFC 3339 time, tso:N, seq:N, point:NAME, or latest"

    /// Reads one of the forms; nil for anything else, a bare number included.
    init?(_ text: String) {
        if text == "latest" {
            self = .latest
        } else if text.hasPrefix("tso:"), let number = UInt64(text.dropFirst(4)) {
            self = .timestamp(HybridTimestamp(rawValue: number))
        } else if text.hasPrefix("seq:"), let number = UInt64(text.dropFirst(4)) {
            self = .sequence(SequenceNumber(rawValue: number))
        } else if text.hasPrefix("point:"), text.utf8.count > 6 {
            self = .point(String(text.dropFirst(6)))
        } else if let time = InternetInstant(text) {
            self = .time(unixMilliseconds: time.unixMilliseconds)
        } else {
            return nil
        }
    }
}

extension Moment: ExpressibleByArgument {
    init?(argument: String) { self.init(argument) }
}
