internal import ArgumentParser
internal import Catalog
internal import ControlPlane

/// `flightlog token list`.
struct TokenListing: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists every token with its role, but not the token itself."
    )

    @OptionGroup var file: ConfigurationOptions
    @OptionGroup var shown: OutputOptions

    func run() async throws {
        let tokens = try await file.withCatalog { try await $0.tokens() }
        var table = TextTable(["NAME", "ROLE", "CREATED", "LAST USED", "EXPIRES"])
        for token in tokens {
            table.add([
                token.name, token.role, token.createdAt.time, token.lastUsedAt?.time ?? "never",
                token.expiresAt?.time ?? "never",
            ])
        }
        try shown.show(
            .object([("tokens", .array(tokens.map(\.json)))]),
            text: table.lines
        )
    }
}

extension Int64 {
    /// Milliseconds since 1970, for people.
    fileprivate var time: String { InternetTime(unixMilliseconds: self).description }
}

extension AccessToken {
    fileprivate var json: JSON {
        .object([
            ("name", .text(name)), ("role", .text(role)), ("created", .integer(createdAt)),
            ("last_used", lastUsedAt.map { .integer($0) } ?? .null),
            ("expires", expiresAt.map { .integer($0) } ?? .null),
        ])
    }
}
