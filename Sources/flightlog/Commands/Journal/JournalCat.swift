internal import ArgumentParser
internal import Journal
internal import Milvus
internal import Operations
internal import Replay

/// `flightlog journal cat`: the operations of a journal, one a line.
struct JournalCat: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cat",
        abstract: "Prints the operations of a journal.",
        discussion: """
            --from and --to take \(Moment.forms); both ends are included.

            Examples:
              flightlog journal cat flightlog-data/journal/main --op create_collection
              flightlog journal cat flightlog-data/journal/main --include shop.orders --rows --output jsonl
              flightlog journal cat flightlog-data/journal/main --from 2026-11-22T10:00:00Z --to seq:900
            """
    )

    @OptionGroup var journal: JournalArgument

    @Option(help: ArgumentHelp("The first moment.", valueName: "moment"))
    var from: Moment?

    @Option(help: ArgumentHelp("The last moment.", valueName: "moment"))
    var to: Moment?

    @Option(parsing: .singleValue, help: ArgumentHelp("Collections to show.", valueName: "pattern"))
    var include: [String] = []

    @Option(
        parsing: .singleValue,
        help: ArgumentHelp("Operations to show, such as insert or create_index.", valueName: "name")
    )
    var op: [String] = []

    @Flag(help: "Show the values of rows.")
    var rows = false

    @OptionGroup var shown: OutputOptions

    func run() async throws {
        let range = try EntryRange(
            from: from,
            to: to,
            points: JournalPins(at: journal.directory)
        )
        let filter = try EntryFilter(include: include, operations: op)
        let reader = try JournalReader.open(at: journal.directory)
        var cursor = try range.cursor(in: reader)
        var definitions = cursor.definitions
        var lines = LineBuffer()
        var isFirst = true
        if shown.output == .json { lines.append("{\"operations\":[") }
        reading: while let piece = try cursor.next() {
            for entry in piece.entries {
                let subject = EntrySubject(entry.operation, in: definitions)
                definitions.apply(entry.operation)
                guard !range.isPast(entry) else { break reading }
                guard range.isReached(entry), filter.takes(entry, subject) else { continue }
                let line = EntryLine(entry: entry, subject: subject)
                switch shown.output {
                case .text: lines.append(try line.text(showsRows: rows) + "\n")
                case .jsonl: lines.append(try line.json(showsRows: rows).compact + "\n")
                case .json:
                    lines.append(
                        (isFirst ? "\n" : ",\n") + (try line.json(showsRows: rows).compact)
                    )
                }
                isFirst = false
                try lines.flushIfFull()
            }
        }
        if shown.output == .json { lines.append("\n]}\n") }
        try lines.flush()
    }
}

/// Lines on their way to standard output, written many at a time.
struct LineBuffer {
    /// How many bytes wait at most.
    static let sizeMaxBytes = 64 << 10

    private var text = ""

    mutating func append(_ line: String) { text += line }

    mutating func flushIfFull() throws {
        if text.utf8.count >= LineBuffer.sizeMaxBytes { try flush() }
    }

    mutating func flush() throws {
        try StandardStream.output.write(text)
        text = ""
    }
}
