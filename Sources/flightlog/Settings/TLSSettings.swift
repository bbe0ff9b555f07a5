/// How a connection is secured.
struct TLSSettings: Hashable, Sendable {
    static let keys = ["ca", "cert", "key", "server_name"]

    /// PEM file of the authorities to trust; nil means those of the system.
    var ca: String?
    /// PEM file of our own certificate.
    var certificate: String?
    /// PEM file of its private key.
    var key: String?
    /// The name to check the peer's certificate for, where it is not the host of the address.
    var serverName: String?

    init() {}

    init(_ section: SettingsSection) throws(SettingsFailure) {
        ca = try section.text("ca")
        certificate = try section.text("cert")
        key = try section.text("key")
        serverName = try section.text("server_name")
        guard (certificate == nil) == (key == nil) else {
            throw SettingsFailure(
                line: section.line,
                "\(section.path) needs cert and key together"
            )
        }
    }
}
