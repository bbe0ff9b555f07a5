internal import ArgumentParser
internal import ControlPlane
internal import FoundationEssentials

/// `flightlog task dead-letters`.
struct TaskDeadLetters: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dead-letters",
        abstract: "Lists, retries or drops the entries that a task's target refused.",
        discussion: """
            A retry applies of an entry what nothing later has replaced, dropped or deleted; what is \
            newer on the target stays. What is dropped is not applied; the target stays without it.

            Examples:
              flightlog task dead-letters dr
              flightlog task dead-letters dr retry --all
              flightlog task dead-letters dr drop --sequence 1042
            """
    )

    /// What is done with them.
    enum Verb: String, CaseIterable, ExpressibleByArgument { case list, retry, drop }

    @OptionGroup var task: OneTaskOptions

    @Argument(help: ArgumentHelp("list, retry or drop.", valueName: "verb"))
    var verb: Verb = .list

    @Option(
        parsing: .singleValue,
        help: ArgumentHelp("The number of an entry in the journal.", valueName: "n")
    )
    var sequence: [UInt64] = []

    @Flag(help: "Every one.")
    var all = false

    @Flag(help: "Drop without being asked.")
    var yes = false

    func validate() throws {
        switch verb {
        case .list:
            guard sequence.isEmpty, !all else {
                throw ValidationError(
                    "list shows every dead letter; leave --sequence and --all out"
                )
            }
        case .retry, .drop:
            guard sequence.isEmpty == all else {
                throw ValidationError("name entries with --sequence N, or say --all")
            }
        }
    }

    func run() async throws {
        switch verb {
        case .list: try list()
        case .retry:
            let request = DeadLetterRequest(sequences: all ? nil : sequence)
            let body = String(decoding: try JSONEncoder().encode(request), as: UTF8.self)
            try show(try task.request("POST", "/dead-letters/retry", body: body), "are tried again")
        case .drop:
            if !yes {
                try Consent.ask(
                    "Drop \(all ? "every dead letter" : "dead letters") of \(task.id)?",
                    refusal: "the target stays without what is dropped"
                )
            }
            if all {
                try show(try task.request("DELETE", "/dead-letters"), "were dropped")
            } else {
                for number in sequence {
                    try show(try task.request("DELETE", "/dead-letters/\(number)"), "were dropped")
                }
            }
        }
    }

    /// Shows every one, page by page.
    private func list() throws {
        var letters: [DeadLetterDocument] = []
        var pages: [[UInt8]] = []
        while true {
            let after = letters.last.map { "&after=\($0.sequence)" } ?? ""
            let body = try task.request("GET", "/dead-letters?limit=1000\(after)")
            let page = try task.server.client.decode(DeadLetterList.self, from: body)
            pages.append(body)
            letters += page.deadLetters
            guard letters.count < page.total, !page.deadLetters.isEmpty else { break }
        }
        guard task.shown.output == .text else {
            for page in pages {
                try StandardStream.output.line(String(decoding: page, as: UTF8.self))
            }
            return
        }
        var table = TextTable(["SEQUENCE", "LANE", "OP", "ROWS", "STATE", "ATTEMPTS", "ERROR"])
        for letter in letters {
            table.add([
                String(letter.sequence), letter.lane, letter.op, String(letter.rows),
                letter.state.rawValue, String(letter.attempts), letter.error,
            ])
        }
        for line in table.lines { try StandardStream.output.line(line) }
    }

    private func show(_ body: [UInt8], _ what: String) throws {
        guard task.shown.output == .text else {
            try StandardStream.output.line(String(decoding: body, as: UTF8.self))
            return
        }
        let answer = try task.server.client.decode(DeadLetterCount.self, from: body)
        try StandardStream.output.line("\(answer.count) \(what)")
    }
}
