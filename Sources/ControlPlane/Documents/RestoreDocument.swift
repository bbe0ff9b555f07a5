internal import Operations
internal import Replay

/// A restore as JSON.
package struct RestoreDocument: Codable, Hashable, Sendable {
    /// What a restore is doing.
    package enum State: String, Codable, Hashable, Sendable, CaseIterable {
        case running
        /// The target is away; it is tried again until the restore is cancelled.
        case retrying
        /// The target holds what was asked for, parked collections and gaps aside.
        case done
        case failed
        case cancelled
    }

    /// History that the journal lacks, as JSON.
    package struct Gap: Codable, Hashable, Sendable {
        /// The collection on the target; null where any may be affected.
        package var lane: String?
        package var from: UInt64
        package var through: UInt64
        package var reason: String

        init(_ gap: ReportedGap) {
            lane = gap.lane?.description
            from = gap.from.rawValue
            through = gap.through.rawValue
            reason = gap.reason
        }
    }

    enum CodingKeys: String, CodingKey {
        case id, source, target, to, end, include, exclude, rename, state, progress, rows, bytes
        case requests, checkpoint, parked, gaps, created, updated, finished
        case lastError = "last_error"
    }

    package var id: String
    package var source: String
    package var target: String
    /// The moment as it was asked for.
    package var to: String
    /// The moment as `tso:N` or `seq:N`, settled when the restore was created.
    package var end: String
    package var include: [String]
    package var exclude: [String]
    /// Each as `from=to`.
    package var rename: [String]
    package var state: State
    /// How much of the way is done, from 0 to 1; null before it began.
    package var progress: Double?
    package var rows: UInt64
    /// Roughly.
    package var bytes: UInt64
    package var requests: UInt64
    package var checkpoint: MarkDocument
    package var parked: [TaskDocument.ParkedLane]
    package var gaps: [Gap]
    /// Milliseconds since 1970.
    package var created: Int64
    /// Milliseconds since 1970.
    package var updated: Int64
    /// Milliseconds since 1970; null while it runs.
    package var finished: Int64?
    package var lastError: String?

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(id, forKey: .id)
        try container.encode(source, forKey: .source)
        try container.encode(target, forKey: .target)
        try container.encode(to, forKey: .to)
        try container.encode(end, forKey: .end)
        try container.encode(include, forKey: .include)
        try container.encode(exclude, forKey: .exclude)
        try container.encode(rename, forKey: .rename)
        try container.encode(state, forKey: .state)
        // These are there even when they say nothing, so that a reader need not guess.
        try container.encode(progress, forKey: .progress)
        try container.encode(rows, forKey: .rows)
        try container.encode(bytes, forKey: .bytes)
        try container.encode(requests, forKey: .requests)
        try container.encode(checkpoint, forKey: .checkpoint)
        try container.encode(parked, forKey: .parked)
        try container.encode(gaps, forKey: .gaps)
        try container.encode(created, forKey: .created)
        try container.encode(updated, forKey: .updated)
        try container.encode(finished, forKey: .finished)
        try container.encode(lastError, forKey: .lastError)
    }
}

/// Restores as JSON, oldest first.
package struct RestoreList: Codable, Hashable, Sendable {
    enum CodingKeys: String, CodingKey {
        case restores
        case nextPageToken = "next_page_token"
    }

    package var restores: [RestoreDocument]
    package var nextPageToken: String?
}

/// What creates a restore, as JSON.
package struct RestoreRequest: Codable, Hashable, Sendable {
    package var id: String?
    package var source: String
    /// A name of the configuration, or an address.
    package var target: String
    /// An RFC 3339 time, `tso:N`, `seq:N`, `point:NAME` or `latest`.
    package var to: String
    package var include: [String]?
    package var exclude: [String]?
    /// Each as `from=to`.
    package var rename: [String]?

    package init(id: String?, source: String, target: String, to: String) {
        self.id = id
        self.source = source
        self.target = target
        self.to = to
    }
}

extension RestoreRequest: RequestDocument {
    static let keys: Set = ["id", "source", "target", "to", "include", "exclude", "rename"]
}
