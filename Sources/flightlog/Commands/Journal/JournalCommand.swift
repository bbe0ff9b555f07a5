internal import ArgumentParser

/// Looks into journals.
struct JournalCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "journal",
        abstract: "Lists, prints, verifies and trims a journal.",
        discussion: """
            A journal is the directory DATA/journal/SOURCE. It is read as it is: no server has to run, \
            and one may.
            """,
        subcommands: [JournalList.self, JournalCat.self, JournalVerify.self, JournalTrim.self]
    )
}

/// The journal that a command looks into.
struct JournalArgument: ParsableArguments {
    @Argument(help: ArgumentHelp("The journal's directory.", valueName: "dir"))
    var directory: String
}
