internal import FoundationEssentials
internal import Logging

/// Writes each event as one line on standard error: as text for people or as JSON for programs.
struct LineLogHandler: LogHandler {
    var metadata: Logger.Metadata = [:]
    /// The logger's name.
    private let label: String
    private let format: LogSettings.Format
    private let level: LogLevel
    /// Where one logger is told to be quieter than the program.
    private var ownLevel: Logger.Level?
    private let write: @Sendable (String) -> Void

    /// Lines go to standard error unless another place is given.
    init(
        _ label: String,
        _ settings: LogSettings,
        level: LogLevel,
        // A log that cannot be written must not stop the work that is logged.
        write: @escaping @Sendable (String) -> Void = { try? StandardStream.error.line($0) }
    ) {
        self.label = label
        format = settings.format
        self.level = level
        self.write = write
    }

    var logLevel: Logger.Level {
        get { ownLevel ?? level.current }
        set { ownLevel = newValue }
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
                ("logger", .text(label)), ("msg", .text("\(event.message)")),
            ]
            members += own.map { ($0.key, .text("\($0.value)")) }
            line = JSON.object(members).compact
        }
        write(line)
    }

    /// A value on one line, in quotes where it holds spaces.
    private static func plain(_ value: String) -> String {
        guard value.contains(where: { $0.isWhitespace || $0 == "\"" }) else { return value }
        return JSON.text(value).compact
    }
}
