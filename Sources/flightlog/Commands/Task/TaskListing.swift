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
        let tasks = try server.client.tasks()
        guard shown.output == .text else {
            try StandardStream.output.line(document: ControlPlane.TaskList(tasks: tasks))
            return
        }
        var table = TextTable(TaskDocument.headings)
        for task in tasks { table.add(task.row) }
        for line in table.lines { try StandardStream.output.line(line) }
    }
}
