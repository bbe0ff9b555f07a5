extension KafkaOptions {
    /// What librdkafka fetches ahead, over all channels.
    static let queuedKibibytes = 16 * 1_024
    /// What one answer of one broker holds, as stored.
    ///
    /// It is unpacked at once, so memory grows with this times the ratio of compression: small is good.
    /// A single batch that is larger comes whole all the same (KIP-74).
    static let fetchMaxBytes = 1 << 20
    /// The largest answer that is taken: far above Milvus' largest message, 10 MiB.
    static let answerMaxBytes = 128 << 20

    /// The librdkafka properties that an operator may set: how to talk to the brokers, never what is
    /// read or what is run.
    package static let allowedProperties: Set<String> = [
        "broker.address.family", "broker.address.ttl", "client.id", "connections.max.idle.ms",
        "fetch.error.backoff.ms", "fetch.max.bytes", "fetch.message.max.bytes", "fetch.wait.max.ms",
        "max.partition.fetch.bytes", "metadata.max.age.ms", "queued.max.messages.kbytes",
        "queued.min.messages", "receive.message.max.bytes", "reconnect.backoff.max.ms",
        "reconnect.backoff.ms", "socket.connection.setup.timeout.ms", "socket.keepalive.enable",
        "socket.nagle.disable", "socket.receive.buffer.bytes", "socket.send.buffer.bytes",
        "socket.timeout.ms", "ssl.cipher.suites", "ssl.curves.list", "ssl.sigalgs.list",
        "topic.metadata.refresh.interval.ms",
    ]

    /// Every property, in the order in which librdkafka is to take it.
    ///
    /// - Throws: `KafkaOptionFailure` for a property that is not allowed or an option that makes no
    ///   sense. Values are judged by librdkafka.
    func librdkafkaProperties() throws(KafkaOptionFailure) -> [(name: String, value: String)] {
        guard !brokers.isEmpty else {
            throw KafkaOptionFailure(message: "Kafka needs at least one broker, host:port.")
        }
        for name in properties.keys.sorted() where !Self.allowedProperties.contains(name) {
            throw KafkaOptionFailure(message: Self.refusal(of: name))
        }
        var result = [("bootstrap.servers", brokers)] + Self.reading
        result += try security()
        result += properties.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        return result
    }

    private static func refusal(of name: String) -> String {
        let near = ["ssl.", "sasl.", "security."].contains(where: name.hasPrefix)
        return near
            ? "The Kafka property \(name) has an option of its own (tls or login) or cannot be set."
            : "The Kafka property \(name) cannot be set; those that can are:"
                + " \(allowedProperties.sorted().joined(separator: ", "))."
    }

    private static let reading: [(String, String)] = [
        ("client.id", "flightlog"),
        // What is not there is an error and never a jump; a topic is made by who writes it.
        ("auto.offset.reset", "error"),
        ("allow.auto.create.topics", "false"),
        ("enable.auto.commit", "false"),
        ("enable.auto.offset.store", "false"),
        ("enable.partition.eof", "false"),
        ("check.crcs", "true"),
        // Memory.
        ("queued.max.messages.kbytes", "\(queuedKibibytes)"),
        ("fetch.message.max.bytes", "\(fetchMaxBytes)"),
        ("fetch.max.bytes", "\(fetchMaxBytes)"),
        ("receive.message.max.bytes", "\(answerMaxBytes)"),
        // Latency: a broker answers as soon as it has one byte.
        ("fetch.min.bytes", "1"),
        // A channel that starts waits for the answer to the fetch that is under way.
        ("fetch.wait.max.ms", "50"),
        ("fetch.error.backoff.ms", "100"),
        ("topic.metadata.refresh.fast.interval.ms", "100"),
        ("topic.metadata.refresh.sparse", "true"),
        // A broker that went away is tried again soon; one that hangs is given up.
        ("reconnect.backoff.ms", "50"),
        ("reconnect.backoff.max.ms", "1000"),
        ("socket.connection.setup.timeout.ms", "5000"),
        ("socket.timeout.ms", "10000"),
        ("socket.keepalive.enable", "true"),
        // Log lines come as events.
        ("log.queue", "true"),
        ("log.connection.close", "false"),
    ]

    private func security() throws(KafkaOptionFailure) -> [(String, String)] {
        var result = [("security.protocol", protocolName)]
        if let tls {
            guard (tls.certificate == nil) == (tls.key == nil) else {
                throw KafkaOptionFailure(
                    message:
                        "A Kafka client certificate and its key are given together or not at all."
                )
            }
            result.append(
                ("ssl.endpoint.identification.algorithm", tls.verifiesHostName ? "https" : "none")
            )
            let files = [
                ("ssl.ca.location", tls.authorities), ("ssl.certificate.location", tls.certificate),
                ("ssl.key.location", tls.key), ("ssl.key.password", tls.keyPassword),
            ]
            for case (let name, let value?) in files { result.append((name, value)) }
        }
        if let login {
            guard !login.username.isEmpty else {
                throw KafkaOptionFailure(message: "A Kafka login needs a user name.")
            }
            result.append(("sasl.mechanisms", login.mechanism.rawValue))
            result.append(("sasl.username", login.username))
            result.append(("sasl.password", login.password))
        }
        return result
    }

    private var protocolName: String {
        switch (tls != nil, login != nil) {
        case (false, false): "plaintext"
        case (true, false): "ssl"
        case (false, true): "sasl_plaintext"
        case (true, true): "sasl_ssl"
        }
    }
}
