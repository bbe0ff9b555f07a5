internal import Glibc
internal import Hummingbird
package import Logging
internal import NIOCore
internal import ServiceLifecycle

/// The HTTP interface as a service.
package struct ControlServer: Service {
    private let address: String
    private let application: Application<RouterResponder<ControlContext>>

    /// Port 0 takes any free one; `onListening` is called with the port once requests are answered.
    package init(
        supervisor: Supervisor,
        host: String,
        port: Int,
        logger: Logger,
        onListening: @escaping @Sendable (Int) async -> Void
    ) {
        // What ends the server is thrown; the library also logs every cancellation as an error.
        var quiet = logger
        quiet.logLevel = .critical
        address = "\(host):\(port)"
        application = Application(
            router: Routes.router(for: supervisor, logger: logger),
            configuration: ApplicationConfiguration(address: .hostname(host, port: port)),
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
            try await application.run()
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
}
