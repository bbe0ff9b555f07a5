package import GRPCCore
package import GRPCNIOTransportHTTP2Posix

/// A gRPC client of one server, set up the way Go servers under load need it.
///
/// Nothing is dialled before the first call. A connection that drops is dialled again by the next calls,
/// which fail with `unavailable` until it stands.
package struct GRPCConnection: Sendable {
    /// The transport of the client.
    package typealias Transport = HTTP2ClientTransport.Posix

    /// What an answer may weigh when nothing else is said: Milvus sends up to 256 MiB.
    package static let answerSizeMaxBytes = 256 << 20
    /// How long the connection may be silent while a call waits, before the server is asked for a sign.
    ///
    /// Servers take offence below 5 s, the transport below 10.
    private static let keepalive = HTTP2ClientTransport.Config.Keepalive(
        time: .seconds(15),
        timeout: .seconds(10),
        allowWithoutCalls: false
    )
    /// The pauses between attempts to dial.
    private static let redial = HTTP2ClientTransport.Config.Backoff(
        initial: .milliseconds(200),
        max: .seconds(10),
        multiplier: 1.6,
        jitter: 0.2
    )

    package let address: PeerAddress
    /// To be wrapped in a generated client.
    package let client: GRPCClient<Transport>

    /// Prepares a connection; call `run()` for as long as it is used.
    ///
    /// - Parameters:
    ///   - address: The server.
    ///   - tls: Files for an encrypted connection; nil trusts the system's authorities.
    ///   - answerSizeMaxBytes: The largest message that is accepted.
    /// - Throws: `ConnectionError` with code `badCertificates`.
    package init(
        to address: PeerAddress,
        tls: TLSFiles? = nil,
        answerSizeMaxBytes: Int = GRPCConnection.answerSizeMaxBytes
    ) throws(ConnectionError) {
        self.address = address
        var config = Transport.Config.defaults
        config.connection.keepalive = GRPCConnection.keepalive
        config.backoff = GRPCConnection.redial
        config.http2.authority = tls?.serverName
        config.channelDebuggingCallbacks.onCreateTCPConnection = PingFilter.install

        var security = Transport.TransportSecurity.plaintext
        if address.isSecure {
            security = try (tls ?? TLSFiles()).transportSecurity()
        } else if tls != nil {
            throw ConnectionError(
                code: .badCertificates,
                message: "\(address) is not encrypted, but TLS is configured"
            )
        }

        // The transport checks answers against the limit named for requests; requests have none.
        let limits = MethodConfig(
            names: [MethodConfig.Name(service: "")],
            maxRequestMessageBytes: answerSizeMaxBytes,
            maxResponseMessageBytes: answerSizeMaxBytes
        )
        do {
            let transport = try Transport(
                target: address.target,
                transportSecurity: security,
                config: config,
                serviceConfig: ServiceConfig(methodConfig: [limits])
            )
            client = GRPCClient(transport: transport)
        } catch {
            throw ConnectionError(
                code: .badCertificates,
                message: "Cannot prepare a connection to \(address)",
                cause: error
            )
        }
    }

    /// Carries the connection; returns after `close()` once the calls in progress have ended.
    ///
    /// Cancelling it ends them at once. Call it once.
    package func run() async throws {
        try await client.runConnections()
    }

    /// Takes no more calls and lets `run()` return.
    package func close() {
        client.beginGracefulShutdown()
    }
}

extension CallOptions {
    /// Options of a call that fails with `deadlineExceeded` after a time.
    package static func within(_ deadline: Duration) -> CallOptions {
        var options = CallOptions.defaults
        options.timeout = deadline
        return options
    }
}
