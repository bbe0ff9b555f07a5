internal import ArgumentParser
internal import ControlPlane

/// `flightlog task list`.
struct TaskListing: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists every task with its state, checkpoint and lag."
    )

    @OptionGroup var server: ServerOptions
    @OptionGroup var shown: OutputOptions

    func run() async throws {
        let body = try server.client.get("/v1/tasks")
        guard shown.output == .text else {
            try StandardStream.output.line(String(decoding: body, as: UTF8.self))
            return
        }
        let list = try server.client.decode(ControlPlane.TaskList.self, from: body)
        var table = TextTable(TaskDocument.headings)
        for task in list.tasks { table.add(task.row) }
        for line in table.lines { try StandardStream.output.line(line) }
    }
}
