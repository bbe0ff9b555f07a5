internal import ArgumentParser

/// `flightlog completion`: scripts that let a shell complete commands and options.
struct Completion: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Prints a script that lets a shell complete commands and options.",
        discussion: """
            Examples:
              flightlog completion bash > /etc/bash_completion.d/flightlog
              flightlog completion zsh > "${fpath[1]}/_flightlog"
              flightlog completion fish > ~/.config/fish/completions/flightlog.fish
            """
    )

    /// A shell whose scripts can be made.
    enum Shell: String, CaseIterable, ExpressibleByArgument, Sendable {
        case bash, zsh, fish

        fileprivate var known: CompletionShell {
            switch self {
            case .bash: .bash
            case .zsh: .zsh
            case .fish: .fish
            }
        }
    }

    @Argument(help: "bash, zsh, or fish.")
    var shell: Shell

    func run() async throws {
        try StandardStream.output.line(Flightlog.completionScript(for: shell.known))
    }
}
