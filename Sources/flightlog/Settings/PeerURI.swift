/// An `http` or `https` address without a path.
struct PeerURI: Hashable, Sendable, CustomStringConvertible {
    let isSecure: Bool
    let endpoint: Endpoint

    /// Reads `http://host:port` or `https://host:port`; without a default port one is needed.
    init?(_ text: String, defaultPort: Int? = nil) {
        let rest: Substring
        if text.hasPrefix("http://") {
            (isSecure, rest) = (false, text.dropFirst(7))
        } else if text.hasPrefix("https://") {
            (isSecure, rest) = (true, text.dropFirst(8))
        } else {
            return nil
        }
        let authority = rest.last == "/" ? rest.dropLast() : rest
        if let endpoint = Endpoint(String(authority)) {
            self.endpoint = endpoint
        } else if let defaultPort, let endpoint = Endpoint("\(authority):\(defaultPort)") {
            self.endpoint = endpoint
        } else {
            return nil
        }
    }

    var description: String { "\(isSecure ? "https" : "http")://\(endpoint)" }
}
