internal import ArgumentParser
internal import ControlPlane
internal import FoundationEssentials

/// `flightlog task change`.
struct TaskChanging: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "change",
        abstract:
            "Changes where a task's target is, what it leaves out, or what becomes of refused entries.",
        discussion: """
            What is not named stays. A login that came with the task for another address does not go along to a \
            new one: give it under targets in the configuration, and name the target by that.

            Examples:
              flightlog task change dr --target http://10.0.0.7:19530
              flightlog task change dr --leave-out load,release --if-match 1758000000000-3
              flightlog task change dr --leave-out ''
            """
    )

    @OptionGroup var task: OneTaskOptions

    @Option(help: "The same Milvus under another address, or a name of the configuration.")
    var target: String?

    @OptionGroup var left: LeaveOutOptions

    @Option(
        help: ArgumentHelp(
            "What becomes of an entry that the target refuses for good.",
            valueName: "park|dead-letter"
        )
    )
    var onError: String?

    @Option(
        help: ArgumentHelp(
            "Only if the task is still in this state: the etag that task show tells.",
            valueName: "etag"
        )
    )
    var ifMatch: String?

    func validate() throws {
        guard target != nil || onError != nil || !left.lists.isEmpty else {
            throw ValidationError("say what to change: --target, --leave-out or --on-error")
        }
        // It becomes a header.
        guard ifMatch?.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == "-") }) != false else {
            throw ValidationError("--if-match takes an etag, such as 1758000000000-3")
        }
    }

    func run() async throws {
        let change = TaskChange(
            target: target,
            leaveOut: left.lists.isEmpty ? nil : left.names,
            onError: onError
        )
        let body = String(decoding: try JSONEncoder().encode(change), as: UTF8.self)
        let answer = try task.request(
            "PATCH",
            body: body,
            headers: ifMatch.map { ["If-Match: \"\($0)\""] } ?? []
        )
        try task.shown.showTask(answer, of: task.server.client)
    }
}
