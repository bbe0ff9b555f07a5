internal import ArgumentParser
internal import ControlPlane
internal import Operations

/// `flightlog status`: whether everything is safe, and every source and task of a server.
struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Says whether everything is safe, and shows every source and task of a server.",
        discussion: """
            The first line is the verdict: safe, degraded (something waits or is behind), or at risk (history is \
            missing, or will be unless somebody acts). Below stand the sources with the moments that can be \
            restored, and the tasks with how far their targets are.

            Examples:
              flightlog status
              flightlog status --server http://127.0.0.1:8444 --output json
            """
    )

    @OptionGroup var server: ServerOptions
    @OptionGroup var shown: OutputOptions

    func run() async throws {
        let sourceList = try server.client.sources()
        let taskList = try server.client.tasks()
        let verdict = Verdict(sources: sourceList, tasks: taskList) { tso in
            HybridTimestamp(rawValue: tso).time
        }
        guard shown.output == .text else {
            let whole = Whole(verdict: verdict, sources: sourceList, tasks: taskList)
            try StandardStream.output.line(document: whole)
            return
        }
        var lines = [verdict.sentence] + verdict.reasons.map { "  - \($0)" } + [""]
        var table = TextTable(SourceDocument.headings)
        for source in sourceList { table.add(source.row) }
        lines += table.lines + [""]
        table = TextTable(TaskDocument.headings)
        for task in taskList { table.add(task.row) }
        lines += table.lines
        try StandardStream.output.line(lines.joined(separator: "\n"))
    }

    /// What programs get.
    private struct Whole: Encodable {
        let verdict: Verdict
        let sources: [SourceDocument]
        let tasks: [TaskDocument]
    }
}
