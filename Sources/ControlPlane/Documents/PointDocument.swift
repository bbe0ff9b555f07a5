internal import Operations

/// A restore point as JSON: a name for a moment of a source.
package struct PointDocument: Codable, Hashable, Sendable {
    package var name: String
    package var source: String
    /// The moment; what happened up to and with it belongs to the point.
    package var tso: UInt64
    /// When it was named, in milliseconds since 1970.
    package var created: Int64
    /// Whether the journal is complete up to the moment yet.
    package var resolved: Bool

    init(name: String, source: String, at tso: HybridTimestamp, created: Int64, isResolved: Bool) {
        self.name = name
        self.source = source
        self.tso = tso.rawValue
        self.created = created
        resolved = isResolved
    }
}

/// Restore points as JSON: `{"points": [...]}`.
package struct PointList: Codable, Hashable, Sendable {
    enum CodingKeys: String, CodingKey {
        case points
        case nextPageToken = "next_page_token"
    }

    package var points: [PointDocument]
    /// Where the next page begins; nil on the last one.
    package var nextPageToken: String?

    package init(points: [PointDocument], nextPageToken: String? = nil) {
        self.points = points
        self.nextPageToken = nextPageToken
    }
}

/// What creates a restore point, as JSON.
package struct PointRequest: Codable, Hashable, Sendable {
    package var name: String
    package var source: String
    /// `tso:N` or an RFC 3339 time; now where nothing is said.
    package var at: String?

    package init(name: String, source: String, at: String?) {
        self.name = name
        self.source = source
        self.at = at
    }
}

extension PointRequest: RequestDocument {
    static let keys: Set = ["name", "source", "at"]
}
