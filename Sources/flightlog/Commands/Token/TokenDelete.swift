internal import ArgumentParser
internal import Catalog
internal import ControlPlane

/// `flightlog token delete`.
struct TokenDelete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Deletes a token; its holder is kept out from the next request on."
    )

    @Argument(help: "What the token is called.")
    var name: String

    // A token is quickly made again, so nobody is asked; scripts say it all the same.
    @Flag(help: .hidden)
    var yes = false

    @OptionGroup var file: ConfigurationOptions
    @OptionGroup var shown: OutputOptions

    func run() async throws {
        try await file.withCatalog { try await $0.deleteToken(named: name) }
        try shown.show(
            .object([("name", .text(name)), ("deleted", .bool(true))]),
            text: ["deleted \(name)"]
        )
    }
}
