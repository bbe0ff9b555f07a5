package import Operations

/// Something that needs a part of a journal, which retention therefore leaves alone.
///
/// A file `pins/<kind>.<name>` in the journal's directory, so that whoever opens the journal knows of it.
package struct JournalPin: Hashable, Sendable, CustomStringConvertible {
    /// Who needs it.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        /// A replication that is this far.
        case task
        /// A restore point: the whole history that leads to it.
        case point
        /// A restore, a backup or a comparison under way; ends by itself if its process dies.
        case lease
    }

    package let kind: Kind
    /// Of its kind.
    package let name: String
    /// The first entry that is needed.
    package var first: SequenceNumber
    /// The moment that a restore point names; zero elsewhere.
    package var timestamp: HybridTimestamp
    /// In milliseconds since 1970.
    package var createdUnixMilliseconds: Int64
    /// From when on nobody needs it, in milliseconds since 1970; nil for ever.
    package var expiresUnixMilliseconds: Int64?

    package init(
        _ kind: Kind,
        _ name: String,
        first: SequenceNumber,
        timestamp: HybridTimestamp = .zero,
        createdUnixMilliseconds: Int64,
        expiresUnixMilliseconds: Int64? = nil
    ) {
        self.kind = kind
        self.name = name
        self.first = first
        self.timestamp = timestamp
        self.createdUnixMilliseconds = createdUnixMilliseconds
        self.expiresUnixMilliseconds = expiresUnixMilliseconds
    }

    /// Kind and name, as the file is called.
    package var description: String { "\(kind.rawValue).\(name)" }

    /// How long a name may be.
    static let nameSizeMaxBytes = 200

    /// Whether a file can be called so: letters, digits, `.`, `_`, `-` of ASCII.
    package static func isName(_ name: String) -> Bool {
        (1...nameSizeMaxBytes).contains(name.utf8.count) && !name.hasSuffix(".tmp")
            && name.allSatisfy {
                $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0))
            }
    }

    func isExpired(at now: Int64) -> Bool { expiresUnixMilliseconds.map { $0 <= now } ?? false }
}

extension JournalPin {
    static let title = "flightlog pin 1"

    var text: SealedText {
        var text = SealedText(Self.title)
        text.add("first", first.rawValue)
        text.add("tso", timestamp.rawValue)
        text.add("created", createdUnixMilliseconds)
        if let expiresUnixMilliseconds { text.add("expires", expiresUnixMilliseconds) }
        return text
    }

    /// - Throws: `FormatFailure`.
    init(_ kind: Kind, _ name: String, _ text: SealedText) throws(FormatFailure) {
        self.init(
            kind,
            name,
            first: SequenceNumber(rawValue: try text.number("first")),
            timestamp: HybridTimestamp(rawValue: try text.number("tso")),
            createdUnixMilliseconds: try text.number("created"),
            expiresUnixMilliseconds: text["expires"] == nil ? nil : try text.number("expires")
        )
    }
}
