/// What creates a task, as JSON.
package struct TaskRequest: Codable, Hashable, Sendable {
    package var id: String?
    package var source: String
    /// A name of the configuration, or an address.
    package var target: String
    package var include: [String]?
    package var exclude: [String]?
    /// Each as `from=to`.
    package var rename: [String]?
    /// `earliest`, `latest`, `tso:N` or `point:NAME`; `earliest` where nothing is said.
    package var start: String?
    /// Names of operations that are not replicated, such as `load`.
    package var leaveOut: [String]?
    /// `park` or `dead-letter`: what becomes of an entry that the target refuses for good.
    package var onError: String?

    enum CodingKeys: String, CodingKey {
        case id, source, target, include, exclude, rename, start
        case leaveOut = "leave_out"
        case onError = "on_error"
    }

    package init(
        id: String?,
        source: String,
        target: String,
        include: [String],
        exclude: [String],
        rename: [String],
        start: String?,
        leaveOut: [String] = [],
        onError: String? = nil
    ) {
        self.id = id
        self.source = source
        self.target = target
        self.include = include
        self.exclude = exclude
        self.rename = rename
        self.start = start
        self.leaveOut = leaveOut
        self.onError = onError
    }
}

/// What resumes a task, as JSON; may be left out.
package struct ResumeRequest: Codable, Hashable, Sendable {
    /// Only this parked lane; nil for all.
    package var lane: String?

    package init(lane: String?) { self.lane = lane }
}

extension TaskRequest: RequestDocument {
    static let keys: Set = [
        "id", "source", "target", "include", "exclude", "rename", "start", "leave_out", "on_error",
    ]
}

extension ResumeRequest: RequestDocument {
    static let keys: Set = ["lane"]
}
