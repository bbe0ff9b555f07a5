package import Operations

/// A source as JSON.
package struct SourceDocument: Codable, Hashable, Sendable {
    /// What a source's reader is doing.
    package enum State: String, Codable, CaseIterable, Hashable, Sendable {
        /// Before the first answer of its peers.
        case starting
        /// Reading on.
        case running
        /// A peer is away; it is tried again for ever.
        case retrying
        /// History was lost before it could be read; a person has to decide.
        case gap
        /// It stopped and needs a person.
        case failed
    }

    /// A channel of the source's log as JSON.
    package struct Channel: Codable, Hashable, Sendable {
        enum CodingKeys: String, CodingKey {
            case name, offset, head
            case lagSeconds = "lag_seconds"
        }

        package var name: String
        /// The offset at which reading would go on after a restart.
        package var offset: Int64
        /// The timestamp of the newest time tick that was read.
        package var head: UInt64
        /// How far the wall clock is ahead of that.
        package var lagSeconds: Double

        package init(name: String, offset: Int64, head: HybridTimestamp, lagSeconds: Double) {
            self.name = name
            self.offset = offset
            self.head = head.rawValue
            self.lagSeconds = lagSeconds
        }
    }

    /// A gap in the source's history as JSON.
    package struct Gap: Codable, Hashable, Sendable {
        enum CodingKeys: String, CodingKey {
            case database, collection, shard, from, through, reason
            case collectionID = "collection_id"
        }

        package var database: String?
        package var collection: String?
        package var collectionID: Int64?
        package var shard: Int?
        package var from: UInt64
        package var through: UInt64
        package var reason: String

        package init(_ gap: Operations.Gap, name: CollectionName?) {
            database = name?.database
            collection = name?.collection
            collectionID = gap.collection?.rawValue
            shard = gap.shard
            from = gap.from.rawValue
            through = gap.through.rawValue
            reason = gap.reason
        }
    }

    /// What a source's journal holds, as JSON.
    package struct Journal: Codable, Hashable, Sendable {
        enum CodingKeys: String, CodingKey {
            case oldest, segments, bytes
            case diskFreeBytes = "disk_free_bytes"
        }

        /// The first entry, and the oldest moment that can be restored; the newest is the source's `resolved`.
        package var oldest: MarkDocument
        /// Files.
        package var segments: Int
        /// What they take.
        package var bytes: Int
        /// What is left on their disk.
        package var diskFreeBytes: Int

        package init(oldest: MarkDocument, segments: Int, bytes: Int, diskFreeBytes: Int) {
            self.oldest = oldest
            self.segments = segments
            self.bytes = bytes
            self.diskFreeBytes = diskFreeBytes
        }
    }

    enum CodingKeys: String, CodingKey {
        case name, state, resolved, channels, gaps, reading, journal
        case lagSeconds = "lag_seconds"
        case lastError = "last_error"
    }

    package var name: String
    package var state: State
    /// The end of the journal: everything of the source up to here is in it.
    package var resolved: MarkDocument
    /// How far the wall clock is ahead of that.
    package var lagSeconds: Double?
    package var channels: [Channel]
    package var gaps: [Gap]
    /// Null while it is not being read.
    package var reading: ReadingDocument?
    /// Null where it cannot be read.
    package var journal: Journal?
    package var lastError: String?

    package init(
        name: String,
        state: State,
        resolved: MarkDocument,
        lagSeconds: Double?,
        channels: [Channel],
        gaps: [Gap],
        reading: ReadingDocument?,
        journal: Journal?,
        lastError: String?
    ) {
        self.name = name
        self.state = state
        self.resolved = resolved
        self.lagSeconds = lagSeconds
        self.channels = channels
        self.gaps = gaps
        self.reading = reading
        self.journal = journal
        self.lastError = lastError
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .name)
        try container.encode(state, forKey: .state)
        try container.encode(resolved, forKey: .resolved)
        // These are there even when they say nothing, so that a reader need not guess.
        try container.encode(lagSeconds, forKey: .lagSeconds)
        try container.encode(channels, forKey: .channels)
        try container.encode(gaps, forKey: .gaps)
        try container.encode(reading, forKey: .reading)
        try container.encode(journal, forKey: .journal)
        try container.encode(lastError, forKey: .lastError)
    }
}

/// Every source as JSON: `{"sources": [...]}`.
package struct SourceList: Codable, Hashable, Sendable {
    enum CodingKeys: String, CodingKey {
        case sources
        case nextPageToken = "next_page_token"
    }

    package var sources: [SourceDocument]
    /// Where the next page begins; nil on the last one.
    package var nextPageToken: String?

    package init(sources: [SourceDocument], nextPageToken: String? = nil) {
        self.sources = sources
        self.nextPageToken = nextPageToken
    }
}
