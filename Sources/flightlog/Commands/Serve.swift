internal import ArgumentParser
internal import Catalog
internal import ControlPlane
internal import Glibc
internal import Logging
internal import ServiceLifecycle
internal import UnixSignals

/// `flightlog serve`: journals every source and replays every task until it is told to stop.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Journals the sources and replays the tasks until it is told to stop.",
        discussion: """
            Stops cleanly on SIGTERM and SIGINT; started again, it goes on where it stopped.

            Example:
              flightlog serve --config flightlog.yaml
            """
    )

    @OptionGroup var file: ConfigurationOptions

    @Flag(
        help: """
            Listens where other machines can reach it without TLS, and without tokens if there are none: \
            whoever reaches it may use it.
            """
    )
    var insecureListen = false

    func run() async throws {
        ProcessMemory.keep()
        let filesMax = ProcessFiles.allowMany()
        let settings = try file.settings()
        let level = LogLevel(settings.log.level)
        let logger = Logger(label: "flightlog") { LineLogHandler($0, settings.log, level: level) }
        let data = try DataDirectory.take(settings.dataDirectory, pid: getpid())
        let catalog = try Catalog.open(at: data.catalog)
        let options = try settings.interface.options(
            hasTokens: try await catalog.token(nil).isAnyThere,
            isInsecure: insecureListen,
            filesMax: filesMax
        )
        let endpoint = settings.interface.endpoint
        if insecureListen, !endpoint.isLoopback {
            logger.warning(
                "anybody who reaches this address can use it: --insecure-listen",
                metadata: ["address": "\(endpoint)"]
            )
        }
        let supervisor = Supervisor(
            sources: settings.sources.map { $0.plan() },
            journals: data.journals,
            catalog: catalog,
            findTarget: { try settings.milvus($0).targetPlan },
            mayName: { settings.mayName($0) },
            data: data,
            setLogLevel: { level.current = $0 },
            logger: logger
        )
        try await supervisor.prepare()
        let server = try ControlServer(
            supervisor: supervisor,
            host: endpoint.host,
            port: endpoint.port,
            options: options,
            logger: logger,
            onStopping: { StopDeadline().begin() },
            onListening: { port in
                let scheme = options.tls == nil ? "http" : "https"
                let shown = endpoint.host.contains(":") ? "[\(endpoint.host)]" : endpoint.host
                try? StandardStream.error.line("listening on \(scheme)://\(shown):\(port)")
            }
        )
        var configuration = ServiceGroupConfiguration(
            services: [supervisor, server],
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: Logger(label: "flightlog.services") { _ in SilentLogHandler() }
        )
        configuration.maximumGracefulShutdownDuration = StopDeadline.graceful
        try await ServiceGroup(configuration: configuration).run()
        try catalog.close()
        logger.notice("stopped")
    }
}
