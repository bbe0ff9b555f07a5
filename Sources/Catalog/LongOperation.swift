/// Long work that somebody asked for, such as a restore.
package struct LongOperation: Hashable, Sendable {
    /// Where it stands.
    package enum State: String, Hashable, Sendable, CaseIterable {
        /// Wanted: it is at work, or will be after a restart.
        case running
        case done, failed, cancelled
    }

    /// As a task's.
    package let id: TaskID
    /// What it does, such as `restore`.
    package let kind: String
    /// What was asked for: a JSON object.
    package let request: String
    package var state: State
    /// How far it is: a JSON object that only whoever does the work looks into.
    package var progress: String
    /// Why it failed, as a sentence.
    package var error: String?
    /// Milliseconds since 1970; set by the catalog.
    package internal(set) var createdAt: Int64 = 0
    /// Milliseconds since 1970; set by the catalog.
    package internal(set) var updatedAt: Int64 = 0
    /// Milliseconds since 1970; set by the catalog; nil while it runs.
    package internal(set) var finishedAt: Int64?

    package init(id: TaskID, kind: String, request: String, progress: String = "{}") {
        self.id = id
        self.kind = kind
        self.request = request
        self.progress = progress
        state = .running
    }
}
