internal import Operations

/// A place in the journal, and what was taken in from there.
final class Reading {
    var cursor: any EntryCursor
    var translation: Translation
    var window: ReplayWindow
    /// Nothing beyond this entry was sent, as it is saved or will be before anything more is.
    var reach: SequenceNumber
    /// The last entry that was taken in.
    var taken: SequenceNumber
    /// A piece that was read, of which nothing or not all is taken in.
    var piece: EntryPiece?

    init(
        cursor: any EntryCursor,
        translation: Translation,
        window: ReplayWindow,
        reach: SequenceNumber
    ) {
        self.cursor = cursor
        self.translation = translation
        self.window = window
        self.reach = reach
        taken = window.line.last
    }

    /// Nothing is under way, so nothing beyond what was sent, now or before a crash, is in doubt.
    func settleReach() {
        reach = max(window.line.through.sequence, window.reach, window.doubtReach)
    }
}
