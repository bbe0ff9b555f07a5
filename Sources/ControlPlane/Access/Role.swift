/// What a caller may do; each role may do what the ones before it may.
package enum Role: String, Codable, CaseIterable, Comparable, Hashable, Sendable {
    /// Look at everything.
    case viewer
    /// Change what runs: tasks, restore points, restores.
    case `operator`
    /// Everything.
    case admin

    package static func < (left: Self, right: Self) -> Bool {
        guard let left = allCases.firstIndex(of: left), let right = allCases.firstIndex(of: right)
        else { return false }
        return left < right
    }
}
