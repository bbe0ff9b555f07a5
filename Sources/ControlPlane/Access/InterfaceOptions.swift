/// How the HTTP interface is reached, and how much of the server others may take.
package struct InterfaceOptions: Sendable {
    /// Where its certificate and its key are.
    package struct TLS: Hashable, Sendable {
        /// A PEM file: our own certificate first, then those that lead to an authority.
        package let certificate: String
        /// A PEM file.
        package let key: String

        package init(certificate: String, key: String) {
            self.certificate = certificate
            self.key = key
        }
    }

    /// How large all header lines of a request may be together, and each of them.
    static let headerSizeMaxBytes = 16 << 10
    /// How many header lines a request may have.
    static let headerCountMax = 100

    /// Nil serves plain HTTP.
    package var tls: TLS?
    /// Whether requests are answered where no token exists at all.
    package var isOpenWithoutTokens = true
    /// The hosts that a request may name; nil means this machine's loopback names, an empty list any.
    package var hosts: [String]?
    /// How many connections there may be; more wait until one is closed.
    package var connectionsMax = 2048
    /// How many requests a second one caller may send in the long run, and twice as many at once.
    package var requestsPerSecondMax = 1000
    /// How long a request may take to arrive, and an idle connection may stay.
    package var requestWithin = Duration.seconds(30)
    /// How long a caller may leave an answer untaken.
    package var answerTakenWithin = Duration.seconds(30)
    /// How often a follower hears that the connection still stands.
    package var heartbeat = Duration.seconds(15)

    package init() {}
}
