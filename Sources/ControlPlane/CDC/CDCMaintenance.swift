internal import Logging

/// The requests of type `maintenance`, which are always answered with a sentence.
///
/// Messages of the source are never logged here, so the two that would limit their number change nothing.
struct CDCMaintenance: Sendable {
    /// The sentence.
    let state: String
    /// What is to be logged from now on; nil to leave it.
    var level: Logger.Level?

    init(_ operation: String, _ parameters: [CDCValue.Member]) {
        func value(_ key: String) -> CDCValue? { parameters.first { $0.key == key }?.value }
        switch operation {
        case "set_log_level":
            guard let text = value("log_level")?.shown else {
                state = "log_level is required"
                return
            }
            guard let level = Self.level(text) else {
                state = "parse log level failed: unrecognized level: \"\(text)\""
                return
            }
            self.level = level
            state = "set log level to \(text)"
        case "set_force_log_msg":
            guard let text = value("force")?.shown else {
                state = "force is required"
                return
            }
            state =
                Self.flag(text).map { "set force log msg to \($0)" }
                ?? "parse force failed: strconv.ParseBool: parsing \"\(text)\": invalid syntax"
        case "reset_log_msg": state = Self.reset(value("count")?.shown, value("duration")?.shown)
        default: state = "unsupported operation: \(operation)"
        }
    }

    private static func reset(_ count: String?, _ duration: String?) -> String {
        func unread(_ name: String, _ text: String) -> String {
            "parse \(name) failed: strconv.Atoi: parsing \"\(text)\": invalid syntax"
        }
        guard let count else { return "count is required" }
        guard let number = Int(count) else { return unread("count", count) }
        guard let duration else { return "duration is required" }
        guard let minutes = Int(duration) else { return unread("duration", duration) }
        return "reset log msg count to \(number), duration to \(minutes)"
    }

    /// The levels of zap.
    private static func level(_ text: String) -> Logger.Level? {
        switch text.lowercased() {
        case "debug": .debug
        case "info", "": .info
        case "warn": .warning
        case "error": .error
        case "dpanic", "panic", "fatal": .critical
        default: nil
        }
    }

    /// Go's spellings of true and false.
    private static func flag(_ text: String) -> Bool? {
        if ["1", "t", "T", "TRUE", "true", "True"].contains(text) { return true }
        return ["0", "f", "F", "FALSE", "false", "False"].contains(text) ? false : nil
    }
}
