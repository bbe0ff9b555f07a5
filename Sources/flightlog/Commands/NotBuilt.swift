internal import ArgumentParser

// Verbs of the contract that are not built yet: each takes what the contract says and ends with
// "not built yet" and exit status 69.

/// Takes the rows that were there before the journal began.
struct Baseline: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Journals the rows a collection held before its journal began (not built yet)."
    )

    @Argument(parsing: .allUnrecognized, help: "--source NAME --include DATABASE.COLLECTION...")
    var arguments: [String] = []

    func run() async throws { throw CommandFailure.notBuilt("The command baseline") }
}

/// Copies of journals.
struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copies journals to a repository and restores from it (not built yet)."
    )

    @Argument(parsing: .allUnrecognized, help: "create, list, verify, prune, or restore.")
    var arguments: [String] = []

    func run() async throws { throw CommandFailure.notBuilt("The command backup") }
}
