/// Hosts that a caller may name, such as `*.example.org` or `10.0.0.*:19530`.
struct HostPattern: Hashable, Sendable {
    static let rule = "HOST or HOST:PORT, with * for any part of the host"

    private let host: String
    /// Nil means any.
    private let port: Int?

    init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count <= 2, let host = parts.first, !host.isEmpty,
            host.allSatisfy({
                $0.isASCII && ($0.isLetter || $0.isNumber || ".-_*".contains($0))
            })
        else { return nil }
        self.host = host.lowercased()
        guard parts.count == 2 else {
            port = nil
            return
        }
        guard let number = Int(parts[1]), (1...65535).contains(number) else { return nil }
        port = number
    }

    /// Whether it covers an address.
    func covers(_ endpoint: Endpoint) -> Bool {
        (port == nil || port == endpoint.port)
            && Self.matches(Array(endpoint.host.lowercased()), Array(host))
    }

    /// Whether a text is a pattern with any text for each `*`.
    private static func matches(_ text: [Character], _ pattern: [Character]) -> Bool {
        var (at, next) = (0, 0)
        // Where the last star was, and where what it stands for ends so far.
        var star: (pattern: Int, text: Int)?
        while at < text.count {
            if next < pattern.count, pattern[next] == "*" {
                star = (next, at)
                next += 1
            } else if next < pattern.count, pattern[next] == text[at] {
                (at, next) = (at + 1, next + 1)
            } else if let last = star {
                star = (last.pattern, last.text + 1)
                (at, next) = (last.text + 1, last.pattern + 1)
            } else {
                return false
            }
        }
        return pattern[next...].allSatisfy { $0 == "*" }
    }
}
