/// What creates a task under milvus-cdc's contract, and what is shown of it later.
struct CDCCreateRequest: Hashable, Sendable {
    /// How the target is reached.
    struct Milvus: Hashable, Sendable {
        var host = ""
        var port = 0
        var enableTLS = false
        var username = ""
        var password = ""
        var uri = ""
        var token = ""
        /// Whether any file or server name was given to connect with.
        var hasDialConfig = false
        var channelNum = 0
        var ignorePartition = false
        var connectTimeout = 0
    }

    /// A rename of a database, or of some of its collections.
    struct NameMapping: Hashable, Sendable {
        let sourceDatabase: String
        let targetDatabase: String
        let collections: [String: String]
    }

    let milvus: Milvus
    let kafkaAddress: String
    let kafkaTopic: String
    let collections: [CDCCollection]?
    let databases: [String: [CDCCollection]]?
    let rpcChannel: String
    let rpcPosition: String
    let enableUserRole: Bool
    let bufferPeriod: Int
    let bufferSize: Int
    let mappings: [NameMapping]
    let disableAutoStart: Bool
    let taskID: String

    init(_ fields: CDCFields) {
        milvus = Milvus(fields.section("milvus_connect_param"))
        let kafka = fields.section("kafka_connect_param")
        kafkaAddress = kafka.text("address")
        kafkaTopic = kafka.text("topic")
        _ = kafka.flag("enable_sasl")
        let sasl = kafka.section("sasl")
        for key in ["username", "password", "mechanisms", "security_protocol"] {
            _ = sasl.text(key)
        }
        collections = fields.sections("collection_infos")?.map(CDCCollection.init)
        databases = fields.sectionLists("db_collections").map { lists in
            Dictionary(lists.map { ($0.key, $0.sections.map(CDCCollection.init)) }) { $1 }
        }
        let rpc = fields.section("rpc_channel_info")
        rpcChannel = rpc.text("name")
        rpcPosition = rpc.text("position")
        enableUserRole = fields.section("extra_info").flag("enable_user_role")
        let buffer = fields.section("buffer_config")
        bufferPeriod = buffer.number("period")
        bufferSize = buffer.number("size")
        mappings = (fields.sections("name_mapping") ?? []).map { mapping in
            NameMapping(
                sourceDatabase: mapping.text("source_db"),
                targetDatabase: mapping.text("target_db"),
                collections: mapping.texts("collection_mapping") ?? [:]
            )
        }
        disableAutoStart = fields.flag("disable_auto_start")
        taskID = fields.text("task_id")
        _ = fields.texts("positions")
    }
}

/// A collection of a request, or every one of its database: `*`.
struct CDCCollection: Hashable, Codable, Sendable {
    let name: String
    /// By virtual channel.
    let positions: [String: String]?
    let useStartPosition: Bool

    init(name: String) {
        self.name = name
        positions = nil
        useStartPosition = false
    }

    init(_ fields: CDCFields) {
        name = fields.text("name")
        positions = fields.texts("positions")
        useStartPosition = fields.flag("use_start_position")
    }
}

extension CDCCreateRequest.Milvus {
    init(_ fields: CDCFields) {
        host = fields.text("host")
        port = fields.number("port")
        enableTLS = fields.flag("enable_tls")
        username = fields.text("username")
        password = fields.text("password")
        uri = fields.text("uri")
        token = fields.text("token")
        let dial = fields.section("dial_config")
        let keys = [
            "server_name", "server_pem_path", "ca_pem_path", "client_pem_path", "client_key_path",
        ]
        // Every one is read, so that every one of a wrong type is complained of.
        hasDialConfig = !keys.map { dial.text($0) }.allSatisfy(\.isEmpty)
        channelNum = fields.number("channel_num")
        ignorePartition = fields.flag("ignore_partition")
        connectTimeout = fields.number("connect_timeout")
    }

    /// Whether no target is named at all.
    var isEmpty: Bool { uri.isEmpty && host.isEmpty && port <= 0 }

    /// The target's address: the literal one, or one made of host and port.
    var address: String {
        Self.address(uri: uri, host: host, port: port, enableTLS: enableTLS)
    }

    static func address(uri: String, host: String, port: Int, enableTLS: Bool) -> String {
        if !uri.isEmpty { return uri }
        if host.contains("http://") || host.contains("https://") { return host }
        return "\(enableTLS ? "https" : "http")://\(host):\(port)"
    }

    /// What to log in with; nil where nothing was given.
    var login: String? {
        if !token.isEmpty { return token }
        return username.isEmpty ? nil : "\(username):\(password)"
    }
}
