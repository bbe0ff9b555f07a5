internal import FoundationEssentials
internal import Logging

/// Writes each event as one line on standard error: as text for people or as JSON for programs.
struct LineLogHandler: LogHandler {
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]
    private let format: LogSettings.Format

    init(_ settings: LogSettings) {
        logLevel = settings.level
        format = settings.format
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let own = metadata.merging(event.metadata ?? [:]) { _, new in new }
            .sorted { $0.key < $1.key }
        let time = InternetTime(
            unixMilliseconds: Int64(Date().timeIntervalSince1970 * 1000)
        ).description
        let line: String
        switch format {
        case .text:
            let words = own.map { " \($0.key)=\(LineLogHandler.plain("\($0.value)"))" }.joined()
            line = "\(time) \(event.level.rawValue) \(event.message)\(words)"
        case .json:
            var members: [(key: String, value: JSON)] = [
                ("ts", .text(time)), ("level", .text(event.level.rawValue)),
                ("msg", .text("\(event.message)")),
            ]
            members += own.map { ($0.key, .text("\($0.value)")) }
            line = JSON.object(members).compact
        }
        // A log that cannot be written must not stop the work that is logged.
        try? StandardStream.error.line(line)
    }

    /// A value on one line, in quotes where it holds spaces.
    private static func plain(_ value: String) -> String {
        guard value.contains(where: { $0.isWhitespace || $0 == "\"" }) else { return value }
        return JSON.text(value).compact
    }
}
