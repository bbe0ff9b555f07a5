internal import ArgumentParser

/// `flightlog task show`.
struct TaskShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Shows one task."
    )

    @OptionGroup var task: OneTaskOptions

    func run() async throws { try task.send("GET") }
}
