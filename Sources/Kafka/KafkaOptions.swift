/// How to reach a Kafka cluster.
package struct KafkaOptions: Sendable {
    /// The brokers to ask first, `host:port`, separated by commas.
    package var brokers: String
    /// TLS towards the brokers; nil means plain text.
    package var tls: TLS?
    /// Who we are; nil means nobody is asked to log in.
    package var login: Login?
    /// Further librdkafka properties by name; only those of `allowedProperties` are taken.
    package var properties: [String: String]
    /// How long the brokers may stay silent at first before `next` gives up.
    ///
    /// Once they have answered, it never does.
    package var startDeadline: Duration

    package init(
        brokers: String,
        tls: TLS? = nil,
        login: Login? = nil,
        properties: [String: String] = [:],
        startDeadline: Duration = .seconds(30)
    ) {
        self.brokers = brokers
        self.tls = tls
        self.login = login
        self.properties = properties
        self.startDeadline = startDeadline
    }

    /// Which certificates are trusted and shown, as paths of PEM files.
    package struct TLS: Sendable {
        /// The authorities to trust; nil means the system's.
        package var authorities: String?
        package var certificate: String?
        package var key: String?
        package var keyPassword: String?
        /// Whether the broker's certificate has to be for the host name in `brokers`.
        package var verifiesHostName: Bool

        package init(
            authorities: String? = nil,
            certificate: String? = nil,
            key: String? = nil,
            keyPassword: String? = nil,
            verifiesHostName: Bool = true
        ) {
            self.authorities = authorities
            self.certificate = certificate
            self.key = key
            self.keyPassword = keyPassword
            self.verifiesHostName = verifiesHostName
        }
    }

    /// A SASL login.
    package struct Login: Sendable {
        /// How the password is shown to the broker.
        package enum Mechanism: String, Sendable, CaseIterable {
            case plain = "PLAIN"
            case scramSHA256 = "SCRAM-SHA-256"
            case scramSHA512 = "SCRAM-SHA-512"
        }

        package var mechanism: Mechanism
        package var username: String
        package var password: String

        package init(mechanism: Mechanism, username: String, password: String) {
            self.mechanism = mechanism
            self.username = username
            self.password = password
        }
    }
}

/// An option that cannot be taken.
package struct KafkaOptionFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// One sentence for the operator; holds no secret.
    package let message: String

    package var description: String { message }
}

// Neither a log line nor a dump shows a password.

extension KafkaOptions.Login: CustomStringConvertible, CustomReflectable {
    package var description: String { "\(mechanism.rawValue) as \(username)" }
    package var customMirror: Mirror { Mirror(self, children: ["mechanism": mechanism.rawValue]) }
}

extension KafkaOptions.TLS: CustomStringConvertible, CustomReflectable {
    package var description: String { "authorities \(authorities ?? "of the system")" }
    package var customMirror: Mirror { Mirror(self, children: ["authorities": authorities ?? ""]) }
}
