internal import FoundationEssentials

/// What a journal takes from the world besides its files; tests fix it to get the same bytes every time.
struct Surroundings: Sendable {
    /// Makes ids of journals and segments.
    var id: @Sendable () -> JournalID
    /// The wall clock, in milliseconds since 1970.
    ///
    /// Recorded for people; compared only to tell how old a segment is.
    var unixMilliseconds: @Sendable () -> Int64

    static let real = Surroundings(
        id: { JournalID.random() },
        unixMilliseconds: { Int64(Date().timeIntervalSince1970 * 1000) }
    )
}
