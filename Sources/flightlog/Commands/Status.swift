internal import ArgumentParser
internal import ControlPlane
internal import FoundationEssentials

/// `flightlog status`: every source and every task of a server.
struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Shows every source and every task of a running server.",
        discussion: """
            Examples:
              flightlog status
              flightlog status --server http://127.0.0.1:8444 --output json
            """
    )

    @OptionGroup var server: ServerOptions
    @OptionGroup var shown: OutputOptions

    func run() async throws {
        let sources = try server.client.sources()
        let tasks = try server.client.tasks()
        guard shown.output == .text else {
            try StandardStream.output.line(document: Everything(sources: sources, tasks: tasks))
            return
        }
        var table = TextTable(SourceDocument.headings)
        for source in sources {
            table.add(source.row)
        }
        for line in table.lines { try StandardStream.output.line(line) }
        try StandardStream.output.line("")
        table = TextTable(TaskDocument.headings)
        for task in tasks {
            table.add(task.row)
        }
        for line in table.lines { try StandardStream.output.line(line) }
    }
}

/// What `--output json` shows.
private struct Everything: Encodable {
    let sources: [SourceDocument]
    let tasks: [TaskDocument]
}
