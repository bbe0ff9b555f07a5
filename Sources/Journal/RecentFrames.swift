internal import Operations
internal import Synchronization

/// The entries of the frames that were read last, shared by the cursors of one reader.
///
/// Replays of one source follow the journal side by side; each frame is then read, checked and decompressed
/// once, not once for each of them. A cursor that is alone or far behind pays one look-up for each frame.
final class RecentFrames: Sendable {
    /// Where a committed frame lies; what lies there never changes.
    struct Place: Hashable, Sendable {
        let ordinal: UInt64
        let segment: JournalID
        let offset: Int

        init(_ header: SegmentHeader, offset: Int) {
            ordinal = header.ordinal
            segment = header.segment
            self.offset = offset
        }
    }

    private struct Kept {
        let place: Place
        let entries: [Entry]
        let byteCount: Int
    }

    private struct State {
        /// Oldest first.
        var kept: [Kept] = []
        var byteCount = 0
    }

    /// What the kept frames may take before compression; one batch of a busy source fits.
    static let sizeMaxBytes = 8 << 20

    private let state = Mutex(State())

    /// The entries of a frame, kept or decoded.
    ///
    /// Others wait meanwhile, because they usually want the same frame.
    func entries(
        at place: Place,
        byteCount: Int,
        decoding: () throws -> [Entry]
    ) throws -> [Entry] {
        try state.withLock { state in
            if let found = state.kept.last(where: { $0.place == place }) { return found.entries }
            let entries = try decoding()
            guard byteCount <= Self.sizeMaxBytes / 2 else { return entries }
            state.kept.append(Kept(place: place, entries: entries, byteCount: byteCount))
            state.byteCount += byteCount
            while state.byteCount > Self.sizeMaxBytes {
                state.byteCount -= state.kept.removeFirst().byteCount
            }
            return entries
        }
    }
}
