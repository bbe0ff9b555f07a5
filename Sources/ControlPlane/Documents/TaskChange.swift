/// What of a task is to be different, as JSON; what is not named stays.
package struct TaskChange: Decodable, Hashable, Sendable {
    /// Names of operations that are not replicated from now on.
    package let leaveOut: [String]?
    /// `park` or `dead-letter`.
    package let onError: String?
    /// Members that cannot be changed, or that no task has.
    package let others: [String]

    /// Takes in any key, since those that cannot be changed are refused by name.
    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }

        init?(intValue: Int) { nil }
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        leaveOut = try container.decodeIfPresent(
            [String].self,
            forKey: Key(stringValue: "leave_out")
        )
        onError = try container.decodeIfPresent(String.self, forKey: Key(stringValue: "on_error"))
        others = container.allKeys.map(\.stringValue)
            .filter { $0 != "leave_out" && $0 != "on_error" }.sorted()
    }
}
