internal import Operations
internal import Replay

/// Which entries are shown.
struct EntryFilter {
    /// Names of operations that journals may hold one day, beside those they hold now.
    private static let reserved = ["baseline"]

    private let include: [NamePattern]
    private let operations: Set<String>

    /// - Throws: A failure for a pattern or an operation that cannot be.
    init(include: [String], operations: [String]) throws {
        self.include = try include.map { try NamePattern($0) }
        let known = OperationKind.allCases.map(\.name) + EntryFilter.reserved
        var names: Set<String> = []
        for name in operations.flatMap({ $0.split(separator: ",").map(String.init) }) {
            guard known.contains(name) else {
                let nearest = NearestKey.nearest(to: name, of: known) ?? ""
                throw CommandFailure(
                    .usage,
                    "there is no operation \"\(name)\"",
                    hint: "did you mean \(nearest)?"
                )
            }
            names.insert(name)
        }
        self.operations = names
    }

    /// Whether an entry is shown.
    ///
    /// Where collections are asked for, what concerns a whole database or none is shown only if every collection of it is asked for.
    func takes(_ entry: Entry, _ subject: EntrySubject) -> Bool {
        guard operations.isEmpty || operations.contains(entry.operation.kind.name) else {
            return false
        }
        guard !include.isEmpty else { return true }
        if let name = subject.name { return include.contains { $0.matches(name) } }
        if let database = subject.database {
            return include.contains { $0.covers(database: database) }
        }
        return include.contains(.all)
    }
}
