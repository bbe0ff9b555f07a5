/// A replication task as JSON.
package struct TaskDocument: Codable, Hashable, Sendable {
    /// What a task is doing.
    package enum State: String, Codable, CaseIterable, Hashable, Sendable {
        case running
        /// A person stopped it; only a person starts it again.
        case paused
        /// The target is away; it is tried again for ever.
        case retrying
        /// Some lanes wait for a person, the others go on.
        case parked
        /// The source's history has a gap that this task would have needed.
        case gap
        /// It stopped and needs a person.
        case failed
        case done
    }

    /// A lane that waits for a person, as JSON.
    package struct ParkedLane: Codable, Hashable, Sendable {
        package var lane: String
        /// The entry that the target does not take.
        package var sequence: UInt64?
        package var error: String
        /// What has to happen, as a sentence.
        package var waitsFor: String?

        enum CodingKeys: String, CodingKey {
            case lane, sequence, error
            case waitsFor = "waits_for"
        }

        package init(lane: String, sequence: UInt64?, error: String, waitsFor: String? = nil) {
            self.lane = lane
            self.sequence = sequence
            self.error = error
            self.waitsFor = waitsFor
        }
    }

    /// What came of inserts that may have been applied before, as JSON.
    package struct InDoubt: Codable, Hashable, Sendable {
        enum CodingKeys: String, CodingKey {
            case requests, rows
            case rowsHeld = "rows_held"
            case requestsUntold = "requests_untold"
        }

        /// Requests in doubt.
        package var requests: Int
        /// Rows in them.
        package var rows: Int
        /// Rows that the target held of their keys: applied before, or further rows of keys that the source
        /// holds several times, which may have become one.
        package var rowsHeld: Int
        /// Requests of which the target could not tell what it held, as the collection was not loaded.
        package var requestsUntold: Int

        package init(requests: Int, rows: Int, rowsHeld: Int, requestsUntold: Int) {
            self.requests = requests
            self.rows = rows
            self.rowsHeld = rowsHeld
            self.requestsUntold = requestsUntold
        }
    }

    enum CodingKeys: String, CodingKey {
        case id, source, target, state, checkpoint, resolved, include, exclude, rename, start
        case parked, created, updated, etag
        case inDoubt = "in_doubt"
        case gaps, skipped, notices
        case lagSeconds = "lag_seconds"
        case backlogEntries = "backlog_entries"
        case lastError = "last_error"
        case leaveOut = "leave_out"
        case onError = "on_error"
        case deadLetters = "dead_letters"
    }

    package var id: String
    package var source: String
    /// A name of the configuration, or an address.
    package var target: String
    package var state: State
    /// The source timestamp up to which the target holds everything, and the entry that goes with it.
    package var checkpoint: MarkDocument
    /// The end of the source's journal.
    package var resolved: MarkDocument
    /// How far the target is behind; 0 where it holds everything and the source is being read.
    package var lagSeconds: Double
    /// How many entries of the journal lie between checkpoint and end.
    package var backlogEntries: UInt64
    package var include: [String]
    package var exclude: [String]
    /// Each as `from=to`.
    package var rename: [String]
    /// Names of operations that are not replicated.
    package var leaveOut: [String]
    /// `park` or `dead-letter`: what becomes of an entry that the target refuses for good.
    package var onError: String
    /// How many entries were refused and passed.
    package var deadLetters: Int
    /// Where in the journal it began: `earliest`, `latest`, `tso:N` or `point:NAME`.
    package var start: String
    package var parked: [ParkedLane]
    package var inDoubt: InDoubt
    /// History that the source lost and this task would have needed.
    package var gaps: [Gap]?
    /// What the target cannot hold and was passed over.
    package var skipped: [Skipped]?
    /// What could not be taken over and is left for a person to do, each a sentence.
    package var notices: [String]?
    package var lastError: String?
    /// Milliseconds since 1970.
    package var created: Int64
    /// When a person changed it last, in milliseconds since 1970.
    package var updated: Int64
    /// Which state of which task this is, for `If-Match`.
    package var etag: String

    package init(
        id: String,
        source: String,
        target: String,
        state: State,
        checkpoint: MarkDocument,
        resolved: MarkDocument,
        lagSeconds: Double,
        backlogEntries: UInt64,
        include: [String],
        exclude: [String],
        rename: [String],
        leaveOut: [String],
        onError: String,
        deadLetters: Int,
        start: String,
        parked: [ParkedLane],
        inDoubt: InDoubt,
        gaps: [Gap] = [],
        skipped: [Skipped] = [],
        notices: [String] = [],
        lastError: String?,
        created: Int64,
        updated: Int64,
        etag: String
    ) {
        self.id = id
        self.source = source
        self.target = target
        self.state = state
        self.checkpoint = checkpoint
        self.resolved = resolved
        self.lagSeconds = lagSeconds
        self.backlogEntries = backlogEntries
        self.include = include
        self.exclude = exclude
        self.rename = rename
        self.leaveOut = leaveOut
        self.onError = onError
        self.deadLetters = deadLetters
        self.start = start
        self.parked = parked
        self.inDoubt = inDoubt
        self.gaps = gaps
        self.skipped = skipped
        self.notices = notices
        self.lastError = lastError
        self.created = created
        self.updated = updated
        self.etag = etag
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(id, forKey: .id)
        try container.encode(source, forKey: .source)
        try container.encode(target, forKey: .target)
        try container.encode(state, forKey: .state)
        try container.encode(checkpoint, forKey: .checkpoint)
        try container.encode(resolved, forKey: .resolved)
        try container.encode(lagSeconds, forKey: .lagSeconds)
        try container.encode(backlogEntries, forKey: .backlogEntries)
        try container.encode(include, forKey: .include)
        try container.encode(exclude, forKey: .exclude)
        try container.encode(rename, forKey: .rename)
        try container.encode(leaveOut, forKey: .leaveOut)
        try container.encode(onError, forKey: .onError)
        try container.encode(deadLetters, forKey: .deadLetters)
        try container.encode(start, forKey: .start)
        try container.encode(parked, forKey: .parked)
        try container.encode(inDoubt, forKey: .inDoubt)
        try container.encode(gaps ?? [], forKey: .gaps)
        try container.encode(skipped ?? [], forKey: .skipped)
        try container.encode(notices ?? [], forKey: .notices)
        // There even when it is null, so that a reader need not guess.
        try container.encode(lastError, forKey: .lastError)
        try container.encode(created, forKey: .created)
        try container.encode(updated, forKey: .updated)
        try container.encode(etag, forKey: .etag)
    }
}

/// Every task as JSON: `{"tasks": [...]}`.
package struct TaskList: Codable, Hashable, Sendable {
    enum CodingKeys: String, CodingKey {
        case tasks
        case nextPageToken = "next_page_token"
    }

    package var tasks: [TaskDocument]
    /// Where the next page begins; nil on the last one.
    package var nextPageToken: String?

    package init(tasks: [TaskDocument], nextPageToken: String? = nil) {
        self.tasks = tasks
        self.nextPageToken = nextPageToken
    }
}
