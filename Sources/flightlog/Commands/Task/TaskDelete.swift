internal import ArgumentParser

/// `flightlog task delete`.
struct TaskDelete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Ends a task; journal and target stay as they are."
    )

    @OptionGroup var task: OneTaskOptions

    // Nothing that cannot be had again goes with a task, so nobody is asked; scripts say it all the same.
    @Flag(help: .hidden)
    var yes = false

    func run() async throws {
        _ = try task.request("DELETE")
        try task.shown.show(
            .object([("id", .text(task.id)), ("deleted", .bool(true))]),
            text: ["deleted \(task.id)"]
        )
    }
}
