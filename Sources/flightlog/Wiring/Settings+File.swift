internal import ArgumentParser

/// Which configuration a command reads.
struct ConfigurationOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The configuration file.", valueName: "file"))
    var config: String

    /// Reads and checks the file.
    ///
    /// - Throws: `CommandFailure` with status `configuration`.
    func settings() throws -> Settings {
        let source = SettingsSource.process
        let yaml: String
        do {
            yaml = try source.read(config)
        } catch {
            throw CommandFailure(.configuration, "the configuration \(config) cannot be read")
        }
        do {
            return try Settings(yaml: yaml, source: source)
        } catch {
            throw CommandFailure(.configuration, "\(config): \(error)")
        }
    }
}
