internal import ArgumentParser
internal import Catalog
internal import ControlPlane

/// Tokens that callers of the HTTP interface show.
struct TokenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "Creates, lists and deletes the tokens of a server.",
        discussion: """
            As soon as there is one token, every request needs one. They stand in the server's catalog, as \
            digests, so these commands work on its data directory, beside a running server too.
            """,
        subcommands: [TokenCreate.self, TokenListing.self, TokenDelete.self]
    )
}

extension ConfigurationOptions {
    /// Runs a body with the catalog of the server that the file configures.
    func withCatalog<Value: Sendable>(
        _ body: (Catalog) async throws -> Value
    ) async throws -> Value {
        let directory = try settings().dataDirectory
        // What a server would make, so that a token can be there before it.
        try DataDirectory.make(directory)
        let catalog = try Catalog.open(at: "\(directory)/catalog.sqlite")
        let value: Value
        do {
            value = try await body(catalog)
        } catch {
            try catalog.close()
            throw error
        }
        try catalog.close()
        return value
    }
}

extension Role: ExpressibleByArgument {}
