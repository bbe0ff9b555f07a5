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

    /// A reading that goes on where a checkpoint says that some lanes are.
    ///
    /// - Parameters:
    ///   - start: Up to here everything of the lanes is done.
    ///   - reach: Nothing of them beyond this entry was ever sent.
    ///   - checkpoint: What else is remembered.
    ///   - parked: Those of the lanes that wait for a person.
    ///   - plan: What is read for which target.
    ///   - resumes: The parked lane that is caught up; nil for a reading of all its lanes.
    ///   - stepsBefore: What its steps are numbered after.
    /// - Throws: What the journal throws.
    convenience init(
        after start: Mark,
        reach: SequenceNumber,
        of checkpoint: Checkpoint,
        parked: [ParkedLane],
        _ plan: ReplayPass.Plan,
        resumes: Lane? = nil,
        stepsBefore: Int = 0
    ) throws {
        let cursor = try plan.around.source.cursor(after: start.sequence)
        self.init(
            cursor: cursor,
            translation: Translation(
                projection: plan.projection,
                unsupported: plan.traits.unsupported,
                definitions: cursor.definitions,
                passedOver: checkpoint.skippedCollections
            ),
            window: ReplayWindow(
                after: start,
                doubtReach: reach,
                limits: RequestLimits(plan.traits),
                layout: plan.around.runner.target.rowLayout,
                sizeMaxBytes: plan.around.options.windowSizeMaxBytes,
                resumes: resumes,
                parked: parked,
                ahead: resumes == nil ? checkpoint.ahead : [],
                stepsBefore: stepsBefore
            ),
            reach: reach
        )
    }

    /// Nothing is under way, so nothing beyond what was sent, now or before a crash, is in doubt.
    func settleReach() {
        reach = max(window.line.through.sequence, window.reach, window.doubtReach)
    }
}
