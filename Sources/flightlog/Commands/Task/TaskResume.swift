internal import ArgumentParser

/// `flightlog task resume`.
struct TaskResume: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Starts a task again that was paused, has failed, or has parked lanes.")

    @OptionGroup var task: OneTaskOptions

    @Option(help: "Only this parked lane.")
    var lane: String?

    func run() async throws {
        guard lane == nil else { throw CommandFailure.notBuilt("resuming one lane") }
        try task.send("POST", "/resume")
    }
}
