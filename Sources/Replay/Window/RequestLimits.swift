/// How large a merged request may get.
package struct RequestLimits: Hashable, Sendable {
    /// The most bytes of rows; a single entry may be larger and then goes alone.
    package let sizeMaxBytes: Int
    /// The most rows; a single entry may have more and then goes alone.
    package let rowsMax: Int
    /// Whether upserts of different timestamps may share a request.
    package let joinsUpserts: Bool
    /// How many inserts of one shard may be under way at once.
    package let insertsAtOnceMax: Int

    package init(sizeMaxBytes: Int, rowsMax: Int, joinsUpserts: Bool, insertsAtOnceMax: Int = 1) {
        self.sizeMaxBytes = sizeMaxBytes
        self.rowsMax = rowsMax
        self.joinsUpserts = joinsUpserts
        self.insertsAtOnceMax = insertsAtOnceMax
    }

    package init(_ traits: TargetTraits) {
        self.init(
            sizeMaxBytes: traits.requestSizeMaxBytes,
            rowsMax: traits.requestRowsMax,
            joinsUpserts: traits.upsertKeepsLast,
            insertsAtOnceMax: traits.insertsAtOnceMax
        )
    }

    func allow(_ step: Step, and draft: StepDraft) -> Bool {
        step.byteCount + draft.byteCount <= sizeMaxBytes
            && step.rowCount + draft.rowCount <= rowsMax
    }
}
