internal import ArgumentParser
internal import ControlPlane

/// The program: nothing but its verbs.
struct Flightlog: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "flightlog",
        abstract: "The flight recorder for Milvus.",
        discussion: """
            Journals every operation of a Milvus, replays the journal onto any number of others, and \
            restores any moment that the journal holds.

            Exit codes: 0 done; 1 other failure; 3 done in part; 4 differences found; 5 a gap is in the \
            way; 64 usage; 65 corrupt data; 66 not found; 69 a peer is unavailable or a part is not \
            built yet; 74 I/O; 75 busy; 77 refused; 78 configuration.
            """,
        version: Build.version,
        subcommands: [
            Serve.self, Check.self, Status.self, TaskCommand.self, JournalCommand.self,
            Restore.self, Compare.self, PointCommand.self, Baseline.self, BackupCommand.self,
            TokenCommand.self, Events.self, Completion.self,
        ]
    )
}
