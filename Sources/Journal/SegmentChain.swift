internal import Operations

/// Holds the segments of a journal against one another, by their headers alone.
struct SegmentChain {
    let directory: JournalDirectory
    let names: [SegmentName]

    init(_ directory: JournalDirectory, _ names: [SegmentName]) {
        self.directory = directory
        self.names = names
    }

    /// Checks that no segment is missing, cut short or foreign; returns the last one, open for
    /// writing; nil if there is none.
    ///
    /// - Throws: `JournalError`: `corrupt` or `refused`.
    func check() throws -> Segment? {
        guard let name = names.last else { return nil }
        let runs = try SegmentGlance.runs(of: names.dropLast(), in: directory) { run in
            for index in run.indices.dropFirst() {
                try Self.check(run[index].header, follows: run[index - 1])
            }
            return (first: run.first, last: run.last)
        }
        let last = try Segment.open(name, in: directory, for: .writing)
        var before: SegmentGlance?
        for (first, last) in runs {
            if let before, let first { try Self.check(first.header, follows: before) }
            before = last
        }
        if let before { try Self.check(last.header, follows: before) }
        return last
    }

    /// Checks that a segment goes on where the one before ends.
    static func check(_ segment: Segment, follows before: Segment) throws {
        try check(segment.header, follows: SegmentGlance(before))
    }

    private static func check(_ header: SegmentHeader, follows before: SegmentGlance) throws {
        guard header.journal == before.header.journal else {
            throw JournalError(
                .refused,
                "\(header.name) belongs to journal \(header.journal), \(before.header.name) to "
                    + "\(before.header.journal)."
            )
        }
        guard header.ordinal == before.header.ordinal + 1 else {
            throw JournalError(
                .corrupt,
                "Between \(before.header.name) and \(header.name) a segment is missing.",
                hint: "Restore it from the archive."
            )
        }
        guard let previous = header.previous, previous.segment == before.header.segment else {
            throw JournalError(
                .corrupt,
                "\(header.name) follows another segment than \(before.header.name).",
                hint: "Restore both from the archive."
            )
        }
        guard before.fileBytes >= previous.committedBytes else {
            throw JournalError(
                .corrupt,
                "\(before.header.name) has \(before.fileBytes) bytes, but \(previous.committedBytes) were durable.",
                hint: "Restore it from the archive."
            )
        }
    }
}
