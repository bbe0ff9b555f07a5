internal import ArgumentParser
internal import Capture
internal import Catalog
internal import ControlPlane
internal import Etcd
internal import FoundationEssentials
internal import Journal
internal import Kafka
internal import Logging
internal import Milvus
internal import Operations
internal import Replay

/// `flightlog check`: reaches everything the configuration names, and says what is wrong.
struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Reaches every peer, the disk and the catalog, and says what is wrong.",
        discussion: """
            Changes nothing, and can run beside a server. Ends with the status of the first thing that is \
            wrong.

            Example:
              flightlog check --config flightlog.yaml
            """
    )

    /// How long one peer may take.
    static let deadline = Duration.seconds(10)

    @OptionGroup var file: ConfigurationOptions
    @OptionGroup var shown: OutputOptions

    func run() async throws {
        let settings = try file.settings()
        var findings: [Finding] = []
        findings.append(
            await Finding.of("data directory") { try Disk.probe(settings.dataDirectory) }
        )
        findings.append(await Finding.of("catalog") { try Disk.catalog(settings.dataDirectory) })
        for source in settings.sources { findings += await source.findings(settings) }
        for (name, target) in settings.targets.sorted(by: { $0.key < $1.key }) {
            findings.append(await Finding.of("target \(name)") { try await target.product() })
        }
        let failed = findings.filter { $0.trouble != nil }
        try shown.show(
            .object([
                ("ok", .bool(failed.isEmpty)), ("checks", .array(findings.map(\.json))),
            ]),
            text: findings.map(\.line)
        )
        guard let first = failed.first, let trouble = first.trouble else { return }
        throw CommandFailure(
            ExitStatus(trouble.kind),
            "\(failed.count) of \(findings.count) checks failed",
            hint: trouble.hint
        )
    }
}

/// What came of one check.
private struct Finding {
    let name: String
    /// What was found; empty where something is wrong.
    let detail: String
    let trouble: Trouble?

    /// Runs a check, for as long as one may take.
    static func of(
        _ name: String,
        _ body: @escaping @Sendable () async throws -> String
    ) async -> Finding {
        do {
            let detail = try await withDeadline(Check.deadline, body)
            return Finding(name: name, detail: detail, trouble: nil)
        } catch {
            return Finding(name: name, detail: "", trouble: Trouble(error))
        }
    }

    var line: String {
        trouble.map { "FAILED  \(name): \($0.message)" } ?? "ok      \(name): \(detail)"
    }

    var json: JSON {
        .object([
            ("name", .text(name)), ("ok", .bool(trouble == nil)), ("detail", .text(detail)),
            ("error", .optional(trouble?.message)),
        ])
    }
}

/// Runs an operation and gives up on it after a while.
///
/// - Throws: `Trouble` of kind `unavailable` when the time is over.
func withDeadline<Value: Sendable>(
    _ limit: Duration,
    _ body: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    try await withThrowingTaskGroup(of: Value?.self) { group in
        group.addTask { try await body() }
        group.addTask {
            try await Task.sleep(for: limit)
            return nil
        }
        defer { group.cancelAll() }
        guard let value = try await group.next() ?? nil else {
            throw Trouble(.unavailable, "There was no answer within \(limit.components.seconds) s.")
        }
        return value
    }
}

/// What a server needs of the disk.
private enum Disk {
    /// Writes a file, makes it durable and removes it.
    static func probe(_ directory: String) throws -> String {
        let storage = PosixStorage()
        let path = "\(directory)/check"
        try storage.create(directory: directory)
        let began = ContinuousClock.now
        let file = try storage.open(path, for: .replacing)
        try file.write(Array("flightlog check\n".utf8), at: 0)
        try file.sync()
        let took = ContinuousClock.now - began
        try storage.remove(path)
        return "\(directory) can be written, and made durable in \(took / .milliseconds(1)) ms"
    }

    static func catalog(_ directory: String) throws -> String {
        let path = "\(directory)/catalog.sqlite"
        guard FileManager.default.fileExists(atPath: path) else { return "there is none yet" }
        try Catalog.open(at: path).close()
        return path
    }
}

extension MilvusSettings {
    /// What the server says it is.
    fileprivate func product() async throws -> String {
        let product = try await connection().carried { connection in
            try await MilvusTarget(connection).describe().product
        }
        return "\(product) at \(uri)"
    }
}

extension SourceSettings {
    /// Journal, metadata, log and API of a source.
    fileprivate func findings(_ settings: Settings) async -> [Finding] {
        let silent = Logger(label: "flightlog.check") { _ in SilentLogHandler() }
        var findings: [Finding] = []
        let journal = "\(settings.dataDirectory)/journal/\(name)"
        findings.append(
            await Finding.of("source \(name), journal") {
                do {
                    let head = try JournalReader.open(at: journal).head()
                    return "\(head.sequence) entries, resolved \(head.resolved.time)"
                } catch let error as JournalError where error.code == .notFound {
                    return "there is none yet"
                }
            }
        )
        findings.append(
            await Finding.of("source \(name), etcd") {
                let metadata = try etcd.metadata(logger: silent)
                let snapshot = try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { await metadata.run() }
                    defer { group.cancelAll() }
                    return try await metadata.snapshot(at: nil)
                }
                try MilvusMetadataDecoder(metaPath: etcd.meta).admit(snapshot)
                return "\(snapshot.records.count) keys below \(etcd.root)"
            }
        )
        findings.append(
            await Finding.of("source \(name), kafka") {
                let log = try kafka.log(logger: silent)
                let channel = PhysicalChannel("\(etcd.root)-rootcoord-dml_0")
                let bounds: String
                do {
                    bounds =
                        try await log.bounds(of: channel).map { "offsets \($0.first) to \($0.end)" }
                        ?? "not there yet"
                } catch {
                    await log.close()
                    throw error
                }
                await log.close()
                return "\(channel) \(bounds)"
            }
        )
        if let milvus {
            findings.append(
                await Finding.of("source \(name), milvus") { try await milvus.product() }
            )
        }
        return findings
    }
}
