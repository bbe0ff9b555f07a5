internal import ArgumentParser

/// `flightlog task resume`.
struct TaskResume: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Starts a task again that was paused, has failed, or has parked lanes."
    )

    @OptionGroup var task: OneTaskOptions

    @Option(help: "Only this parked lane, such as shop.orders.")
    var lane: String?

    func run() async throws {
        let body = lane.map { JSON.object([("lane", .text($0))]).compact }
        try task.send("POST", "/resume", body: body)
    }
}
