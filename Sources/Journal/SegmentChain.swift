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
        var before: Segment?
        for name in names {
            let isLast = name == names.last
            let segment = try Segment.open(name, in: directory, for: isLast ? .writing : .reading)
            if let before { try Self.check(segment, follows: before) }
            before = segment
        }
        return before
    }

    /// Checks that a segment goes on where the one before ends.
    static func check(_ segment: Segment, follows before: Segment) throws {
        guard segment.header.journal == before.header.journal else {
            throw JournalError(
                .refused,
                "\(segment.name) belongs to journal \(segment.header.journal), \(before.name) to "
                    + "\(before.header.journal)."
            )
        }
        guard segment.header.ordinal == before.header.ordinal + 1 else {
            throw JournalError(
                .corrupt,
                "Between \(before.name) and \(segment.name) a segment is missing.",
                hint: "Restore it from the archive."
            )
        }
        guard let previous = segment.header.previous, previous.segment == before.header.segment
        else {
            throw JournalError(
                .corrupt,
                "\(segment.name) follows another segment than \(before.name).",
                hint: "Restore both from the archive."
            )
        }
        let size = try before.size()
        guard size >= previous.committedBytes else {
            throw JournalError(
                .corrupt,
                "\(before.name) has \(size) bytes, but \(previous.committedBytes) were durable.",
                hint: "Restore it from the archive."
            )
        }
    }
}
