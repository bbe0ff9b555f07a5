/// What of a task is to be different, as JSON; what is not named stays.
package struct TaskChange: Codable, Hashable, Sendable {
    /// The same Milvus under another name or address.
    package var target: String?
    /// Names of operations that are not replicated from now on.
    package var leaveOut: [String]?
    /// `park` or `dead-letter`.
    package var onError: String?

    enum CodingKeys: String, CodingKey {
        case target
        case leaveOut = "leave_out"
        case onError = "on_error"
    }

    package init(target: String?, leaveOut: [String]?, onError: String?) {
        self.target = target
        self.leaveOut = leaveOut
        self.onError = onError
    }
}

extension TaskChange: RequestDocument {
    static let keys: Set = ["target", "leave_out", "on_error"]

    static func problem(of key: String) -> Problem {
        Problem(
            .invalid,
            "\"\(key)\" of a task cannot be changed: what is on the target would no longer fit.",
            hint:
                "target, on_error and leave_out can be changed; for anything else create another task."
        )
    }
}
