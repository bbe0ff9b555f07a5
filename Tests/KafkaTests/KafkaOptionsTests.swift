import Kafka
import Testing

struct KafkaOptionsTests {
    private func failure(of options: KafkaOptions) -> KafkaOptionFailure? {
        do {
            _ = try KafkaMessageLog(options, logger: quiet)
            return nil
        } catch {
            return error as? KafkaOptionFailure
        }
    }

    @Test func `plain brokers are enough`() {
        #expect(failure(of: KafkaOptions(brokers: "127.0.0.1:9092,[::1]:9093")) == nil)
    }

    @Test func `no broker is refused`() {
        #expect(failure(of: KafkaOptions(brokers: "")) != nil)
    }

    @Test(arguments: [
        "auto.offset.reset", "bootstrap.servers", "check.crcs", "debug", "enable.auto.commit",
        "group.id", "plugin.library.paths", "sasl.oauthbearer.config", "sasl.password",
        "security.protocol", "ssl.key.location", "ssl.keystore.location", "no.such.property", "",
    ])
    func `a property that is not on the list is refused by name`(name: String) {
        let failure = failure(of: KafkaOptions(brokers: "a:1", properties: [name: "secret-value"]))
        #expect(failure?.message.contains(name) == true || name.isEmpty && failure != nil)
        #expect(failure?.message.contains("secret-value") == false)
    }

    @Test func `every property on the list is one that librdkafka knows`() throws {
        for name in KafkaOptions.allowedProperties {
            let failure = failure(of: KafkaOptions(brokers: "a:1", properties: [name: "no value"]))
            // A name it does not know would be told as "No such configuration property".
            #expect(failure?.message.contains("No such") != true, "\(name)")
        }
    }

    @Test func `a value that librdkafka does not take is refused in its words`() {
        let options = KafkaOptions(brokers: "a:1", properties: ["socket.timeout.ms": "soon"])
        #expect(failure(of: options)?.message.contains("socket.timeout.ms") == true)
    }

    @Test func `a certificate without its key is refused`() {
        let tls = KafkaOptions.TLS(certificate: "/etc/hostname")
        #expect(failure(of: KafkaOptions(brokers: "a:1", tls: tls)) != nil)
    }

    @Test func `authorities that are not there are refused`() {
        let tls = KafkaOptions.TLS(authorities: "/no/such/file.pem")
        #expect(failure(of: KafkaOptions(brokers: "a:1", tls: tls)) != nil)
    }

    @Test func `a password is in no description`() {
        let options = KafkaOptions(
            brokers: "a:1",
            tls: .init(keyPassword: "hush-hush"),
            login: .init(mechanism: .plain, username: "me", password: "hush-hush")
        )
        var dumped = ""
        dump(options, to: &dumped)
        for text in ["\(options)", String(reflecting: options), dumped] {
            #expect(!text.contains("hush-hush"))
        }
    }
}
