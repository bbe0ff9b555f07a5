import Capture
import Glibc
import Kafka
import Operations
import TestSupport
import Testing

/// TLS and logins, against a front that has them.
@Suite(.serialized) struct SecurityTests {
    private static let channel = PhysicalChannel("dml_0")
    private typealias Login = KafkaOptions.Login

    /// What comes of reading one message through a front.
    private func read(
        front arguments: [String],
        in directory: String,
        _ set: (inout KafkaOptions) -> Void
    ) async throws -> LogFailure.Code? {
        let broker = try await BrokerProcess()
        try Producer(broker.address).append([[1]], to: Self.channel)
        let addressFile = "\(directory)/front-\(UInt32.random(in: 0...UInt32.max))"
        let command = ["python3", ChildProcess.tool("kafka-front"), broker.address]
        let front = try ChildProcess(
            command + arguments + ["--addr-file", addressFile],
            errors: "\(directory)/front-log"
        )
        var options = KafkaOptions(brokers: try await front.line(in: addressFile))
        options.startDeadline = .seconds(10)
        set(&options)
        let log = try KafkaMessageLog(options, logger: quiet)
        try await log.follow(Self.channel, from: 0)
        var failure: LogFailure?
        do {
            var messages: [LogMessage] = []
            let deadline = ContinuousClock.now + .seconds(15)
            while messages.isEmpty, .now < deadline {
                messages = try await log.next(wait: .milliseconds(200))
            }
            #expect(messages.map(\.value) == [[1]])
        } catch let error as LogFailure {
            failure = error
            #expect(!error.message.contains("hush-hush"))
        }
        await log.close()
        withExtendedLifetime((broker, front)) {}
        return failure?.code
    }

    @Test(arguments: KafkaOptions.Login.Mechanism.allCases)
    func `a login with the right password reads, with a wrong one it is refused`(
        mechanism: KafkaOptions.Login.Mechanism
    ) async throws {
        let temporary = TemporaryDirectory()
        let front = [
            "--sasl", mechanism.rawValue, "--user", "flight", "--password", "right-hush-hush",
        ]
        for (password, code) in [
            ("right-hush-hush", nil), ("wrong-hush-hush", LogFailure.Code.refused),
        ] {
            let came = try await read(front: front, in: temporary.path) {
                $0.login = Login(mechanism: mechanism, username: "flight", password: password)
            }
            #expect(came == code)
        }
        let other = KafkaOptions.Login.Mechanism.allCases.first { $0 != mechanism }
        let came = try await read(front: front, in: temporary.path) {
            $0.login = other.map {
                Login(mechanism: $0, username: "flight", password: "right-hush-hush")
            }
        }
        #expect(came == .refused)
    }

    @Test func `a certificate of a trusted authority reads`() async throws {
        let files = try Certificates()
        let code = try await read(front: files.server, in: files.directory) {
            $0.tls = .init(authorities: files.authority)
        }
        #expect(code == nil)
    }

    @Test func `a certificate of an unknown authority is refused`() async throws {
        let files = try Certificates()
        let others = try Certificates()
        for authority in [others.authority, nil] {
            let code = try await read(front: files.server, in: files.directory) {
                $0.tls = .init(authorities: authority)
            }
            #expect(code == .refused)
        }
    }

    @Test func `a certificate for another host is refused unless names are not verified`()
        async throws
    {
        let files = try Certificates(host: "127.0.0.9")
        for (isVerified, code) in [(true, LogFailure.Code.refused), (false, nil)] {
            let came = try await read(front: files.server, in: files.directory) {
                $0.tls = .init(authorities: files.authority, verifiesHostName: isVerified)
            }
            #expect(came == code)
        }
    }

    @Test func `a client shows its certificate where one is asked for`() async throws {
        let files = try Certificates()
        let front = files.server + ["--client-ca", files.authority]
        let with = try await read(front: front, in: files.directory) {
            $0.tls = .init(
                authorities: files.authority,
                certificate: files.client,
                key: files.clientKey
            )
        }
        #expect(with == nil)
        let without = try await read(front: front, in: files.directory) {
            $0.tls = .init(authorities: files.authority)
            // In TLS 1.3 the client takes the connection for made when the server refuses it.
            $0.startDeadline = .seconds(2)
        }
        #expect(without == .refused || without == .unavailable)
    }

    @Test func `a login goes over TLS`() async throws {
        let files = try Certificates()
        let front = files.server + ["--sasl", "SCRAM-SHA-512", "--user", "a", "--password", "b"]
        let code = try await read(front: front, in: files.directory) {
            $0.tls = .init(authorities: files.authority)
            $0.login = Login(mechanism: .scramSHA512, username: "a", password: "b")
        }
        #expect(code == nil)
    }
}

/// An authority, a server's certificate and a client's, made for one test.
private struct Certificates {
    private let temporary = TemporaryDirectory()

    var directory: String { temporary.path }
    var authority: String { "\(directory)/authority.pem" }
    var client: String { "\(directory)/client.pem" }
    var clientKey: String { "\(directory)/client.key" }
    var server: [String] {
        ["--cert", "\(directory)/server.pem", "--key", "\(directory)/server.key"]
    }

    init(host: String = "127.0.0.2") throws {
        let new = ["openssl", "req", "-x509", "-nodes", "-days", "2", "-newkey", "ec"]
        let curve = ["-pkeyopt", "ec_paramgen_curve:prime256v1"]
        func make(_ name: String, _ arguments: [String]) throws {
            let files = ["-keyout", "\(directory)/\(name).key", "-out", "\(directory)/\(name).pem"]
            let subject = ["-subj", "/CN=\(name)"]
            try ChildProcess.run(
                new + curve + files + subject + arguments,
                errors: "\(directory)/openssl-log"
            )
        }
        let signed = [
            "-CA", "\(directory)/authority.pem", "-CAkey", "\(directory)/authority.key",
            "-addext", "basicConstraints=critical,CA:FALSE",
        ]
        try make("authority", [])
        try make("server", signed + ["-addext", "subjectAltName=IP:\(host)"])
        try make("client", signed)
    }
}
