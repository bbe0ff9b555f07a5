internal import FoundationEssentials

/// Where a configuration and its secrets come from: the environment and files.
struct SettingsSource {
    /// The environment variables.
    let environment: [String: String]
    /// Reads a whole file as text.
    let read: (_ path: String) throws -> String

    /// The process's own environment and the real files.
    static var process: SettingsSource {
        SettingsSource(environment: ProcessInfo.processInfo.environment) { path in
            try String(contentsOfFile: path, encoding: .utf8)
        }
    }
}
