internal import ArgumentParser
internal import ControlPlane
internal import FoundationEssentials

/// `flightlog task create`.
struct TaskCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Replicates a source onto a target from now on.",
        discussion: """
            Patterns are DATABASE.COLLECTION with * in either part; a bare name means the database \
            default.

            Examples:
              flightlog task create --source main --target http://127.0.0.1:19531
              flightlog task create --source main --target dr --include 'shop.*' --rename shop.a=eu.a
            """
    )

    @Option(help: "The source, by its name in the configuration.")
    var source: String

    @Option(help: "The target: an address, or a name of the configuration.")
    var target: String

    @Option(help: "The task's id; made from source and target where none is given.")
    var id: String?

    @OptionGroup var chosen: ProjectionOptions
    @OptionGroup var left: LeaveOutOptions

    @Option(help: "Where to begin: earliest, latest, tso:N, or point:NAME.")
    var start = "earliest"

    @Option(
        help: ArgumentHelp(
            "What becomes of an entry that the target refuses for good: its lane is parked, or it is "
                + "listed as a dead letter and the lane goes on.",
            valueName: "park|dead-letter"
        )
    )
    var onError = "park"

    @OptionGroup var server: ServerOptions
    @OptionGroup var shown: OutputOptions

    func run() async throws {
        let request = TaskRequest(
            id: id,
            source: source,
            target: target,
            include: chosen.include,
            exclude: chosen.exclude,
            rename: chosen.rename,
            start: start,
            leaveOut: left.names,
            onError: onError
        )
        let body = String(decoding: try JSONEncoder().encode(request), as: UTF8.self)
        let answer = try server.client.send("POST", "/v1/tasks", body: body)
        try shown.showTask(answer, of: server.client)
    }
}
