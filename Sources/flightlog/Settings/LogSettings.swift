internal import Logging

/// What is logged, and how.
struct LogSettings: Hashable, Sendable {
    static let keys = ["level", "format"]

    /// How a line looks.
    enum Format: String, CaseIterable, Sendable { case text, json }

    var level: Logger.Level = .info
    var format: Format = .text

    init() {}

    init(_ section: SettingsSection) throws(SettingsFailure) {
        if let text = try section.text("level") {
            guard let level = Logger.Level(rawValue: text) else {
                let levels = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
                throw section.failure("level", "is \"\(text)\", which is not one of \(levels)")
            }
            self.level = level
        }
        if let text = try section.text("format") {
            guard let format = Format(rawValue: text) else {
                throw section.failure("format", "is \"\(text)\", which is neither text nor json")
            }
            self.format = format
        }
    }
}
