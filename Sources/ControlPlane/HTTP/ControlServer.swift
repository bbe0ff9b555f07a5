internal import Glibc
internal import Hummingbird
internal import HummingbirdCore
internal import HummingbirdTLS
package import Logging
internal import NIOCore
internal import NIOSSL
internal import ServiceLifecycle

/// The HTTP interface as a service.
package struct ControlServer: Service {
    /// How long requests under way may take once the server is to stop; the tasks need time of their own.
    private static let answersWithin = Duration.seconds(5)

    private let address: String
    private let onStopping: @Sendable () -> Void
    private let application: Application<RouterResponder<ControlContext>>

    /// Port 0 takes any free one.
    ///
    /// `onListening` is called with the port once requests are answered, `onStopping` when a shutdown begins.
    ///
    /// - Throws: `Trouble` of kind `configuration` for a certificate or a key that cannot be used.
    package init(
        supervisor: Supervisor,
        host: String,
        port: Int,
        options: InterfaceOptions = InterfaceOptions(),
        logger: Logger,
        onStopping: @escaping @Sendable () -> Void = {},
        onListening: @escaping @Sendable (Int) async -> Void
    ) throws {
        // What ends the server is thrown; the library also logs every cancellation as an error.
        var quiet = logger
        quiet.logLevel = .critical
        address = "\(host):\(port)"
        self.onStopping = onStopping
        application = Application(
            router: Routes.router(for: supervisor, options: options, logger: logger),
            server: try Self.server(options),
            configuration: ApplicationConfiguration(
                address: .hostname(host, port: port),
                availableConnectionsDelegate: MaximumAvailableConnections(
                    options.connectionsMax,
                    logger: quiet
                )
            ),
            onServerRunning: { channel in
                await onListening(channel.localAddress?.port ?? port)
            },
            logger: quiet
        )
    }

    /// Answers requests until a graceful shutdown.
    ///
    /// - Throws: `Trouble` of kind `busy` where another program listens there.
    package func run() async throws {
        do {
            try await answer()
        } catch let error as IOError where error.errnoCode == EADDRINUSE {
            throw Trouble(
                .busy,
                "Another program listens on \(address).",
                hint: "Choose another port with listen: in the configuration."
            )
        } catch let error as IOError {
            throw Trouble(.inputOutput, "\(address) cannot be listened on: \(error.description).")
        }
    }

    private func answer() async throws {
        let (application, onStopping) = (application, onStopping)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await application.run() }
            group.addTask {
                try await gracefulShutdown()
                onStopping()
                try await Task.sleep(for: Self.answersWithin)
            }
            // Whichever ends first, by failure, shutdown or its deadline, ends the other.
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    private static func server(_ options: InterfaceOptions) throws -> HTTPServerBuilder {
        let plain = HTTPServerBuilder.http1(
            configuration: HTTP1Channel.Configuration(
                additionalChannelHandlers: [SlowPeerHandler(options)],
                idleTimeout: TimeAmount(options.requestWithin),
                httpDecoderConfiguration: HTTP1Channel.Configuration.DecoderConfiguration(
                    maxHeaderFieldSize: InterfaceOptions.headerSizeMaxBytes,
                    maxHeaderListSize: InterfaceOptions.headerSizeMaxBytes,
                    maxHeaderFieldCount: InterfaceOptions.headerCountMax
                )
            )
        )
        guard let tls = options.tls else { return plain }
        do {
            var configuration = TLSConfiguration.makeServerConfiguration(
                certificateChain: try NIOSSLCertificate.fromPEMFile(tls.certificate)
                    .map { .certificate($0) },
                privateKey: .privateKey(try NIOSSLPrivateKey(file: tls.key, format: .pem))
            )
            configuration.minimumTLSVersion = .tlsv12
            configuration.applicationProtocols = ["http/1.1"]
            return try .tls(plain, tlsConfiguration: configuration)
        } catch {
            throw Trouble(
                .configuration,
                "The certificate \(tls.certificate) or its key \(tls.key) cannot be used: \(error).",
                hint: "listen_tls takes a PEM file with the chain and one with the private key."
            )
        }
    }
}
