internal import ArgumentParser

/// `flightlog task pause`.
struct TaskPause: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause",
        abstract: "Stops a task until somebody resumes it."
    )

    @OptionGroup var task: OneTaskOptions

    func run() async throws { try task.send("POST", "/pause") }
}
