package import Operations

/// The point a restore goes to, as a person writes it.
package enum RestoreGoal: Hashable, Sendable, CustomStringConvertible {
    /// Everything the journal holds when the restore begins.
    case latest
    case timestamp(HybridTimestamp)
    case sequence(SequenceNumber)
    /// A restore point.
    case point(String)

    /// - Parameter text: `latest`, `tso:N`, `seq:N`, `point:NAME`, a time as RFC 3339 writes it, which
    ///   means the end of its millisecond, or the bare name of a restore point that begins with a letter.
    /// - Throws: `ReplayError` with code `invalid`.
    package init(_ text: String) throws {
        func number(after prefix: String) throws -> UInt64 {
            guard let number = UInt64(text.dropFirst(prefix.count)) else {
                throw Self.unclear(text)
            }
            return number
        }
        if text == "latest" {
            self = .latest
        } else if text.hasPrefix("tso:") {
            self = .timestamp(HybridTimestamp(rawValue: try number(after: "tso:")))
        } else if text.hasPrefix("seq:") {
            self = .sequence(SequenceNumber(rawValue: try number(after: "seq:")))
        } else if text.hasPrefix("point:"), text.count > "point:".count {
            self = .point(String(text.dropFirst("point:".count)))
        } else if let instant = InternetInstant(text) {
            self = .timestamp(
                HybridTimestamp(endOfUnixMilliseconds: instant.unixMilliseconds)
            )
        } else if let first = text.unicodeScalars.first, first.properties.isAlphabetic,
            text.allSatisfy({
                $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0))
            })
        {
            self = .point(text)
        } else {
            throw Self.unclear(text)
        }
    }

    package var description: String {
        switch self {
        case .latest: "latest"
        case .timestamp(let timestamp): "tso:\(timestamp)"
        case .sequence(let sequence): "seq:\(sequence)"
        case .point(let name): "point:\(name)"
        }
    }

    /// Where this is in a journal.
    ///
    /// - Parameters:
    ///   - span: What the journal holds.
    ///   - point: Looks up the timestamp of a restore point.
    /// - Returns: The end, which the journal holds.
    /// - Throws: `ReplayError` with code `notFound` where the journal does not hold it.
    package func end(
        in span: JournalSpan,
        point: (String) throws -> HybridTimestamp?
    ) throws -> ReplayEnd {
        switch self {
        case .latest: return .sequence(span.head.sequence)
        case .sequence(let sequence):
            guard sequence <= span.head.sequence else {
                throw ReplayError(
                    .notFound,
                    "The journal ends at entry \(span.head.sequence), before \(sequence)."
                )
            }
            guard sequence > span.start.sequence else {
                throw ReplayError(
                    .notFound,
                    "The journal begins at entry \(span.start.sequence.next), after \(sequence)."
                )
            }
            return .sequence(sequence)
        case .timestamp(let timestamp): return try Self.end(at: timestamp, in: span)
        case .point(let name):
            guard let timestamp = try point(name) else {
                throw ReplayError(.notFound, "There is no restore point \(name).")
            }
            return try Self.end(at: timestamp, in: span)
        }
    }

    private static func end(
        at timestamp: HybridTimestamp,
        in span: JournalSpan
    ) throws -> ReplayEnd {
        guard timestamp <= span.head.tso else {
            throw ReplayError(
                .notFound,
                "The journal holds everything up to tso \(span.head.tso), not yet \(timestamp)."
            )
        }
        guard timestamp >= span.first else {
            throw ReplayError(
                .notFound,
                "The journal begins at tso \(span.first), after \(timestamp)."
            )
        }
        return .timestamp(timestamp)
    }

    private static func unclear(_ text: String) -> ReplayError {
        ReplayError(
            .invalid,
            "“\(text)” is no point to restore to.",
            hint: "Write latest, tso:N, seq:N, point:NAME, or a time such as 2024-05-01T10:00:00Z."
        )
    }
}

/// What a journal holds.
package struct JournalSpan: Hashable, Sendable {
    /// The point before its oldest entry.
    package let start: Mark
    /// The timestamp of its oldest entry, or of the first moment it is complete for.
    ///
    /// A source tells of some things, such as users, without when they came; those entries count only where no
    /// other is near.
    package let first: HybridTimestamp
    package let head: Mark

    package init(start: Mark, first: HybridTimestamp, head: Mark) {
        self.start = start
        self.first = first
        self.head = head
    }

    /// Reads as far as the first entry.
    package init(of source: any EntrySource) throws {
        start = try source.start()
        head = try source.head()
        first =
            start.tso == .zero
            ? try source.cursor(after: start.sequence).firstMoment() : start.tso
    }
}

extension EntryCursor {
    /// The timestamp of the first entry that has a date, or else of the first batch; zero where there is none.
    fileprivate func firstMoment() throws -> HybridTimestamp {
        var cursor = self
        var undated: HybridTimestamp?
        while let piece = try cursor.next() {
            if let dated = piece.entries.first(where: { $0.timestamp.unixMilliseconds > 0 }) {
                return dated.timestamp
            }
            undated = undated ?? piece.entries.first?.timestamp
            guard let commit = piece.commit else { continue }
            return commit.tso.unixMilliseconds > 0 ? commit.tso : undated ?? commit.tso
        }
        return undated ?? .zero
    }
}
