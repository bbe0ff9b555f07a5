internal import ArgumentParser
internal import ControlPlane
internal import FoundationEssentials

/// Names for moments of a source.
struct PointCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "point",
        abstract: "Names moments to restore to.",
        discussion: """
            A restore point stands in the source's journal, and keeps what leads to it from retention \
            until it is deleted.
            """,
        subcommands: [PointCreate.self, PointListing.self, PointDelete.self]
    )
}

/// `flightlog point create`.
struct PointCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Names a moment.",
        discussion: """
            Examples:
              flightlog point create before-migration --source main
              flightlog point create monday --source main --at 2026-11-23T00:00:00Z
            """
    )

    @Argument(help: "The point's name.")
    var name: String

    @Option(help: "The source, by its name in the configuration.")
    var source: String

    @Option(
        help: ArgumentHelp(
            "The moment: an RFC 3339 time, or tso:N; now where nothing is said.",
            valueName: "moment"
        )
    )
    var at: String?

    @OptionGroup var server: ServerOptions
    @OptionGroup var shown: OutputOptions

    func run() async throws {
        let request = PointRequest(name: name, source: source, at: at)
        let body = String(decoding: try JSONEncoder().encode(request), as: UTF8.self)
        let answer = try server.client.send("POST", "/v1/points", body: body)
        guard shown.output == .text else {
            try StandardStream.output.line(String(decoding: answer, as: UTF8.self))
            return
        }
        let point = try server.client.decode(PointDocument.self, from: answer)
        try StandardStream.output.line(
            "\(point.name) is \(point.time) (tso \(point.tso)) of \(point.source)"
        )
    }
}

/// `flightlog point list`.
struct PointListing: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists every restore point."
    )

    @OptionGroup var server: ServerOptions
    @OptionGroup var shown: OutputOptions

    func run() async throws {
        let points = try server.client.points()
        guard shown.output == .text else {
            try StandardStream.output.line(document: PointList(points: points))
            return
        }
        var table = TextTable(["NAME", "SOURCE", "MOMENT", "TSO"])
        for point in points {
            table.add([point.name, point.source, point.time, String(point.tso)])
        }
        for line in table.lines { try StandardStream.output.line(line) }
    }
}

/// `flightlog point delete`.
struct PointDelete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Forgets a restore point; the journal stays as it is."
    )

    @Argument(help: "The point's name.")
    var name: String

    // The journal keeps everything until retention is due, so nobody is asked; scripts say it all the same.
    @Flag(help: .hidden)
    var yes = false

    @OptionGroup var server: ServerOptions
    @OptionGroup var shown: OutputOptions

    func run() async throws {
        _ = try server.client.send("DELETE", "/v1/points/\(name)", body: nil)
        try shown.show(
            .object([("name", .text(name)), ("deleted", .bool(true))]),
            text: ["deleted \(name)"]
        )
    }
}
