/// How a Kafka client proves who it is.
struct SASLSettings: Hashable, Sendable {
    static let keys = ["mechanism", "username", "password"]
    static let mechanisms = ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"]

    var mechanism: String
    var username: String
    var password: Secret

    init(_ section: SettingsSection) throws(SettingsFailure) {
        mechanism = try section.requiredText("mechanism").uppercased()
        guard SASLSettings.mechanisms.contains(mechanism) else {
            throw section.failure(
                "mechanism",
                "must be one of \(SASLSettings.mechanisms.joined(separator: ", "))"
            )
        }
        username = try section.requiredText("username")
        guard let password = try section.secret("password") else {
            throw SettingsFailure(
                line: section.line,
                "\(section.path) lacks the key \"password\""
            )
        }
        self.password = password
    }
}
