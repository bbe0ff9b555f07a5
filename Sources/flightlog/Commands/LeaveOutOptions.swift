internal import ArgumentParser

/// Which operations a command does not carry over.
struct LeaveOutOptions: ParsableArguments {
    @Option(
        name: .customLong("leave-out"),
        parsing: .singleValue,
        help: ArgumentHelp(
            "Operations not to apply, such as load,release,flush; empty for none.",
            valueName: "op,..."
        )
    )
    var lists: [String] = []

    /// The names, one by one.
    var names: [String] { lists.flatMap { $0.split(separator: ",").map(String.init) } }
}
