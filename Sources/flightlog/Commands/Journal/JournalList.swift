internal import ArgumentParser
internal import Journal
internal import Operations

/// `flightlog journal ls`: the journal's files, oldest first.
struct JournalList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ls",
        abstract: "Lists a journal's segments.",
        discussion: """
            Examples:
              flightlog journal ls flightlog-data/journal/main
              flightlog journal ls flightlog-data/journal/main --output json
            """
    )

    @OptionGroup var journal: JournalArgument
    @OptionGroup var shown: OutputOptions

    func run() async throws {
        let reader = try JournalReader.open(at: journal.directory)
        let head = try reader.head()
        let segments = try reader.segments()
        let pins = try JournalPins(at: journal.directory).all()
        try shown.show(
            .object([
                ("journal", .text(reader.identity.journal.description)),
                ("source", .text(reader.identity.source)),
                ("format", .integer(Int64(reader.identity.formatVersion))),
                ("sequence", .unsigned(head.sequence.rawValue)),
                ("resolved", .mark(head.sequence, head.resolved)),
                ("segments", .array(segments.map(\.json))),
                ("pins", .array(pins.map(\.json))),
            ]),
            text: text(reader.identity, head, segments) + pins.map(\.line)
        )
    }

    private func text(
        _ identity: JournalIdentity,
        _ head: JournalHead,
        _ segments: [SegmentSummary]
    ) -> [String] {
        var table = TextTable([
            "SEGMENT", "FIRST", "LAST", "ENTRIES", "BYTES", "FROM", "RESOLVED",
        ])
        for segment in segments {
            table.add([
                segment.name, segment.firstSequence.description,
                segment.entryCount == 0 ? "-" : segment.lastSequence.description,
                String(segment.entryCount), String(segment.committedBytes),
                segment.resolvedBefore.time, segment.resolved.time,
            ])
        }
        return [
            "journal \(identity.journal) of source \(identity.source), format \(identity.formatVersion)",
            "\(head.sequence) entries in \(head.batch) batches, resolved \(head.resolved.time)",
            "",
        ] + table.lines
    }
}

extension JournalPin {
    fileprivate var line: String {
        let moment = timestamp == .zero ? "" : " at \(timestamp.time)"
        return "\(kind.rawValue) \(name)\(moment) needs entry \(first) and what follows"
    }

    fileprivate var json: JSON {
        .object([
            ("kind", .text(kind.rawValue)),
            ("name", .text(name)),
            ("first_sequence", .unsigned(first.rawValue)),
            ("tso", .unsigned(timestamp.rawValue)),
            ("created", .text(InternetTime(unixMilliseconds: createdUnixMilliseconds).description)),
            (
                "expires",
                .optional(
                    expiresUnixMilliseconds.map { InternetTime(unixMilliseconds: $0).description }
                )
            ),
        ])
    }
}

extension SegmentSummary {
    /// How many entries it holds.
    fileprivate var entryCount: UInt64 { lastSequence.rawValue + 1 - firstSequence.rawValue }

    fileprivate var json: JSON {
        .object([
            ("name", .text(name)),
            ("ordinal", .unsigned(ordinal)),
            ("first_sequence", .unsigned(firstSequence.rawValue)),
            ("last_sequence", .unsigned(lastSequence.rawValue)),
            ("entries", .unsigned(entryCount)),
            ("bytes", .integer(Int64(committedBytes))),
            ("from_tso", .unsigned(resolvedBefore.rawValue)),
            ("from", .time(resolvedBefore)),
            ("resolved_tso", .unsigned(resolved.rawValue)),
            ("resolved", .time(resolved)),
            (
                "created",
                .text(InternetTime(unixMilliseconds: createdUnixMilliseconds).description)
            ),
        ])
    }
}
