internal import ArgumentParser
internal import ControlPlane
internal import FoundationEssentials

/// `flightlog events`: what happened.
struct Events: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Shows what happened to sources and tasks, newest first, or follows it.",
        discussion: """
            With --follow, what happens from now on is shown as it comes, one line an event, until the command \
            is interrupted.

            Examples:
              flightlog events --limit 20
              flightlog events --task dr --follow
            """
    )

    /// How often a server is asked for what is new.
    static let interval = Duration.seconds(1)
    /// The most events one answer holds.
    static let pageMax = 1000

    @Option(help: ArgumentHelp("Only those of a task.", valueName: "id"))
    var task: String?

    @Option(help: ArgumentHelp("At most this many, 1 to \(Events.pageMax).", valueName: "n"))
    var limit = 50

    @Flag(help: "Show what happens from now on, as it comes.")
    var follow = false

    @OptionGroup var server: ServerOptions
    @OptionGroup var shown: OutputOptions

    func validate() throws {
        guard (1...Events.pageMax).contains(limit) else {
            throw ValidationError("--limit is a number from 1 to \(Events.pageMax).")
        }
    }

    func run() async throws {
        if follow { return try await followOn() }
        let body = try server.client.get(path(limit: limit))
        let events = try server.client.decode(EventList.self, from: body).events
        switch shown.output {
        case .json: try StandardStream.output.line(String(decoding: body, as: UTF8.self))
        case .jsonl: for event in events { try show(event) }
        case .text:
            var table = TextTable(EventDocument.headings)
            for event in events { table.add(event.row) }
            for line in table.lines { try StandardStream.output.line(line) }
        }
    }

    private func followOn() async throws {
        var last = try page(before: nil, limit: 1).first?.id ?? 0
        while !Task.isCancelled {
            for event in try news(after: last) {
                try show(event)
                last = event.id
            }
            try await Task.sleep(for: Events.interval)
        }
    }

    /// What came after an event, oldest first.
    private func news(after last: Int64) throws -> [EventDocument] {
        var news: [EventDocument] = []
        var before: Int64?
        while true {
            let page = try page(before: before, limit: 100)
            news += page.prefix { $0.id > last }
            guard let oldest = page.last, oldest.id > last else { return news.reversed() }
            before = oldest.id
        }
    }

    private func page(before: Int64?, limit: Int) throws -> [EventDocument] {
        let client = server.client
        let body = try client.get(path(limit: limit, before: before))
        return try client.decode(EventList.self, from: body).events
    }

    private func path(limit: Int, before: Int64? = nil) -> String {
        var path = "/v1/events?limit=\(limit)"
        if let before { path += "&before=\(before)" }
        // Nothing but what an id may hold gets into the address.
        if let task { path += "&task=\(task.filter(Events.isPlain))" }
        return path
    }

    private static func isPlain(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber || "-_.".contains(character))
    }

    private func show(_ event: EventDocument) throws {
        guard shown.output == .text else {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            try StandardStream.output.line(
                String(decoding: try encoder.encode(event), as: UTF8.self)
            )
            return
        }
        try StandardStream.output.line(event.row.joined(separator: "  "))
    }
}

extension EventDocument {
    /// The headings of a table of events.
    static let headings = ["TIME", "KIND", "SOURCE", "TASK", "WHAT HAPPENED"]

    /// The event in a table.
    var row: [String] {
        [
            InternetTime(unixMilliseconds: at).description, kind, source ?? "-", task ?? "-",
            message,
        ]
    }
}
