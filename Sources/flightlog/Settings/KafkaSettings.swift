/// Where and how a Kafka is reached.
struct KafkaSettings: Hashable, Sendable {
    static let keys = ["brokers", "tls", "sasl"]

    /// At least one.
    var brokers: [Endpoint]
    var tls: TLSSettings?
    var sasl: SASLSettings?

    init(_ section: SettingsSection) throws(SettingsFailure) {
        brokers = []
        for part in try section.requiredText("brokers").split(separator: ",") {
            let text = part.filter { !$0.isWhitespace }
            guard let endpoint = Endpoint(text) else {
                throw section.failure("brokers", "holds \"\(text)\", which is not HOST:PORT")
            }
            brokers.append(endpoint)
        }
        guard !brokers.isEmpty else { throw section.failure("brokers", "names no broker") }
        tls = try section.section("tls", keys: TLSSettings.keys).map(TLSSettings.init)
        guard tls?.serverName == nil else {
            throw section.failure(
                "tls",
                "has a server_name, and brokers are checked for the names they go by"
            )
        }
        sasl = try section.section("sasl", keys: SASLSettings.keys).map(SASLSettings.init)
    }
}
