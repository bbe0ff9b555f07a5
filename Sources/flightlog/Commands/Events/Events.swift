internal import ArgumentParser
internal import ControlPlane
internal import FoundationEssentials

/// `flightlog events`: what happened.
struct Events: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Shows what happened to sources and tasks, newest first, or follows it.",
        discussion: """
            With --follow, what happens from now on is shown as it comes, one line an event, until the command \
            is interrupted. Where the connection is cut it is made again, and what was missed is shown.

            Examples:
              flightlog events --limit 20
              flightlog events --task dr --follow
            """
    )

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
        let body = try server.client.get(path("limit=\(limit)"))
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

    /// Shows events as they come, over as many connections as it takes.
    private func followOn() async throws {
        let stream = Following(show: show)
        var isCut = false
        while !Task.isCancelled {
            do {
                try server.client.follow(path("follow=true"), after: stream.reader.lastID) {
                    try stream.take($0)
                    isCut = false
                }
            } catch let failure as CommandFailure
                where stream.reader.lastID != nil && [.unavailable, .busy].contains(failure.status)
            {
                if !isCut {
                    try shown.progress(
                        "\(failure.message.sentence) It is tried again, and what is missed is shown then."
                    )
                }
                isCut = true
            }
            stream.reader.reconnect()
            try await Task.sleep(for: stream.reader.pause)
        }
    }

    /// A stream of events that is being shown.
    private final class Following {
        var reader = EventStreamReader()
        private let show: (EventDocument) throws -> Void

        init(show: @escaping (EventDocument) throws -> Void) { self.show = show }

        func take(_ bytes: [UInt8]) throws {
            for data in try reader.take(bytes) {
                try show(try JSONDecoder().decode(EventDocument.self, from: Data(data.utf8)))
            }
        }
    }

    private func path(_ query: String) -> String {
        // Nothing but what an id may hold gets into the address.
        "/v1/events?\(query)" + (task.map { "&task=\($0.filter(Events.isPlain))" } ?? "")
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
