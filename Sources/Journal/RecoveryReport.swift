/// What opening a journal for writing found and did.
package struct RecoveryReport: Hashable, Sendable {
    /// The end of a segment that no commit covers, and that was cut off.
    package struct TornTail: Hashable, Sendable {
        /// The segment it was cut from.
        package let segment: String
        /// Where the last commit ends.
        package let offset: Int
        /// How many bytes were cut.
        package let count: Int
        /// The file in the journal's directory that keeps them.
        package let quarantined: String
    }

    /// Whether there was no journal before.
    package let isNew: Bool
    /// The journal's end after recovery.
    package let head: JournalHead
    /// What was cut off; nil after a clean stop.
    package let tornTail: TornTail?
    /// The number of this opening; it grows with each and is written into every commit.
    package let epoch: UInt64
}
