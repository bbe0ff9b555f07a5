internal import ArgumentParser
internal import FoundationEssentials
internal import Glibc
internal import Journal
internal import Operations

/// `flightlog journal trim`: lets go of the oldest part of a journal.
struct JournalTrim: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trim",
        abstract: "Removes a journal's oldest segments.",
        discussion: """
            Whole segments go, oldest first, and never one that a task, a restore point or a restore \
            under way needs, unless that is named with --past. What a trimmed journal begins with can \
            be replayed by tasks that are beyond it, and cannot be restored from it any more. While \
            serve runs, it does this itself: see retention in the configuration.

            Examples:
              flightlog journal trim flightlog-data/journal/main --age 30d --plan
              flightlog journal trim flightlog-data/journal/main --size 500GB --yes
              flightlog journal trim flightlog-data/journal/main --age 7d --past point.monday --yes
            """
    )

    @OptionGroup var journal: JournalArgument

    @Option(help: ArgumentHelp("Keep what the source did since, such as 30d.", valueName: "age"))
    var age: TimeSpan?

    @Option(help: ArgumentHelp("Keep about this much, such as 500GB.", valueName: "size"))
    var size: ByteCount?

    @Option(
        parsing: .singleValue,
        help: ArgumentHelp("Remove this pin instead of heeding it.", valueName: "pin")
    )
    var past: [String] = []

    @Flag(help: "Print what would be done, and do nothing.")
    var plan = false

    @Flag(help: "Do not ask.")
    var yes = false

    @OptionGroup var shown: OutputOptions

    func run() async throws {
        guard age != nil || size != nil else {
            throw CommandFailure(.usage, "nothing says what to keep", hint: "give --age or --size")
        }
        let policy = RetentionPolicy(
            ageMaxMilliseconds: age?.milliseconds,
            sizeMaxBytes: size?.bytes,
            overridden: Set(past)
        )
        let now = Int64(Date().timeIntervalSince1970 * 1000)
        let retention = Retention(at: journal.directory)
        let found = try retention.plan(policy, now: now)
        if !plan, !found.removals.isEmpty {
            try expectConsent(to: found)
            try retention.execute(found, now: now)
        }
        try shown.show(json(found), text: lines(found))
    }

    private func expectConsent(to found: RetentionPlan) throws {
        guard !yes else { return }
        if Consent.canBeAsked {
            for line in lines(found) { try StandardStream.error.line(line) }
        }
        try Consent.ask("Remove them?", refusal: "this removes history")
    }

    private func lines(_ found: RetentionPlan) -> [String] {
        var table = TextTable(["SEGMENT", "THROUGH", "RESOLVED", "BYTES"])
        for removal in found.removals {
            table.add([
                removal.segment, removal.lastSequence.description, removal.resolved.time,
                String(removal.bytes),
            ])
        }
        var lines = found.removals.isEmpty ? [] : table.lines
        if let holder = found.holder {
            lines.append(
                "\(holder) keeps \(found.heldBytes) bytes more, from entry \(holder.first)"
            )
        }
        let count = found.removals.count
        lines.append(
            "\(count) \(count == 1 ? "segment" : "segments"), \(found.bytes) bytes"
                + (plan ? "; nothing was done" : count == 0 ? "" : " removed")
        )
        return lines
    }

    private func json(_ found: RetentionPlan) -> JSON {
        .object([
            ("removed", .bool(!plan && !found.removals.isEmpty)),
            ("bytes", .integer(Int64(found.bytes))),
            ("first_kept", found.firstKept.map { .unsigned($0.rawValue) } ?? .null),
            (
                "segments",
                .array(
                    found.removals.map { removal in
                        .object([
                            ("name", .text(removal.segment)),
                            ("bytes", .integer(Int64(removal.bytes))),
                            ("last_sequence", .unsigned(removal.lastSequence.rawValue)),
                            ("resolved_tso", .unsigned(removal.resolved.rawValue)),
                        ])
                    }
                )
            ),
            ("held_by", .optional(found.holder?.description)),
            ("held_bytes", .integer(Int64(found.heldBytes))),
        ])
    }
}
