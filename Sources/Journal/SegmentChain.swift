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
        let sealed = try SegmentGlance.all(names.dropLast(), in: directory)
        let last = try Segment.open(name, in: directory, for: .writing)
        let all = try sealed + [SegmentGlance(last)]
        for (before, next) in zip(all, all.dropFirst()) {
            try Self.check(next.name, next.header, follows: before)
        }
        return last
    }

    /// Checks that a segment goes on where the one before ends.
    static func check(_ segment: Segment, follows before: Segment) throws {
        try check(segment.name, segment.header, follows: SegmentGlance(before))
    }

    private static func check(
        _ name: SegmentName,
        _ header: SegmentHeader,
        follows before: SegmentGlance
    ) throws {
        guard header.journal == before.header.journal else {
            throw JournalError(
                .refused,
                "\(name) belongs to journal \(header.journal), \(before.name) to "
                    + "\(before.header.journal)."
            )
        }
        guard header.ordinal == before.header.ordinal + 1 else {
            throw JournalError(
                .corrupt,
                "Between \(before.name) and \(name) a segment is missing.",
                hint: "Restore it from the archive."
            )
        }
        guard let previous = header.previous, previous.segment == before.header.segment else {
            throw JournalError(
                .corrupt,
                "\(name) follows another segment than \(before.name).",
                hint: "Restore both from the archive."
            )
        }
        guard before.fileBytes >= previous.committedBytes else {
            throw JournalError(
                .corrupt,
                "\(before.name) has \(before.fileBytes) bytes, but \(previous.committedBytes) were durable.",
                hint: "Restore it from the archive."
            )
        }
    }
}
