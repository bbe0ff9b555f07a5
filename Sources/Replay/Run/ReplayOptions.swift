package import Operations

/// How a replay is run.
package struct ReplayOptions: Sendable {
    /// So long a lane may keep the others of a target waiting that is kept up with a journal.
    package static let patience = Duration.seconds(2)

    /// How many calls on the target may be under way.
    package var requestsMax: Int
    /// How many bytes may be read and not acknowledged.
    package var windowSizeMaxBytes: Int
    /// How far ahead of what is sent the reach is recorded, in entries; never past the journal's head.
    package var reachStep: UInt64
    /// The least time between two saves while calls are under way.
    package var saveInterval: Duration
    /// The least time between two saves where nothing was applied.
    package var idleSaveInterval: Duration
    package var backoff: Backoff
    /// Whether a collection that is to be created and holds rows on the target already ends the replay.
    package var refusesExistingRows: Bool
    /// What becomes of an entry that the target refuses for good.
    package var onError: ErrorPolicy
    /// How long a lane may keep the others waiting before it is read apart from them; nil means for ever.
    package var setsApartAfter: Duration?

    package init(
        requestsMax: Int = 8,
        windowSizeMaxBytes: Int = 24 << 20,
        reachStep: UInt64 = 10_000,
        saveInterval: Duration = .milliseconds(200),
        idleSaveInterval: Duration = .seconds(1),
        backoff: Backoff = .standard,
        refusesExistingRows: Bool = false,
        onError: ErrorPolicy = .park,
        setsApartAfter: Duration? = nil
    ) {
        self.requestsMax = requestsMax
        self.windowSizeMaxBytes = windowSizeMaxBytes
        self.reachStep = reachStep
        self.saveInterval = saveInterval
        self.idleSaveInterval = idleSaveInterval
        self.backoff = backoff
        self.refusesExistingRows = refusesExistingRows
        self.onError = onError
        self.setsApartAfter = setsApartAfter
    }
}

/// What becomes of an entry that the target refuses for good.
package enum ErrorPolicy: Hashable, Sendable {
    /// Its lane waits for a person.
    case park
    /// It is listed as a dead letter, and the lane goes on.
    case deadLetter
}

/// Where a replay ends.
package enum ReplayEnd: Hashable, Sendable {
    /// After this entry.
    case sequence(SequenceNumber)
    /// After every entry with a timestamp up to and including this one.
    case timestamp(HybridTimestamp)
}
