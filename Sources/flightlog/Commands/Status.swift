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
        let sources = try server.client.get("/v1/sources")
        let tasks = try server.client.get("/v1/tasks")
        guard shown.output == .text else {
            // Both are objects with one key each: one object has both.
            let joined = sources.dropLast() + Array(",".utf8) + tasks.dropFirst()
            try StandardStream.output.line(String(decoding: joined, as: UTF8.self))
            return
        }
        var table = TextTable(SourceDocument.headings)
        for source in try server.client.decode(SourceList.self, from: sources).sources {
            table.add(source.row)
        }
        for line in table.lines { try StandardStream.output.line(line) }
        try StandardStream.output.line("")
        table = TextTable(TaskDocument.headings)
        for task in try server.client.decode(ControlPlane.TaskList.self, from: tasks).tasks {
            table.add(task.row)
        }
        for line in table.lines { try StandardStream.output.line(line) }
    }
}
