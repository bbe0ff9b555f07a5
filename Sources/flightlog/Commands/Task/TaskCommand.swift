internal import ArgumentParser
internal import Catalog
internal import ControlPlane

/// Replication tasks of a running server.
struct TaskCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "task",
        abstract: "Creates, lists, changes, pauses, resumes and deletes replication tasks.",
        subcommands: [
            TaskCreate.self, TaskListing.self, TaskShow.self, TaskChanging.self, TaskPause.self,
            TaskResume.self,
            TaskDelete.self, TaskDeadLetters.self,
        ]
    )
}

/// Which task, of which server, shown how: the arguments of the verbs on one task.
struct OneTaskOptions: ParsableArguments {
    @Argument(help: ArgumentHelp("The task's id.", valueName: "id"))
    var id: String

    @OptionGroup var server: ServerOptions
    @OptionGroup var shown: OutputOptions

    /// Sends a request about the task and shows the task that the server answers with.
    func send(_ method: String, _ verb: String = "", body: String? = nil) throws {
        try shown.showTask(try request(method, verb, body: body), of: server.client)
    }

    /// Sends a request about the task.
    func request(
        _ method: String,
        _ verb: String = "",
        body: String? = nil,
        headers: [String] = []
    ) throws -> [UInt8] {
        // What cannot be an id must not become another path.
        guard (try? TaskID(id)) != nil else {
            throw CommandFailure(.notFound, "there is no task \"\(id)\"")
        }
        return try server.client.send(
            method,
            "/v1/tasks/\(id)\(verb)",
            body: body,
            headers: headers
        )
    }
}

extension OutputOptions {
    /// Shows a task as the server told it: its own JSON for programs, lines for people.
    func showTask(_ body: [UInt8], of client: ServerClient) throws {
        guard output == .text else {
            try StandardStream.output.line(String(decoding: body, as: UTF8.self))
            return
        }
        let task = try client.decode(TaskDocument.self, from: body)
        try StandardStream.output.write(task.lines.map { $0 + "\n" }.joined())
    }
}
