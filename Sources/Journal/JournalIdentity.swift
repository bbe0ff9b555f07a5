package import Operations

/// What tells one journal, or one segment, from every other: 16 random bytes, shown as a UUID.
package struct JournalID: Hashable, Sendable, CustomStringConvertible {
    /// The first eight bytes, big-endian.
    let high: UInt64
    /// The last eight bytes, big-endian.
    let low: UInt64

    /// The UUID text, in lower case.
    package var description: String {
        let digits = [high, low].map { half in
            let text = String(half, radix: 16)
            return String(repeating: "0", count: 16 - text.count) + text
        }
        var rest = digits.joined()[...]
        let groups = [8, 4, 4, 4, 12].map { length in
            defer { rest = rest.dropFirst(length) }
            return String(rest.prefix(length))
        }
        return groups.joined(separator: "-")
    }
}

extension JournalID {
    /// Reads the text of `description`; nil if it is none.
    init?(_ text: String) {
        let digits = text.filter { $0 != "-" }
        guard digits.utf8.count == 32, let high = UInt64(digits.prefix(16), radix: 16),
            let low = UInt64(digits.suffix(16), radix: 16)
        else { return nil }
        self.init(high: high, low: low)
        guard description == text else { return nil }
    }
}

/// Which journal this is.
package struct JournalIdentity: Hashable, Sendable {
    /// Made when the journal is; every segment carries it.
    package let journal: JournalID
    /// The name of the source whose history this is.
    package let source: String
    /// The version of the format its newest segment is written in.
    package let formatVersion: Int
}

/// How far a journal goes: the last committed batch.
package struct JournalHead: Hashable, Sendable {
    /// The last committed entry; zero if there is none.
    package let sequence: SequenceNumber
    /// Every operation of the source up to here is in the journal.
    package let resolved: HybridTimestamp
    /// How many batches were committed since the journal began, empty ones included.
    package let batch: UInt64
    /// Where the reader resumes; nil if no batch was committed.
    package let position: SourcePosition?

    /// The head of a journal that holds nothing.
    package static let empty = JournalHead(
        sequence: .zero,
        resolved: .zero,
        batch: 0,
        position: nil
    )
}
