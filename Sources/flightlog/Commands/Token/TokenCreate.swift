internal import ArgumentParser
internal import Catalog
internal import ControlPlane
internal import FoundationEssentials

/// `flightlog token create`.
struct TokenCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Creates a token and shows it, this once.",
        discussion: """
            A viewer looks at everything; an operator also creates, changes and deletes tasks, restore \
            points and restores; an admin may do all there is.

            Examples:
              flightlog token create grafana --role viewer --config flightlog.yaml
              flightlog token create ci --role operator --expires 90d --config flightlog.yaml
            """
    )

    @Argument(help: "What the token is called.")
    var name: String

    @Option(help: "What its holder may do.")
    var role: Role

    @Option(
        help: ArgumentHelp(
            "How long it is worth something: \(TimeSpan.rule); for ever where nothing is said.",
            valueName: "span"
        )
    )
    var expires: TimeSpan?

    @OptionGroup var file: ConfigurationOptions
    @OptionGroup var shown: OutputOptions

    func validate() throws {
        guard EntityName.isValid(name) else {
            throw ValidationError("\"\(name)\" is not a name; \(EntityName.rule).")
        }
    }

    func run() async throws {
        let token = BearerToken()
        let expiresAt = expires.map { Catalog.wallClock() + $0.milliseconds }
        let record = AccessToken(
            id: token.id,
            name: name,
            role: role.rawValue,
            digest: token.digest,
            expiresAt: expiresAt
        )
        try await file.withCatalog { catalog in _ = try await catalog.create(record) }
        try shown.show(
            .object([
                ("name", .text(name)), ("role", .text(role.rawValue)),
                ("expires", expiresAt.map { .integer($0) } ?? .null), ("token", .text(token.text)),
            ]),
            text: [token.text]
        )
        try shown.progress("this is shown once; send it as Authorization: Bearer")
    }
}
