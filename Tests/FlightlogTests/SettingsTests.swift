import Journal
import Testing

@testable import flightlog

private let whole = """
    version: 1
    data: ./flightlog-data
    listen: 127.0.0.1:8444
    log: { level: info, format: text }
    sources:
      main:
        etcd:  { endpoints: [http://127.0.0.1:2379], root: by-dev, meta: meta }
        kafka: { brokers: 127.0.0.1:9092 }
        milvus: { uri: http://127.0.0.1:19530 }
    targets:
      dr: { uri: http://127.0.0.1:19531, token: { env: DR_TOKEN } }
    repositories:
      local: { path: ./backups }
      s3: { endpoint: https://s3.example.org, bucket: b, prefix: p, region: r, access_key: { env: A }, secret_key: { env: S } }
    """

private struct NoSuchFile: Error {}

private func read(
    _ yaml: String,
    environment: [String: String] = [:],
    files: [String: String] = [:]
) throws -> Settings {
    let source = SettingsSource(environment: environment) { path in
        guard let text = files[path] else { throw NoSuchFile() }
        return text
    }
    return try Settings(yaml: yaml, source: source)
}

/// What is said of a configuration that is refused.
private func complaint(
    _ yaml: String,
    environment: [String: String] = [:],
    files: [String: String] = [:]
) -> String {
    do {
        _ = try read(yaml, environment: environment, files: files)
        return "accepted"
    } catch { return "\(error)" }
}

@Suite struct SettingsTests {
    @Test func `how much of a journal is kept is read, with its units`() throws {
        let text = whole.replacing(
            "milvus: { uri: http://127.0.0.1:19530 }",
            with: "retention: { age: 30d, size: 500GB }"
        )
        let settings = try read(text, environment: ["DR_TOKEN": "t", "A": "a", "S": "s"])
        let retention = try #require(settings.sources.first?.retention)
        #expect(retention.policy.ageMaxMilliseconds == Int64(30 * 86_400_000))
        #expect(retention.policy.sizeMaxBytes == 500_000_000_000)
        let unclear = text.replacing("30d", with: "a month")
        #expect(complaint(unclear).contains("sources.main.retention.age is \"a month\""))
    }

    @Test func `how a journal is written is read, and refused where it cannot be`() throws {
        let text = whole.replacing(
            "milvus: { uri: http://127.0.0.1:19530 }",
            with: "journal: { level: 3, segment_size: 64MiB, segment_age: 2h }"
        )
        let settings = try read(text, environment: ["DR_TOKEN": "t", "A": "a", "S": "s"])
        let options = try #require(settings.sources.first?.journal?.options)
        #expect(options.compressionLevel == 3)
        #expect(options.segmentSizeMaxBytes == 64 << 20)
        #expect(options.segmentAgeMax == .seconds(7200))
        let high = text.replacing("level: 3", with: "level: 23")
        #expect(complaint(high).contains("sources.main.journal.level is 23"))
    }

    @Test(arguments: [
        ("64MiB", 64 << 20), ("1B", 1), ("2TB", 2_000_000_000_000), ("0GB", nil), ("5", nil),
        ("GB", nil), ("-1GB", nil), ("99999999999TB", nil), ("1.5GB", nil),
    ])
    func `bytes are a number and a unit`(text: String, bytes: Int?) {
        #expect(ByteCount(text)?.bytes == bytes)
    }

    @Test(arguments: [("90s", 90_000), ("2w", 1_209_600_000), ("1", nil), ("d", nil)])
    func `a span is a number and a unit`(text: String, milliseconds: Int64?) {
        #expect(TimeSpan(text)?.milliseconds == milliseconds)
    }

    @Test func `the whole file is read`() throws {
        let settings = try read(whole, environment: ["DR_TOKEN": "t", "A": "a", "S": "s"])
        #expect(settings.dataDirectory == "./flightlog-data")
        #expect(settings.interface.endpoint == Endpoint("127.0.0.1:8444"))
        #expect("\(settings.log.level)" == "info")
        #expect(settings.sources.map(\.name) == ["main"])
        #expect(
            settings.sources.first?.etcd.endpoints.map(\.description) == ["http://127.0.0.1:2379"]
        )
        #expect(settings.sources.first?.kafka.brokers.map(\.description) == ["127.0.0.1:9092"])
        #expect(settings.sources.first?.milvus?.uri == PeerURI("http://127.0.0.1:19530"))
        #expect(settings.targets["dr"]?.token?.revealed == "t")
        #expect(settings.repositories["local"] == .folder(path: "./backups"))
        guard case .bucket(let bucket) = settings.repositories["s3"] else {
            Issue.record("no bucket")
            return
        }
        #expect(bucket.endpoint == PeerURI("https://s3.example.org:443"))
        #expect(bucket.secretKey?.revealed == "s")
    }

    @Test func `the least that is needed is a version`() throws {
        let settings = try read("version: 1")
        #expect(settings.sources.isEmpty)
        #expect(settings.interface.endpoint.port == 8444)
        #expect(settings.log.format == .text)
    }

    @Test func `every peer takes keys for TLS and authentication`() throws {
        let settings = try read(
            """
            version: 1
            sources:
              main:
                etcd:
                  endpoints: [https://etcd:2379]
                  tls: { ca: ca.pem, cert: c.pem, key: k.pem, server_name: etcd.internal }
                  username: root
                  password: { file: /run/etcd }
                kafka:
                  brokers: a:9093, b:9093
                  tls: { ca: ca.pem }
                  sasl: { mechanism: scram-sha-256, username: u, password: plain }
                milvus: { uri: https://milvus, username: root, password: Milvus }
            """,
            files: ["/run/etcd": "hush\n"]
        )
        let main = try #require(settings.sources.first)
        #expect(main.etcd.tls?.serverName == "etcd.internal")
        #expect(main.etcd.password?.revealed == "hush")
        #expect(main.kafka.brokers.map(\.description) == ["a:9093", "b:9093"])
        #expect(main.kafka.sasl?.mechanism == "SCRAM-SHA-256")
        #expect(main.milvus?.token?.revealed == "root:Milvus")
        #expect(main.milvus?.uri.description == "https://milvus:19530")
    }

    @Test(arguments: [
        ("", "the file is empty"),
        ("data: x", "the file lacks the key \"version\"; write version: 1"),
        ("version: 2", "line 1: version is 2, and this flightlog reads version 1"),
        ("version: one", "line 1: version must be a whole number, not \"one\""),
        ("- version", "line 1: the file must be keys with values, not a list"),
        (
            "version: 1\nlisen: x",
            "line 2: unknown key \"lisen\" in the file; did you mean \"listen\"?"
        ),
        ("version: 1\nlisten: 8444", "line 2: listen is \"8444\", which is not HOST:PORT"),
        (
            "version: 1\nlisten_tls: { cert: a }",
            "line 2: listen_tls lacks the key \"key\""
        ),
        (
            "version: 1\nlisten_limits: { connections: 0 }",
            "line 2: listen_limits.connections is 0, which is not a number from 1 to 1000000"
        ),
        (
            "version: 1\nallow_targets: [a, \"http://b\"]",
            "line 2: allow_targets holds \"http://b\", which is not HOST or HOST:PORT, "
                + "with * for any part of the host"
        ),
        (
            "version: 1\nlog:\n  level: loud",
            "line 3: log.level is \"loud\", which is not one of trace, debug, info, notice, warning, error, critical"
        ),
        ("version: 1\nlog: text", "line 2: log must be keys with values, not \"text\""),
        ("version: 1\ndata: [a]", "line 2: data must be a text, not a list"),
        (
            "version: 1\nsources:\n  main:\n    kafka: { brokers: a:1 }",
            "line 4: sources.main lacks the key \"etcd\""
        ),
        (
            "version: 1\nsources:\n  main:\n    etcd: { endpoints: [a:1] }\n    kafak: { brokers: a:1 }",
            "line 5: unknown key \"kafak\" in sources.main; did you mean \"kafka\"?"
        ),
        (
            "version: 1\nsources:\n  main:\n    etcd: { endpoints: a:1 }",
            "line 4: sources.main.etcd.endpoints must be a list, not \"a:1\""
        ),
        (
            "version: 1\nsources:\n  main:\n    etcd: { endpoints: [a:1] }\n    kafka: { brokers: nowhere }",
            "line 5: sources.main.kafka.brokers holds \"nowhere\", which is not HOST:PORT"
        ),
        (
            "version: 1\ntargets:\n  a/b: { uri: http://a:1 }",
            "line 3: targets.a/b is not a name; \(EntityName.rule)"
        ),
        (
            "version: 1\ntargets:\n  dr:\n    uri: a:1",
            "line 4: targets.dr.uri is \"a:1\", which is not http://HOST:PORT"
        ),
        (
            "version: 1\ntargets:\n  dr:\n    uri: http://a:1\n    token: { env: NOT_THERE }",
            "line 5: targets.dr.token needs the environment variable NOT_THERE, which is not set"
        ),
        (
            "version: 1\ntargets:\n  dr:\n    uri: http://a:1\n    token: { file: /nowhere }",
            "line 5: targets.dr.token needs the file /nowhere, which cannot be read"
        ),
        (
            "version: 1\ntargets:\n  dr:\n    uri: http://a:1\n    token: { enf: A }",
            "line 5: unknown key \"enf\" in targets.dr.token; did you mean \"env\"?"
        ),
    ])
    func `what is wrong is said with its line`(yaml: String, sentence: String) {
        #expect(complaint(yaml) == sentence)
    }

    @Test func `text that is not YAML is told with its line`() {
        #expect(complaint("version: 1\ndata: [a").hasPrefix("line 3: this is not YAML: "))
    }

    @Test func `a key that stands twice is refused`() {
        #expect(complaint("version: 1\ndata: a\ndata: b").contains("stand twice: data"))
    }

    @Test func `a secret shows as stars`() throws {
        let settings = try read(whole, environment: ["DR_TOKEN": "hush", "A": "hush", "S": "hush"])
        var dump = ""
        Swift.dump(settings, to: &dump)
        #expect(!dump.contains("hush"))
        #expect(!"\(settings) \(String(reflecting: settings))".contains("hush"))
        #expect("\(Secret("hush"))" == "*****")
    }

    @Test(arguments: [
        ("kafka", "kafka", 0), ("kafak", "kafka", 1), ("brokr", "brokers", 2), ("", "tls", 3),
    ])
    func `edit distance counts swaps as one`(left: String, right: String, distance: Int) {
        #expect(NearestKey.distance(left, right) == distance)
    }
}
