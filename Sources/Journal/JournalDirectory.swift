/// The files of one journal.
///
///     <directory>/
///       00000000000000000001-0000000001.flog   segments
///       HEAD                                   how far everything is durable: HeadRecord
///       LOCK                                   held by the writer; its pid and epoch as text
///       quarantine/                            torn tails that were cut off
///       pins/                                  what needs which part of it: JournalPin
///       RETENTION                              a removal under way: RetentionPlan
struct JournalDirectory: Sendable {
    let path: String
    let storage: any Storage

    var head: String { "\(path)/HEAD" }
    var lock: String { "\(path)/LOCK" }
    var quarantine: String { "\(path)/quarantine" }
    var pins: String { "\(path)/pins" }
    var retention: String { "\(path)/RETENTION" }

    func path(of segment: SegmentName) -> String { path + "/" + segment.description }

    /// The segments by ordinal; empty if there is no such directory.
    func segments() throws -> [SegmentName] { try listing().segments }

    /// The segments by ordinal, and those that were being made when a writer ended: nothing refers to them.
    func listing() throws -> (segments: [SegmentName], unfinished: [String]) {
        var segments: [SegmentName] = []
        var unfinished: [String] = []
        for name in try names() {
            if let segment = SegmentName(name) {
                segments.append(segment)
            } else if name.hasSuffix(SegmentName.temporarySuffix) {
                unfinished.append("\(path)/\(name)")
            }
        }
        return (Self.ordered(segments), unfinished)
    }

    /// Names by ordinal.
    ///
    /// Those of a journal follow one another, so as a rule each one's place is known at once.
    private static func ordered(_ names: [SegmentName]) -> [SegmentName] {
        guard let first = names.min() else { return [] }
        var ordered = [SegmentName](repeating: first, count: names.count)
        var isTaken = [Bool](repeating: false, count: names.count)
        for name in names {
            guard let place = Int(exactly: name.ordinal - first.ordinal), place < names.count,
                !isTaken[place]
            else { return names.sorted() }
            ordered[place] = name
            isTaken[place] = true
        }
        return ordered
    }

    private func names() throws -> [String] {
        do {
            return try storage.list(directory: path)
        } catch  where error.code == .notFound {
            return []
        }
    }
}

extension JournalError {
    /// What became of the journal because a call on the file system failed.
    init(_ failure: StorageFailure, _ attempt: String) {
        switch failure.code {
        case .full:
            self.init(
                .full,
                "\(attempt): \(failure).",
                hint: "Make room; nothing acknowledged is lost.",
                cause: failure
            )
        case .notFound: self.init(.notFound, "\(attempt): \(failure).", cause: failure)
        case .readOnly, .other: self.init(.io, "\(attempt): \(failure).", cause: failure)
        }
    }

    /// Bytes of a file that are not what they should be.
    init(_ error: any Error, at offset: Int, of file: String) {
        let failure = FormatFailure(error)
        self.init(
            failure.isNewer ? .refused : .corrupt,
            "\(file) at byte \(offset): \(failure.reason).",
            hint: failure.isNewer ? "Use a newer version of this program." : nil
        )
    }
}
