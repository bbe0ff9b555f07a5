internal import ArgumentParser
internal import Journal
internal import Operations

/// `flightlog journal verify`: reads every byte and says what is not as it was written.
struct JournalVerify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Checks every byte of a journal.",
        discussion: """
            Goes on behind damage and prints each damaged range. Ends with 0 where every acknowledged \
            byte is there, with 65 where one is not. Bytes behind the last commit are not damage: a \
            write that was cut short was never acknowledged.

            Examples:
              flightlog journal verify flightlog-data/journal/main
              flightlog journal verify flightlog-data/journal/main --output json
            """
    )

    @OptionGroup var journal: JournalArgument
    @OptionGroup var shown: OutputOptions

    func run() async throws {
        let report = try Journal.verify(journalAt: journal.directory)
        try shown.show(report.json, text: text(report))
        guard report.isSound else {
            throw CommandFailure(
                .corrupt,
                "the journal \(journal.directory) is damaged in \(report.damages.count) "
                    + (report.damages.count == 1 ? "place" : "places"),
                hint: "repair it from an archive, or from the source with a new journal"
            )
        }
    }

    private func text(_ report: VerificationReport) -> [String] {
        var lines = report.damages.map { damage in
            let range = "bytes \(damage.bytes.lowerBound) to \(damage.bytes.upperBound)"
            let lost =
                damage.sequences.map { ", entries \($0.lowerBound) to \($0.upperBound)" } ?? ""
            return "\(damage.segment): \(range)\(lost): \(damage.reason)"
        }
        lines.append(
            "\(report.segments) segments, \(report.frames) frames, \(report.batches) batches, "
                + "\(report.entries) entries, \(report.rows) rows"
        )
        lines.append("\(report.storedBytes) bytes stored, \(report.rawBytes) before compression")
        if let first = report.firstSequence, let last = report.lastSequence {
            lines.append("entries \(first) to \(last)")
        }
        if let resolved = report.resolved { lines.append("resolved \(resolved.time)") }
        if report.uncommittedBytes > 0 {
            lines.append("\(report.uncommittedBytes) bytes behind the last commit")
        }
        lines.append(report.isSound ? "sound" : "\(report.damages.count) damaged")
        return lines
    }
}

extension VerificationReport {
    fileprivate var json: JSON {
        .object([
            ("sound", .bool(isSound)),
            ("journal", identity.map { .text($0.journal.description) } ?? .null),
            ("source", identity.map { .text($0.source) } ?? .null),
            ("segments", .integer(Int64(segments))),
            ("frames", .integer(Int64(frames))),
            ("batches", .unsigned(batches)),
            ("entries", .unsigned(entries)),
            ("rows", .unsigned(rows)),
            ("stored_bytes", .integer(Int64(storedBytes))),
            ("raw_bytes", .integer(Int64(rawBytes))),
            ("first_sequence", .optional(firstSequence?.rawValue)),
            ("last_sequence", .optional(lastSequence?.rawValue)),
            ("first_tso", .optional(firstTimestamp?.rawValue)),
            ("last_tso", .optional(lastTimestamp?.rawValue)),
            ("resolved_tso", .optional(resolved?.rawValue)),
            ("uncommitted_bytes", .integer(Int64(uncommittedBytes))),
            (
                "damages",
                .array(
                    damages.map { damage in
                        .object([
                            ("segment", .text(damage.segment)),
                            ("from_byte", .integer(Int64(damage.bytes.lowerBound))),
                            ("to_byte", .integer(Int64(damage.bytes.upperBound))),
                            ("first_sequence", .optional(damage.sequences?.lowerBound.rawValue)),
                            ("last_sequence", .optional(damage.sequences?.upperBound.rawValue)),
                            ("reason", .text(damage.reason)),
                        ])
                    }
                )
            ),
        ])
    }
}
