/// Where and how an etcd is reached.
struct EtcdSettings: Hashable, Sendable {
    static let keys = ["endpoints", "root", "meta", "tls", "username", "password"]

    /// At least one.
    var endpoints: [PeerURI]
    /// Milvus' `etcd.rootPath`.
    var root: String
    /// Milvus' `etcd.metaSubPath`.
    var meta: String
    var tls: TLSSettings?
    var username: String?
    var password: Secret?

    init(_ section: SettingsSection) throws(SettingsFailure) {
        endpoints = []
        for text in try section.requiredTexts("endpoints") {
            guard let uri = PeerURI(text) ?? PeerURI("http://\(text)") else {
                throw section.failure(
                    "endpoints",
                    "holds \"\(text)\", which is not http://HOST:PORT"
                )
            }
            endpoints.append(uri)
        }
        root = try section.text("root") ?? "by-dev"
        meta = try section.text("meta") ?? "meta"
        tls = try section.section("tls", keys: TLSSettings.keys).map(TLSSettings.init)
        username = try section.text("username")
        password = try section.secret("password")
        guard (username == nil) == (password == nil) else {
            throw SettingsFailure(
                line: section.line,
                "\(section.path) needs username and password together"
            )
        }
    }
}
