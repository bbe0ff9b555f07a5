internal import Catalog
internal import FoundationEssentials

/// What was asked when a task was created through `/cdc`, less what is secret: kept with the task to be shown again.
struct CDCTaskRecord: Hashable, Codable, Sendable {
    /// The key of a task's options that holds it.
    static let option = "cdc"
    /// The key of the reason why a task was paused, where not a person did it.
    static let reasonOption = "reason"

    var host = ""
    var port = 0
    var enableTLS = false
    var uri = ""
    var channelNum = 0
    var ignorePartition = false
    var connectTimeout = 0
    var collections: [CDCCollection]?
    var databases: [String: [CDCCollection]]?
    var enableUserRole = false
    var disableAutoStart = false

    init(_ request: CDCCreateRequest) {
        (host, port, enableTLS) = (
            request.milvus.host, request.milvus.port, request.milvus.enableTLS
        )
        uri = request.milvus.uri
        channelNum = request.milvus.channelNum
        ignorePartition = request.milvus.ignorePartition
        connectTimeout = request.milvus.connectTimeout
        collections = request.collections
        databases = request.databases
        enableUserRole = request.enableUserRole
        disableAutoStart = request.disableAutoStart
    }

    /// The record of any task: its own, or one that says the same of a task that was created elsewhere.
    init(of task: ReplicationTask, address: String) {
        if let text = task.targetOptions[Self.option],
            var record = try? JSONDecoder().decode(Self.self, from: Data(text.utf8))
        {
            let asked = CDCCreateRequest.Milvus.address(
                uri: record.uri,
                host: record.host,
                port: record.port,
                enableTLS: record.enableTLS
            )
            if asked != task.target {
                // The target has moved since.
                (record.uri, record.host, record.port, record.enableTLS) = (address, "", 0, false)
            }
            self = record
            return
        }
        uri = address
        var databases: [String: [CDCCollection]] = [:]
        for name in CDCScope(task).names {
            let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
            guard parts.count == 2 else { continue }
            databases[parts[0], default: []].append(CDCCollection(name: parts[1]))
        }
        self.databases = databases
    }

    /// As the catalog keeps it.
    func text() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    /// The task as `get` and `list` show it.
    func task(_ id: String, state: CDCTaskState, reason: String) -> CDCValue {
        var members: [CDCValue.Member] = [
            .init("task_id", .text(id)),
            .init("milvus_connect_param", milvus),
            .init("kafka_connect_param", Self.noKafka),
            .init("collection_infos", collections.map(Self.list) ?? .null),
            .init("db_collections", databaseMap),
            .init("state", .text(state.rawValue)),
        ]
        if !reason.isEmpty { members.append(.init("reason", .text(reason))) }
        return .map(members)
    }

    private var milvus: CDCValue {
        .map([
            .init("host", .text(host)), .init("port", .integer(Int64(port))),
            .init("enable_tls", .bool(enableTLS)), .init("uri", .text(uri)),
            .init("dial_config", .map([])), .init("channel_num", .integer(Int64(channelNum))),
            .init("ignore_partition", .bool(ignorePartition)),
            .init("connect_timeout", .integer(Int64(connectTimeout))),
        ])
    }

    private var databaseMap: CDCValue {
        guard let databases else { return .null }
        return .map(
            databases.sorted { $0.key < $1.key }.map { .init($0.key, Self.list($0.value)) }
        )
    }

    private static var noKafka: CDCValue {
        .map([
            .init("address", .text("")), .init("topic", .text("")),
            .init("enable_sasl", .bool(false)), .init("sasl", .map([])),
        ])
    }

    private static func list(_ collections: [CDCCollection]) -> CDCValue {
        .list(
            collections.map { collection in
                let positions = collection.positions.map { positions in
                    CDCValue.map(
                        positions.sorted { $0.key < $1.key }.map { .init($0.key, .text($0.value)) }
                    )
                }
                return .map([
                    .init("name", .text(collection.name)),
                    .init("positions", positions ?? .null),
                    .init("use_start_position", .bool(collection.useStartPosition)),
                ])
            }
        )
    }
}

/// What milvus-cdc calls the states of a task.
enum CDCTaskState: String, Hashable, Sendable {
    /// Created, and not begun yet.
    case initial = "Initial"
    case running = "Running"
    /// Stopped, by a person or by an error that does not pass.
    case paused = "Paused"
}
