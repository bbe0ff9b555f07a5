internal import ArgumentParser
#if canImport(Glibc)
internal import Glibc
#endif

/// Runs the command that was asked for and ends with its exit status.
@main enum Main {
    static func main() async {
        let command: any ParsableCommand
        do {
            command = try Flightlog.parseAsRoot()
        } catch { Flightlog.exit(withError: error) }
        do {
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                var command = command
                try command.run()
            }
        } catch {
            // Help that was asked for, and what a command itself finds wrong with its arguments.
            if Flightlog.exitCode(for: error) == .success || error is ValidationError {
                Flightlog.exit(withError: error)
            }
            let failure = CommandFailure(error)
            // Nobody is left to tell if standard error is gone too.
            try? StandardStream.error.line(failure.lines.joined(separator: "\n"))
            exit(failure.status.rawValue)
        }
    }
}
