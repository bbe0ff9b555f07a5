internal import ArgumentParser
internal import Replay

/// Which collections a command is about, and what they are called at the target.
struct ProjectionOptions: ParsableArguments {
    @Option(
        parsing: .singleValue,
        help: ArgumentHelp("Collections to take; all where none is named.", valueName: "pattern")
    )
    var include: [String] = []

    @Option(
        parsing: .singleValue,
        help: ArgumentHelp("Collections to leave out.", valueName: "pattern")
    )
    var exclude: [String] = []

    @Option(
        parsing: .singleValue,
        help: ArgumentHelp("Another name at the target.", valueName: "a.b=c.d")
    )
    var rename: [String] = []

    /// - Throws: `ReplayError` for a pattern or a name that cannot be.
    func projection(leavingOut names: [String] = []) throws -> Projection {
        try Projection(
            include: include.map { try NamePattern($0) },
            exclude: exclude.map { try NamePattern($0) },
            rename: rename.map { try RenameRule($0) },
            leftOut: LeftOut.kinds(named: names)
        )
    }
}
