internal import ArgumentParser

/// How a command's data is shown.
enum OutputFormat: String, CaseIterable, ExpressibleByArgument, Sendable { case text, json, jsonl }

/// The options that every command takes.
struct OutputOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "How data is shown. Text is for people and may change; JSON keys are stable.",
            valueName: "text|json|jsonl"
        )
    )
    var output: OutputFormat = .text

    @Flag(help: "Say nothing on standard error but failures.")
    var quiet = false

    /// Writes one value: text lines for people, the JSON value for programs.
    func show(_ value: @autoclosure () -> JSON, text: @autoclosure () -> [String]) throws {
        switch output {
        case .text: try StandardStream.output.write(text().map { $0 + "\n" }.joined())
        case .json: try StandardStream.output.line(value().pretty)
        case .jsonl: try StandardStream.output.line(value().compact)
        }
    }

    /// Tells how long work is getting on.
    func progress(_ sentence: String) throws {
        guard !quiet else { return }
        try StandardStream.error.line("flightlog: \(sentence)")
    }
}
