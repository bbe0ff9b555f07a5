/// Where a gRPC server listens, and whether the connection is encrypted.
package struct PeerAddress: Hashable, Sendable, CustomStringConvertible {
    /// A name or an IP address, without brackets.
    package let host: String
    package let port: Int
    package let isSecure: Bool

    package init(host: String, port: Int, isSecure: Bool) {
        self.host = host
        self.port = port
        self.isSecure = isSecure
    }

    /// Reads `http://host:port`, `https://host:port` or `host:port`; an IPv6 address stands in brackets.
    ///
    /// - Parameters:
    ///   - text: The address. A slash at the end is ignored; without a scheme it is plain text.
    ///   - defaultPort: Taken where the text names none; nil means one is needed.
    /// - Throws: `ConnectionError` with code `badAddress`.
    package init(_ text: String, defaultPort: Int? = nil) throws(ConnectionError) {
        let scheme = ["https://", "http://"].first { text.hasPrefix($0) } ?? ""
        var authority = text.dropFirst(scheme.count)
        if authority.last == "/" { authority = authority.dropLast() }

        guard let (host, port) = PeerAddress.split(authority), let port = port ?? defaultPort else {
            throw ConnectionError(
                code: .badAddress,
                message: "\"\(text)\" is no address: expected http://HOST:PORT or https://HOST:PORT"
            )
        }
        self.init(host: host, port: port, isSecure: scheme == "https://")
    }

    /// Takes `host:port` or `host` apart; nil where it is neither.
    private static func split(_ authority: Substring) -> (host: String, port: Int?)? {
        let host: Substring
        let rest: Substring
        if authority.first == "[" {
            guard let bracket = authority.firstIndex(of: "]") else { return nil }
            host = authority[..<bracket].dropFirst()
            rest = authority[authority.index(after: bracket)...]
        } else {
            host = authority.prefix { $0 != ":" }
            rest = authority[host.endIndex...]
        }
        guard !host.isEmpty, !host.contains(where: { $0 == "/" || $0.isWhitespace }) else {
            return nil
        }
        if rest.isEmpty { return (String(host), nil) }
        guard rest.first == ":", let port = Int(rest.dropFirst()), (1...65535).contains(port) else {
            return nil
        }
        return (String(host), port)
    }

    package var description: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return "\(isSecure ? "https" : "http")://\(name):\(port)"
    }
}
