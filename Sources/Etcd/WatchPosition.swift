/// How far a watch has come, and what lets it say so.
///
/// The barrier asks whether everything up to the store's revision has arrived. Where the last transaction
/// wrote below the root, the watch itself tells. Where other keys moved the revision on, nothing will come,
/// and etcd's own progress reports cannot be relied on: in 3.5.5, which Milvus embeds, they may overtake
/// events. So the keys themselves are asked: if none below the root is newer than what has arrived, and there are as
/// many of them as the events so far add up to, then nothing was put and nothing was deleted in between.
///
/// One thing leaves no trace: a key that was put and deleted again in between. Its two changes come
/// late, with revisions that were already passed; they cancel each other out.
struct WatchPosition: Hashable, Sendable {
    /// Nothing at or below this is missing, but for the above.
    private(set) var through: Int64
    /// Where a new watch goes on.
    private(set) var resumeAfter: Int64
    /// The number of keys that the events so far add up to.
    private(set) var keys: Int
    private var arrivals = 0

    /// - Parameters:
    ///   - revision: Where the watch begins.
    ///   - keys: The number of keys at that revision.
    init(after revision: Int64, keys: Int) {
        through = revision
        resumeAfter = revision
        self.keys = keys
    }

    /// Takes note of a transaction that arrived as a whole.
    mutating func arrived(_ revision: Int64, keyDelta: Int) {
        through = max(through, revision)
        // Also where it is late: a watch that goes on from here gets the other half.
        resumeAfter = revision
        keys += keyDelta
        arrivals += 1
    }

    /// What the keys below the root were found to be.
    struct Finding: Hashable, Sendable {
        /// The store's revision.
        let revision: Int64
        /// The newest revision of a key that is newer than `through` was when it was asked; nil if none is.
        let newest: Int64?
        let keys: Int
    }

    /// Compares what was found with what had arrived when the question was put.
    ///
    /// - Parameters:
    ///   - finding: The answer.
    ///   - asked: The position when the question was put.
    /// - Returns: Whether everything up to the finding's revision has arrived.
    mutating func confirm(_ finding: Finding, asked: WatchPosition) -> Bool {
        guard finding.newest == nil, finding.keys == asked.keys else { return false }
        through = max(through, finding.revision)
        if arrivals == asked.arrivals { resumeAfter = max(resumeAfter, finding.revision) }
        return true
    }
}
