import Foundation
import Operations
import Replay
import Synchronization
import Testing

@testable import ControlPlane

/// milvus-cdc's contract, byte for byte: what is sent, and what comes back.
@Suite struct CDCInterfaceTests {
    /// A request that creates a task, with other keys in the place of some.
    private static func create(_ changes: String = "") -> String {
        let target = #""milvus_connect_param":{"uri":"http://10.0.0.1:19530"}"#
        let scope = #""collection_infos":[{"name":"a"}]"#
        return #"{"request_type":"create","request_data":{\#(target),\#(scope)\#(changes)}}"#
    }

    private static func create(data: String) -> String {
        #"{"request_type":"create","request_data":{\#(data)}}"#
    }

    private static func request(_ type: String, _ data: String) -> String {
        #"{"request_type":"\#(type)","request_data":\#(data)}"#
    }

    private static func failure(_ code: Int, _ message: String) -> String {
        #"{"code":\#(code),"message":"\#(message)"}"# + "\n"
    }

    private static func handled(_ type: String, _ code: Int, _ message: String) -> String {
        failure(code, "fail to handle the \(type) request, error: \(message)")
    }

    private static let done = "{\"code\":200}\n"

    private static func success(_ data: String) -> String {
        "{\"code\":200,\"data\":\(data)}\n"
    }

    @Test(arguments: ["GET", "PUT", "DELETE", "PATCH"])
    func `anything but POST is refused in the body`(method: String) async throws {
        try await withDirectory { directory in
            try await withServer(in: directory) { server in
                let answer = try await server.send(method, "/cdc")
                #expect(answer.status == 200)
                #expect(answer.type == "application/json")
                #expect(answer.text == Self.failure(405, "only support the POST method"))
            }
        }
    }

    private static let envelopes: [(String, String)] = [
        ("", failure(500, "fail to unmarshal the request, error: unexpected end of JSON input")),
        ("{", failure(500, "fail to unmarshal the request, error: the body is not JSON")),
        (
            "[]",
            failure(
                500,
                """
                fail to unmarshal the request, error: json: cannot unmarshal array into \
                Go value of type request.CDCRequest
                """
            )
        ),
        (
            #"{"request_type":1}"#,
            failure(
                500,
                """
                fail to unmarshal the request, error: json: cannot unmarshal number into \
                Go struct field CDCRequest.request_type of type string
                """
            )
        ),
        (
            #"{"request_type":"get","request_data":[]}"#,
            failure(
                500,
                """
                fail to unmarshal the request, error: json: cannot unmarshal array into \
                Go struct field CDCRequest.request_data of type map[string]interface {}
                """
            )
        ),
        (
            "{}",
            failure(
                400,
                """
                invalid 'request_type' param, can be set [create delete pause resume get \
                position list maintenance]
                """
            )
        ),
        (
            request("get", #"{"task_id":1}"#),
            failure(
                500,
                """
                fail to decode the get request, error: 1 error(s) decoding:\\n\\n* 'task_id' \
                expected type 'string', got unconvertible type 'float64', value: '1'
                """
            )
        ),
        // Keys in any case, and keys that nobody knows.
        (
            request("get", #"{"TASK_ID":"none","more":{"a":[1]}}"#),
            handled("get", 400, "not found: [none]")
        ),
        (#"{"Request_Type":"list"}"#, Self.success(#"{"tasks":[]}"#)),
        (request("list", "{}"), Self.success(#"{"tasks":[]}"#)),
        (request("get", "{}"), handled("get", 400, "task_id is empty")),
        (
            request("delete", #"{"task_id":"none"}"#),
            handled("delete", 400, "not found the task, task_id: none")
        ),
        (request("delete", #"{"task_id":"none","ignore_not_found":true}"#), done),
        (
            request("delete", #"{"task_id":"none","ignore_not_found":"yes"}"#),
            failure(
                500,
                """
                fail to decode the delete request, error: 1 error(s) decoding:\\n\\n* 'ignore_not_found' \
                expected type 'bool', got unconvertible type 'string', value: 'yes'
                """
            )
        ),
        (
            request("pause", #"{"task_id":"none"}"#),
            handled("pause", 400, "not found the task, task_id: none")
        ),
        (
            request("resume", #"{"task_id":"../none"}"#),
            handled("resume", 400, "not found the task, task_id: ../none")
        ),
        (
            request("position", #"{"task_id":"none"}"#),
            Self.success(#"{"positions":null,"op_positions":null,"target_positions":null}"#)
        ),
    ]

    private static let refusals: [(String, Int, String)] = [
        ("", 400, "the downstream address is empty"),
        (
            #""milvus_connect_param":{"uri":"http://a:1"},"kafka_connect_param":{"address":"k:1"}"#,
            400,
            "don't support milvus and kafka at the same time now"
        ),
        (#""milvus_connect_param":{"port":19530}"#, 400, "the milvus host is empty"),
        (
            #""milvus_connect_param":{"host":"a"}"#, 400,
            "the milvus port is less or equal zero"
        ),
        (
            #""milvus_connect_param":{"uri":"http://a:1","username":"u"}"#, 400,
            "cannot set only one of the milvus username and password"
        ),
        (
            #""milvus_connect_param":{"uri":"http://a:1","connect_timeout":-1}"#, 400,
            "the milvus connect timeout is less zero"
        ),
        (#""kafka_connect_param":{"address":"k:1"}"#, 400, "the kafka topic is empty"),
        (
            #""milvus_connect_param":{"uri":"http://a:1"},"buffer_config":{"period":-1}"#, 400,
            "the cache period is less zero"
        ),
        (
            #""milvus_connect_param":{"uri":"http://a:1"},"buffer_config":{"size":-1}"#, 400,
            "the cache size is less zero"
        ),
        (
            #""milvus_connect_param":{"uri":"http://a:1"}"#, 400, "the collection info is empty"
        ),
        (
            #"""
            "milvus_connect_param":{"uri":"http://a:1"},"collection_infos":[{"name":"a"}],\#
            "db_collections":{"d":[{"name":"a"}]}
            """#, 400,
            "the collection info and db collection info should be only one"
        ),
        (
            #""milvus_connect_param":{"uri":"http://a:1"},"db_collections":{"d":[]}"#, 400,
            "empty collection info"
        ),
        (
            #"""
            "milvus_connect_param":{"uri":"http://a:1"},"collection_infos":[{"name":"*",\#
            "positions":{"c_1v0":""}}]
            """#, 400,
            "the collection name is `*`, the positions should be empty"
        ),
        (
            #"""
            "milvus_connect_param":{"uri":"http://a:1"},"collection_infos":[{"name":"a",\#
            "positions":{"c_1":""}}]
            """#, 400,
            "the position channel name is not virtual channel, c_1"
        ),
        (
            #""milvus_connect_param":{"uri":"http://a:1"},"collection_infos":[{"name":""}]"#, 400,
            "there is a collection name that is empty. "
        ),
        (
            #"""
            "milvus_connect_param":{"uri":"http://a:1"},"collection_infos":[{"name":"a"}],\#
            "rpc_channel_info":{"name":"other"}
            """#, 400,
            "the rpc channel is invalid, the channel name should be the same as the source config"
        ),
        (
            #""milvus_connect_param":{"uri":"nowhere"},"collection_infos":[{"name":"a"}]"#, 500,
            "fail to connect the milvus: There is no target nowhere."
        ),
        (
            #"""
            "milvus_connect_param":{"uri":"http://a:1"},"collection_infos":[{"name":"a"}],\#
            "name_mapping":[{"source_db":"d","target_db":"e"}]
            """#, 400,
            "the collection name in the name mapping is not in the collection info, checkout it"
        ),
        (
            #"""
            "milvus_connect_param":{"uri":"http://a:1"},"collection_infos":[{"name":"a",\#
            "positions":{"c_1v0":"%"}}]
            """#, 500,
            "fail to decode the position data: illegal base64 data"
        ),
        (
            #"""
            "milvus_connect_param":{"uri":"http://a:1"},"collection_infos":[{"name":"a"}],\#
            "rpc_channel_info":{"position":"%"}
            """#, 500,
            "fail to decode the rpc position data: illegal base64 data"
        ),
        // What is ours to refuse.
        (
            #"""
            "kafka_connect_param":{"address":"k:1","topic":"t"},"collection_infos":[{"name":"a"}]
            """#,
            400,
            "a Kafka target is not supported; name a Milvus in milvus_connect_param"
        ),
        (
            #"""
            "milvus_connect_param":{"uri":"http://a:1","dial_config":{"ca_pem_path":"/etc/passwd"}},\#
            "collection_infos":[{"name":"a"}]
            """#, 400,
            """
            dial_config is not taken from callers; a target's certificates stand in \
            the configuration
            """
        ),
    ]

    @Test func `every request that cannot be is answered in milvus-cdc's words`() async throws {
        try await withDirectory { directory in
            try await withServer(in: directory) { server in
                for (body, expected) in Self.envelopes {
                    let answer = try await server.send("POST", "/cdc", body)
                    #expect(answer.status == 200, "\(body)")
                    #expect(answer.text == expected, "\(body)")
                }
                for (data, code, message) in Self.refusals {
                    let answer = try await server.send("POST", "/cdc", Self.create(data: data))
                    #expect(answer.text == Self.handled("create", code, message), "\(data)")
                }
                let none = Self.success(#"{"tasks":[]}"#)
                #expect(
                    try await server.send("POST", "/cdc", Self.request("list", "{}")).text == none
                )
            }
        }
    }

    @Test func `names that are too long are told with their length`() async throws {
        try await withDirectory { directory in
            try await withServer(in: directory) { server in
                let long = String(repeating: "n", count: 257)
                let target = #""milvus_connect_param":{"uri":"http://a:1"}"#
                let collection = #"\#(target),"collection_infos":[{"name":"\#(long)"}]"#
                let body = Self.create(data: collection)
                let first = try await server.send("POST", "/cdc", body).text
                #expect(
                    first
                        == Self.handled(
                            "create",
                            400,
                            """
                            there are some collection names whose length exceeds 256 characters, [\(long)]
                            """
                        )
                )
                let database = #"\#(target),"db_collections":{"\#(long)":[{"name":"a"}]}"#
                let other = Self.create(data: database)
                let second = try await server.send("POST", "/cdc", other).text
                #expect(
                    second
                        == Self.handled(
                            "create",
                            400,
                            "the db name length exceeds 256 characters, \(long)"
                        )
                )
            }
        }
    }

    @Test func `all that does not fit is told at once, and no secret is repeated`() async throws {
        try await withDirectory { directory in
            try await withServer(in: directory) { server in
                let data = """
                    "milvus_connect_param":{"token":4711,"port":"1"},\
                    "collection_infos":{"name":"a"},\
                    "db_collections":{"d":[{"name":1e9}]},"extra_info":[]
                    """
                let answer = try await server.send("POST", "/cdc", Self.create(data: data))
                #expect(
                    answer.text
                        == Self.failure(
                            500,
                            """
                            fail to decode the create request, error: 5 error(s) decoding:\\n\\n* 'collection_infos': \
                            source data must be an array or slice, got map\\n* 'db_collections[d][0].name' \
                            expected type 'string', got unconvertible type 'float64', value: '1e+09'\\n* \
                            'extra_info' expected a map, got 'slice'\\n* 'milvus_connect_param.port' \
                            expected type 'int', got unconvertible type 'string', value: '1'\\n* 'milvus_connect_param.token' \
                            expected type 'string', got unconvertible type 'float64', value: '*****'
                            """
                        )
                )
            }
        }
    }

    @Test func `a task lives from create to delete`() async throws {
        try await withDirectory { directory in
            try await writeJournal(in: directory)
            try await withServer(in: directory) { server in
                func ask(
                    _ type: String,
                    _ data: String = #"{"task_id":"t1"}"#
                ) async throws -> String {
                    try await server.send("POST", "/cdc", Self.request(type, data)).text
                }
                let created = Self.success(#"{"task_id":"t1"}"#)
                let body = Self.create(#","task_id":"t1","disable_auto_start":false"#)
                #expect(try await server.send("POST", "/cdc", body).text == created)
                // Again: the same answer, and nothing happens.
                #expect(try await server.send("POST", "/cdc", body).text == created)
                func task(_ state: String, _ reason: String) -> String {
                    #"""
                    {"task_id":"t1","milvus_connect_param":{"host":"","port":0,"enable_tls":false,\#
                    "uri":"http://10.0.0.1:19530","dial_config":{},"channel_num":0,"ignore_partition":false,\#
                    "connect_timeout":0},"kafka_connect_param":{"address":"","topic":"","enable_sasl":false,\#
                    "sasl":{}},"collection_infos":[{"name":"a","positions":null,"use_start_position":false}],\#
                    "db_collections":null,"state":"\#(state)"\#(reason)}
                    """#
                }
                let running = task("Running", "")
                #expect(try await ask("get") == Self.success(#"{"task":\#(running)}"#))
                #expect(
                    try await ask("list", "{}") == Self.success(#"{"tasks":[\#(running)]}"#)
                )
                #expect(
                    try await ask("resume")
                        == Self.handled("resume", 400, "the task has running, task_id: t1")
                )
                #expect(try await ask("pause") == Self.done)
                let paused = task("Paused", #","reason":"manually pause through http interface""#)
                #expect(try await ask("get") == Self.success(#"{"task":\#(paused)}"#))
                #expect(
                    try await ask("pause")
                        == Self.handled("pause", 400, "the task has paused, task_id: t1")
                )
                #expect(try await ask("resume") == Self.done)
                #expect(try await ask("get") == Self.success(#"{"task":\#(running)}"#))
                while try await server.send("GET", "/v1/tasks/t1").body["backlog_entries"] as? Int
                    != 0
                {}
                let name = CollectionName(database: "default", collection: "a")
                #expect(server.target.contents.collections[name]?.rows.count == 3)
                #expect(try await ask("delete") == Self.done)
                #expect(
                    try await ask("delete")
                        == Self.handled("delete", 400, "not found the task, task_id: t1")
                )
            }
        }
    }

    @Test func `a task without an id gets one of 32 hexadecimal digits`() async throws {
        try await withDirectory { directory in
            try await withServer(in: directory) { server in
                let answer = try await server.send("POST", "/cdc", Self.create())
                let data = try #require(answer.body["data"] as? [String: Any])
                let id = try #require(data["task_id"] as? String)
                #expect(id.count == 32 && id.allSatisfy { $0.isHexDigit && !$0.isUppercase })
            }
        }
    }

    @Test func `one task takes several collections of several databases, under new names`()
        async throws
    {
        try await withDirectory { directory in
            try await withServer(in: directory) { server in
                let data = """
                    "task_id":"t","milvus_connect_param":{"host":"10.0.0.1","port":19530},\
                    "db_collections":{"d":[{"name":"a"},{"name":"b"}],"e":[{"name":"*"}]},\
                    "name_mapping":[{"source_db":"d","target_db":"x",\
                    "collection_mapping":{"a":"c"}},\
                    {"source_db":"e","target_db":"y"}]
                    """
                let made = try await server.send("POST", "/cdc", Self.create(data: data))
                #expect(made.body["code"] as? Int == 200)
                let task = try await server.send("GET", "/v1/tasks/t")
                #expect(task.body["include"] as? [String] == ["d.a", "d.b", "e.*"])
                #expect(task.body["rename"] as? [String] == ["d.a=x.c", "e.*=y.*"])
                #expect(task.body["target"] as? String == "http://10.0.0.1:19530")
            }
        }
    }

    @Test func `no collection goes to one target by two tasks`() async throws {
        try await withDirectory { directory in
            try await withServer(in: directory) { server in
                func make(_ scope: String) async throws -> String {
                    let target = #""milvus_connect_param":{"uri":"http://10.0.0.1:19530"}"#
                    let data = #"\#(target),"db_collections":\#(scope)"#
                    return try await server.send("POST", "/cdc", Self.create(data: data)).text
                }
                func duplicate(_ names: String) -> String {
                    Self.handled(
                        "create",
                        400,
                        "the collection name is duplicate with existing task, [\(names)]"
                    )
                }
                #expect(try await make(#"{"d":[{"name":"a"}]}"#).hasPrefix(#"{"code":200"#))
                #expect(try await make(#"{"d":[{"name":"a"},{"name":"b"}]}"#) == duplicate("d.a"))
                // What covers everything leaves to others what they have.
                #expect(try await make(#"{"*":[{"name":"*"}]}"#).hasPrefix(#"{"code":200"#))
                #expect(try await make(#"{"e":[{"name":"z"}]}"#) == duplicate("e.z"))
                #expect(try await make(#"{"*":[{"name":"*"}]}"#) == duplicate("*.*"))
                let list = try await server.send("GET", "/v1/tasks")
                let tasks = try #require(list.body["tasks"] as? [[String: Any]])
                #expect(tasks.map { $0["exclude"] as? [String] } == [[], ["d.a"]])
                // Users and roles are not asked for.
                #expect(tasks.map { $0["leave_out"] as? [String] } == [[], ["rbac"]])
            }
        }
    }

    @Test func `users and roles are asked for by one task of a target`() async throws {
        try await withDirectory { directory in
            try await withServer(in: directory) { server in
                let first = Self.create(#","extra_info":{"enable_user_role":true}"#)
                let made = try await server.send("POST", "/cdc", first)
                #expect(made.body["code"] as? Int == 200)
                let second = first.replacingOccurrences(of: #""a""#, with: #""b""#)
                let told = try await server.send("POST", "/cdc", second).text
                #expect(
                    told == Self.handled("create", 400, "the enable user role param is duplicate")
                )
            }
        }
    }

    @Test func `what a caller logs in with outlasts the server and is never told`() async throws {
        let secret = "root:Canary-4711"
        let tokens = Mutex<[String?]>([])
        try await withDirectory { directory in
            try await withServer(
                in: directory,
                onConnect: { _, token in tokens.withLock { $0.append(token) } }
            ) {
                server in
                let login = #""username":"root","password":"Canary-4711""#
                let data =
                    #"""
                    "task_id":"t","milvus_connect_param":{"uri":"http://10.0.0.1:1",\#(login)},\#
                    "collection_infos":[{"name":"a"}]
                    """#
                _ = try await server.send("POST", "/cdc", Self.create(data: data))
                for type in ["get", "list", "position"] {
                    let body = Self.request(type, #"{"task_id":"t"}"#)
                    let told = try await server.send("POST", "/cdc", body).text
                    #expect(!told.contains("Canary"))
                }
                for path in ["/v1/tasks", "/v1/events", "/metrics", "/cdc/metrics"] {
                    let told = try await server.send("GET", path).text
                    #expect(!told.contains("Canary"))
                }
                _ = try await server.wait(for: "t", "running")
            }
            #expect(tokens.withLock { $0.allSatisfy { $0 == secret } && $0.count >= 2 })
            tokens.withLock { $0 = [] }
            let file = directory + "/secrets/t"
            let kept = try FileManager.default.attributesOfItem(atPath: file)
            #expect(kept[.posixPermissions] as? Int == 0o600)
            let folder = try FileManager.default.attributesOfItem(atPath: directory + "/secrets")
            #expect(folder[.posixPermissions] as? Int == 0o700)
            let catalog = try Data(contentsOf: URL(filePath: directory + "/catalog.sqlite"))
            #expect(catalog.range(of: Data("Canary".utf8)) == nil)
            try await withServer(
                in: directory,
                onConnect: { _, token in tokens.withLock { $0.append(token) } }
            ) {
                server in
                while tokens.withLock({ $0.isEmpty }) {
                    try await Task.sleep(for: .milliseconds(5))
                }
                #expect(tokens.withLock { $0.allSatisfy { $0 == secret } })
                let body = Self.request("delete", #"{"task_id":"t"}"#)
                #expect(try await server.send("POST", "/cdc", body).text == Self.done)
                #expect(!FileManager.default.fileExists(atPath: file))
            }
        }
    }

    @Test func `of requests that come at once, one makes the task`() async throws {
        try await withDirectory { directory in
            try await withServer(in: directory) { server in
                func answers(_ body: String) async throws -> [String] {
                    try await withThrowingTaskGroup(of: String.self) { group in
                        for _ in 0..<8 {
                            group.addTask { try await server.send("POST", "/cdc", body).text }
                        }
                        return try await group.reduce(into: []) { $0.append($1) }
                    }
                }
                let unnamed = try await answers(Self.create())
                #expect(unnamed.count { $0.hasPrefix(#"{"code":200"#) } == 1)
                let duplicate = Self.handled(
                    "create",
                    400,
                    "the collection name is duplicate with existing task, [default.a]"
                )
                #expect(unnamed.count { $0 == duplicate } == 7)
                let named = Self.create(#","task_id":"t""#).replacing(#""a""#, with: #""b""#)
                let made = Self.success(#"{"task_id":"t"}"#)
                #expect(try await answers(named).count { $0 == made } == 8)
                let tasks = try await server.send("GET", "/v1/tasks").body["tasks"] as? [Any]
                #expect(tasks?.count == 2)
            }
        }
    }

    @Test func `a login is for the address it came with, and is not sent to another`()
        async throws
    {
        let sent = Mutex<[String: Set<String?>]>([:])
        try await withDirectory { directory in
            try await withServer(
                in: directory,
                onConnect: { target, token in
                    sent.withLock { _ = $0[target, default: []].insert(token) }
                }
            ) {
                server in
                let param = #""uri":"http://10.0.0.1:1","token":"\#(Said.planted)""#
                let data =
                    #"""
                    "task_id":"t","milvus_connect_param":{\#(param)},"collection_infos":[{"name":"a"}]
                    """#
                _ = try await server.send("POST", "/cdc", Self.create(data: data))
                func change(_ body: String) async throws {
                    let changed = try await server.send("PATCH", "/v1/tasks/t", body)
                    #expect(changed.status == 200)
                }
                let file = directory + "/secrets/t"
                // The same address is the same login's.
                try await change(#"{"target":"http://10.0.0.1:1","on_error":"dead-letter"}"#)
                #expect(FileManager.default.fileExists(atPath: file))
                try await change(#"{"target":"http://10.0.0.2:1"}"#)
                #expect(!FileManager.default.fileExists(atPath: file))
                // Back again, it is not remembered either.
                try await change(#"{"target":"http://10.0.0.3:1"}"#)
                while sent.withLock({ $0["http://10.0.0.3:1"] }) == nil {
                    try await Task.sleep(for: .milliseconds(5))
                }
                let get = Self.request("get", #"{"task_id":"t"}"#)
                let told = try await server.send("POST", "/cdc", get).text
                #expect(told.contains(#""uri":"http://10.0.0.3:1""#))
                let events = try await server.send("GET", "/v1/events").text
                #expect(events.contains("the login of its earlier target is forgotten"))
            }
        }
        let all = sent.withLock { $0 }
        #expect(all["http://10.0.0.1:1"] == [Said.planted])
        #expect(all["http://10.0.0.3:1"] == [nil])
        #expect(all["http://10.0.0.2:1"] ?? [nil] == [nil])
    }

    @Test func `a task that is not to start by itself waits after a restart`() async throws {
        try await withDirectory { directory in
            try await withServer(in: directory) { server in
                let body = Self.create(#","task_id":"t","disable_auto_start":true"#)
                _ = try await server.send("POST", "/cdc", body)
                _ = try await server.wait(for: "t", "running")
            }
            try await withServer(in: directory) { server in
                let get = Self.request("get", #"{"task_id":"t"}"#)
                let told = try await server.send("POST", "/cdc", get).text
                #expect(
                    told.contains(#""state":"Paused","reason":"the task is disabled auto start""#)
                )
                let resume = Self.request("resume", #"{"task_id":"t"}"#)
                #expect(try await server.send("POST", "/cdc", resume).text == Self.done)
                #expect(
                    try await server.send("POST", "/cdc", get).text.contains(#""state":"Running"}"#)
                )
            }
        }
    }

    @Test func `positions of a task are where another one can begin`() async throws {
        try await withDirectory { directory in
            try await writeJournal(in: directory)
            try await withServer(in: directory) { server in
                _ = try await server.send("POST", "/cdc", Self.create(#","task_id":"t""#))
                while try await server.send("GET", "/v1/tasks/t").body["backlog_entries"] as? Int
                    != 0
                {}
                let ask = Self.request("position", #"{"task_id":"t"}"#)
                let told = try await server.send("POST", "/cdc", ask)
                let data = try #require(told.body["data"] as? [String: Any])
                let positions = try #require(data["positions"] as? [[String: Any]])
                #expect(positions.map { $0["collection_id"] as? Int } == [-10, 100])
                #expect(positions.last?["channel_name"] as? String == "c0")
                #expect(positions.last?["tt"] as? Int == 1 << 18)
                let text = try #require(positions.last?["msg_id"] as? String)
                let position = try CDCPosition(base64: text)
                #expect(position.channel == "c0")
                #expect(position.timestamp == HybridTimestamp(rawValue: 30))

                _ = try await server.send(
                    "POST",
                    "/cdc",
                    Self.request("delete", #"{"task_id":"t"}"#)
                )
                let scope = #"[{"name":"a","positions":{"c0_100v0":"\#(text)"}}]"#
                let from =
                    #"""
                    "task_id":"u","milvus_connect_param":{"uri":"http://10.0.0.1:1"},"collection_infos":\#(scope)
                    """#
                let made = try await server.send("POST", "/cdc", Self.create(data: from))
                #expect(made.body["code"] as? Int == 200, "\(made.text)")
                let task = try await server.send("GET", "/v1/tasks/u")
                let checkpoint = try #require(task.body["checkpoint"] as? [String: Any])
                #expect(checkpoint["sequence"] as? Int == 2)
            }
        }
    }

    @Test(arguments: [
        (#"{"operation":"x"}"#, "unsupported operation: x"),
        (#"{"operation":"set_log_level"}"#, "log_level is required"),
        (
            #"{"operation":"set_log_level","params":{"log_level":"loud"}}"#,
            #"parse log level failed: unrecognized level: \"loud\""#
        ),
        (
            #"{"operation":"set_log_level","params":{"log_level":"debug"}}"#,
            "set log level to debug"
        ),
        (#"{"operation":"set_force_log_msg"}"#, "force is required"),
        (
            #"{"operation":"set_force_log_msg","params":{"force":"x"}}"#,
            #"parse force failed: strconv.ParseBool: parsing \"x\": invalid syntax"#
        ),
        (
            #"{"operation":"set_force_log_msg","params":{"force":true}}"#,
            "set force log msg to true"
        ),
        (#"{"operation":"reset_log_msg"}"#, "count is required"),
        (#"{"operation":"reset_log_msg","params":{"count":10}}"#, "duration is required"),
        (
            #"{"operation":"reset_log_msg","params":{"count":10,"duration":5}}"#,
            "reset log msg count to 10, duration to 5"
        ),
    ])
    func `maintenance is answered with a sentence`(data: String, state: String) async throws {
        try await withDirectory { directory in
            try await withServer(in: directory) { server in
                let body = Self.request("maintenance", data)
                let expected = Self.success(#"{"State":"\#(state)"}"#)
                let told = try await server.send("POST", "/cdc", body).text
                #expect(told == expected)
            }
        }
    }
}
