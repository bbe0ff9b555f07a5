/// Whether this server can do its work, check by check.
struct Health: Hashable, Sendable {
    /// One thing that was looked at.
    struct Check: Hashable, Sendable {
        let name: String
        /// What was found, on one line.
        let detail: String
        let isGood: Bool
        /// Whether the server is ready without it: a peer that is away is told, and no reason to go elsewhere.
        var isOptional = false
    }

    let checks: [Check]

    var isReady: Bool { checks.allSatisfy { $0.isGood || $0.isOptional } }

    /// A line for each check, and the verdict last.
    var text: String {
        let lines = checks.map { check in
            "\(check.isGood ? "[+]" : check.isOptional ? "[!]" : "[-]")\(check.name) \(check.detail)"
        }
        return (lines + [verdict]).joined(separator: "\n") + "\n"
    }

    /// One line.
    var verdict: String {
        guard !isReady else { return "ok" }
        let failed = checks.filter { !$0.isGood && !$0.isOptional }.map(\.name)
        return "not ready: \(failed.joined(separator: ", "))"
    }
}
