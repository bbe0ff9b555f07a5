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

    /// How long calls under way may take when it stops; after that they are cancelled, which is as safe.
    static let stopDeadline = Duration.seconds(10)

    @OptionGroup var file: ConfigurationOptions

    func run() async throws {
        ProcessMemory.keepTight()
        let settings = try file.settings()
        let logger = Logger(label: "flightlog") { _ in LineLogHandler(settings.log) }
        let data = try DataDirectory.take(settings.dataDirectory, pid: getpid())
        let catalog = try Catalog.open(at: data.catalog)
        let supervisor = Supervisor(
            sources: settings.sources.map { $0.plan() },
            journals: data.journals,
            catalog: catalog,
            findTarget: { try settings.milvus($0).targetPlan },
            logger: logger
        )
        try await supervisor.prepare()
        let host = settings.listen.host
        let server = ControlServer(
            supervisor: supervisor,
            host: host,
            port: settings.listen.port,
            logger: logger
        ) { port in
            let shown = host.contains(":") ? "[\(host)]" : host
            try? StandardStream.error.line("listening on http://\(shown):\(port)")
        }
        var configuration = ServiceGroupConfiguration(
            services: [supervisor, server],
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: Logger(label: "flightlog.services") { _ in SilentLogHandler() }
        )
        configuration.maximumGracefulShutdownDuration = Serve.stopDeadline
        try await ServiceGroup(configuration: configuration).run()
        try catalog.close()
        logger.notice("stopped")
    }
}
