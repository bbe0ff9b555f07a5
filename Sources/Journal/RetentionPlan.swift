package import Operations

/// How much of a journal is kept.
///
/// A segment goes only if all before it go, and never the one that is written.
package struct RetentionPolicy: Hashable, Sendable {
    /// What the source did longer ago than this need not be kept; nil keeps it for ever.
    package var ageMaxMilliseconds: Int64?
    /// What is more than this, oldest first, need not be kept; nil keeps it all.
    package var sizeMaxBytes: Int?
    /// Pins that are passed over, by their descriptions, and removed.
    package var overridden: Set<String>

    package init(
        ageMaxMilliseconds: Int64? = nil,
        sizeMaxBytes: Int? = nil,
        overridden: Set<String> = []
    ) {
        self.ageMaxMilliseconds = ageMaxMilliseconds
        self.sizeMaxBytes = sizeMaxBytes
        self.overridden = overridden
    }
}

/// Which segments go, and why no more of them.
package struct RetentionPlan: Hashable, Sendable {
    /// A segment that goes.
    package struct Removal: Hashable, Sendable {
        /// The file's name.
        package let segment: String
        package let id: JournalID
        package let bytes: Int
        package let lastSequence: SequenceNumber
        /// The last moment of the source that it holds.
        package let resolved: HybridTimestamp
    }

    package let journal: JournalID
    /// Oldest first.
    package internal(set) var removals: [Removal]
    /// Pins that are passed over, by their descriptions.
    package let overridden: Set<String>
    /// What keeps further segments that the policy would let go; nil if nothing does.
    package internal(set) var holder: JournalPin?
    /// The bytes of those segments.
    package internal(set) var heldBytes: Int

    /// Bytes that are given back.
    package var bytes: Int { removals.reduce(0) { $0 + $1.bytes } }
    /// The first entry that stays; nil where everything does.
    package var firstKept: SequenceNumber? { removals.last?.lastSequence.next }
}

extension RetentionPlan {
    static let title = "flightlog retention 1"

    var text: SealedText {
        var text = SealedText(Self.title)
        text.add("journal", journal)
        for removal in removals {
            text.add(
                "remove",
                "\(removal.segment) \(removal.id) \(removal.bytes) "
                    + "\(removal.lastSequence.rawValue) \(removal.resolved.rawValue)"
            )
        }
        for name in overridden.sorted() { text.add("override", name) }
        return text
    }

    /// - Throws: `FormatFailure`.
    init(_ text: SealedText) throws(FormatFailure) {
        var (removals, overridden): ([Removal], Set<String>) = ([], [])
        guard let journal = text["journal"].flatMap({ JournalID($0) }) else {
            throw FormatFailure("a plan of no journal")
        }
        for line in text.lines where line.key == "override" { overridden.insert(line.value) }
        for line in text.lines where line.key == "remove" {
            let parts = line.value.split(separator: " ").map(String.init)
            guard parts.count == 5, let id = JournalID(parts[1]), let bytes = Int(parts[2]),
                let last = UInt64(parts[3]), let resolved = UInt64(parts[4])
            else { throw FormatFailure("a removal that cannot be understood") }
            removals.append(
                Removal(
                    segment: parts[0],
                    id: id,
                    bytes: bytes,
                    lastSequence: SequenceNumber(rawValue: last),
                    resolved: HybridTimestamp(rawValue: resolved)
                )
            )
        }
        self.journal = journal
        self.removals = removals
        self.overridden = overridden
        (holder, heldBytes) = (nil, 0)
    }
}
