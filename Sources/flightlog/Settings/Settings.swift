internal import Logging
internal import Yams

/// The configuration file, read and checked.
struct Settings: Sendable {
    /// The version of the format that is read.
    static let version = 1
    static let keys =
        ["version", "data", "log", "sources", "targets", "repositories"] + InterfaceSettings.keys
    static let defaultDirectory = "./flightlog-data"

    /// Where the journals and the catalog live; relative to the working directory.
    var dataDirectory: String
    /// Where the HTTP interface answers, and whom.
    var interface: InterfaceSettings
    var log: LogSettings
    /// In alphabetical order.
    var sources: [SourceSettings]
    /// By name.
    var targets: [String: MilvusSettings]
    /// By name.
    var repositories: [String: RepositorySettings]

    /// Reads and checks a configuration.
    ///
    /// - Throws: `SettingsFailure` for the first thing that is wrong.
    init(yaml: String, source: SettingsSource) throws(SettingsFailure) {
        let file = try SettingsSection(
            Settings.parse(yaml),
            at: "",
            keys: Settings.keys,
            source: source
        )
        guard let version = try file.number("version") else {
            throw SettingsFailure(
                line: nil,
                "the file lacks the key \"version\"; write version: \(Settings.version)"
            )
        }
        guard version == Settings.version else {
            throw file.failure(
                "version",
                "is \(version), and this flightlog reads version \(Settings.version)"
            )
        }
        dataDirectory = try file.text("data") ?? Settings.defaultDirectory
        interface = try InterfaceSettings(file)
        log = try file.section("log", keys: LogSettings.keys).map(LogSettings.init) ?? LogSettings()
        sources = []
        targets = [:]
        repositories = [:]
        if let section = try file.section("sources", keys: nil) {
            for name in try Settings.names(section) {
                sources.append(
                    try SourceSettings(
                        name: name,
                        section.requiredSection(name, keys: SourceSettings.keys)
                    )
                )
            }
        }
        if let section = try file.section("targets", keys: nil) {
            for name in try Settings.names(section) {
                targets[name] = try MilvusSettings(
                    section.requiredSection(name, keys: MilvusSettings.keys)
                )
            }
        }
        if let section = try file.section("repositories", keys: nil) {
            for name in try Settings.names(section) {
                repositories[name] = try RepositorySettings(
                    section.requiredSection(name, keys: RepositorySettings.keys)
                )
            }
        }
    }

    /// The names of a section, each fit to be a directory's name and a part of an address.
    private static func names(_ section: SettingsSection) throws(SettingsFailure) -> [String] {
        for name in section.keys where !EntityName.isValid(name) {
            throw section.failure(name, "is not a name; \(EntityName.rule)")
        }
        return section.keys
    }

    private static func parse(_ yaml: String) throws(SettingsFailure) -> Node {
        do {
            guard let node = try Yams.compose(yaml: yaml) else {
                throw SettingsFailure(line: nil, "the file is empty")
            }
            return node
        } catch let failure as SettingsFailure {
            throw failure
        } catch let error as YamlError {
            throw SettingsFailure(error)
        } catch {
            throw SettingsFailure(line: nil, "the file cannot be read as YAML: \(error)")
        }
    }
}

extension SettingsFailure {
    fileprivate init(_ error: YamlError) {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            self.init(line: mark.line, "this is not YAML: \(problem)")
        case .duplicatedKeysInMapping(let keys, _):
            self.init(
                line: nil,
                "these keys stand twice: \(keys.map { "\($0)" }.sorted().joined(separator: ", "))"
            )
        default:
            self.init(line: nil, "the file cannot be read as YAML: \(error)")
        }
    }
}
