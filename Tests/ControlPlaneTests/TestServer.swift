import Capture
import Catalog
import Foundation
import FoundationNetworking
import Journal
import Logging
import Operations
import Replay
import ServiceLifecycle
import Synchronization

@testable import ControlPlane

/// A whole server on a free loopback port: its source is away or refuses, its targets are in memory.
struct TestServer: Sendable {
    let port: Int
    let directory: String
    let target: InMemoryTarget
    let group: ServiceGroup
    let supervisor: Supervisor
    let catalog: Catalog
    let said: Said

    /// What came back.
    struct Answer {
        let status: Int
        let type: String
        let text: String
        let body: [String: Any]
        /// By names in small letters.
        var headers: [String: String] = [:]

        var code: String? { body["code"] as? String }
        var state: String? { body["state"] as? String }
    }

    /// Sends a request and reads the answer's JSON.
    func send(
        _ method: String,
        _ path: String,
        _ body: String? = nil,
        headers: [String: String] = [:]
    ) async throws -> Answer {
        let url = try required(URL(string: "http://127.0.0.1:\(port)\(path)"))
        var request = URLRequest(url: url)
        request.httpMethod = method
        request.httpBody = body.map { Data($0.utf8) }
        if body != nil { request.setValue("application/json", forHTTPHeaderField: "Content-Type") }
        for (name, value) in headers { request.setValue(value, forHTTPHeaderField: name) }
        if let token = headers["Authorization"] { said.plant(bearer: token) }
        let (data, response) = try await URLSession.shared.data(for: request)
        let answer = response as? HTTPURLResponse
        let object = (try? JSONSerialization.jsonObject(with: data)) as? [String: Any]
        var headers: [String: String] = [:]
        for (name, value) in answer?.allHeaderFields ?? [:] {
            headers["\(name)".lowercased()] = "\(value)"
        }
        said.note("\(headers) " + String(decoding: data, as: UTF8.self))
        return Answer(
            status: answer?.statusCode ?? 0,
            type: headers["content-type"] ?? "",
            text: String(decoding: data, as: UTF8.self),
            body: object ?? [:],
            headers: headers
        )
    }

    /// Asks for a task until it is in a state.
    func wait(for task: String, _ state: String) async throws -> Answer {
        while true {
            let answer = try await send("GET", "/v1/tasks/\(task)")
            if answer.state == state { return answer }
            try await Task.sleep(for: .milliseconds(10))
        }
    }
}

/// `nil` where a test cannot go on.
struct Missing: Error {}

func required<Value>(_ value: Value?) throws -> Value {
    guard let value else { throw Missing() }
    return value
}

/// A directory that goes with the test.
func withDirectory<Value>(_ body: (String) async throws -> Value) async throws -> Value {
    let path = NSTemporaryDirectory() + "flightlog-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try await body(path)
}

/// Writes a journal of one collection with three rows.
///
/// Behind it come as many empty batches as are asked for, each in a segment of its own.
func writeJournal(in directory: String, followedBy count: Int = 0) async throws {
    let writer = try JournalWriter.open(
        at: directory + "/journal/main",
        source: "main",
        options: JournalOptions(segmentSizeMaxBytes: 1)
    )
    let collection = CollectionID(rawValue: 100)
    let partition = PartitionDefinition(id: PartitionID(rawValue: 101), name: "_default")
    let physical = PhysicalChannel("c0")
    let definition = CollectionDefinition(
        id: collection,
        database: .default,
        name: "a",
        schema: [],
        primaryKey: PrimaryKey(field: "id", kind: .int64, isAutoID: false),
        hasPartitionKey: false,
        hasDynamicField: false,
        virtualChannels: [VirtualChannel(name: "c0_100v0", physical: physical)],
        consistencyLevel: 0,
        properties: [],
        partitions: [partition],
        createdAt: HybridTimestamp(rawValue: 10)
    )
    let rows = Rows(
        collection: collection,
        partition: partition.id,
        shard: 0,
        count: 3,
        columns: InMemoryRow.columns([InMemoryRow(1, 1), InMemoryRow(2, 2), InMemoryRow(3, 3)])
    )
    try await writer.append(
        Batch(
            operations: [
                StampedOperation(
                    timestamp: HybridTimestamp(rawValue: 10),
                    operation: .createCollection(definition)
                ),
                StampedOperation(
                    timestamp: HybridTimestamp(rawValue: 20),
                    operation: .insert(rows)
                ),
            ],
            position: SourcePosition(
                resolved: HybridTimestamp(rawValue: 30),
                metadata: .zero,
                offsets: [:]
            )
        )
    )
    for number in 0..<count {
        let resolved = HybridTimestamp(rawValue: 31 + UInt64(number))
        let position = SourcePosition(resolved: resolved, metadata: .zero, offsets: [:])
        try await writer.append(Batch(operations: [], position: position))
    }
    await writer.close()
}

/// Runs a server over a directory for as long as a test takes; `trouble` keeps its source from being read.
///
/// Whatever the test does, no secret may be in what the server has said or written down.
func withServer(
    in directory: String,
    target: InMemoryTarget = InMemoryTarget(),
    trouble: Trouble = Trouble(.unavailable, "The source is away."),
    retention: RetentionPolicy? = nil,
    options: InterfaceOptions = InterfaceOptions(),
    mayName: @escaping @Sendable (String) -> Bool = { _ in true },
    said: Said = Said(),
    onConnect: @escaping @Sendable (_ target: String, _ token: String?) throws -> Void = { _, _ in
    },
    _ body: @escaping @Sendable (TestServer) async throws -> Void
) async throws {
    let logger = said.logger
    let catalog = try Catalog.open(at: directory + "/catalog.sqlite")
    let source = SourcePlan(
        name: "main",
        address: "http://source:1",
        options: ReaderOptions(sideChannel: PhysicalChannel("by-dev-replicate-msg")),
        retention: retention
    ) { _ in throw trouble }
    let supervisor = Supervisor(
        sources: [source],
        journals: directory + "/journal",
        catalog: catalog,
        findTarget: { name in
            guard name == "memory" || name.hasPrefix("http://") else {
                throw Trouble(.invalid, "There is no target \(name).")
            }
            return TargetPlan(address: name) { token in
                try onConnect(name, token)
                return TargetPeer(target: target) { try await Task.sleep(for: .seconds(3600)) }
            }
        },
        mayName: mayName,
        secrets: directory + "/secrets",
        logger: logger
    )
    try await supervisor.prepare()
    let (ports, found) = AsyncStream.makeStream(of: Int.self)
    let server = try ControlServer(
        supervisor: supervisor,
        host: "127.0.0.1",
        port: 0,
        options: options,
        logger: logger
    ) { found.yield($0) }
    let configuration = ServiceGroupConfiguration(
        services: [supervisor, server],
        // As in the program, which tells of services itself.
        logger: Logger(label: "services") { _ in SwiftLogNoOpLogHandler() }
    )
    let group = ServiceGroup(configuration: configuration)
    try await withThrowingTaskGroup(of: Void.self) { tasks in
        tasks.addTask {
            defer { found.finish() }
            try await group.run()
        }
        tasks.addTask {
            guard let port = await ports.first(where: { _ in true }) else { return }
            try await body(
                TestServer(
                    port: port,
                    directory: directory,
                    target: target,
                    group: group,
                    supervisor: supervisor,
                    catalog: catalog,
                    said: said
                )
            )
            await group.triggerGracefulShutdown()
        }
        // A server that fails ends the test's body.
        while try await tasks.next() != nil {}
    }
    try catalog.close()
    said.expectNoSecret(beside: directory)
}
