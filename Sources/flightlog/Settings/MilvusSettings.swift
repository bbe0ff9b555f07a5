/// Where and how a Milvus is reached.
struct MilvusSettings: Hashable, Sendable {
    static let keys = ["uri", "token", "username", "password", "passwords", "tls"]
    /// The port of a Milvus whose address names none.
    static let defaultPort = 19530

    var uri: PeerURI
    /// `user:password` or an API key.
    var token: Secret?
    var tls: TLSSettings?
    /// The passwords of users that are made there, by name; a source keeps only hashes of them.
    var passwords: [String: Secret] = [:]

    /// A Milvus that is known by its address alone.
    init(uri: PeerURI, token: Secret? = nil) {
        self.uri = uri
        self.token = token
    }

    init(_ section: SettingsSection) throws(SettingsFailure) {
        let text = try section.requiredText("uri")
        guard let uri = PeerURI(text, defaultPort: MilvusSettings.defaultPort) else {
            throw section.failure("uri", "is \"\(text)\", which is not http://HOST:PORT")
        }
        self.uri = uri
        tls = try section.section("tls", keys: TLSSettings.keys).map(TLSSettings.init)
        if let users = try section.section("passwords", keys: nil) {
            for user in users.keys { passwords[user] = try users.secret(user) }
        }
        let token = try section.secret("token")
        let username = try section.text("username")
        let password = try section.secret("password")
        switch (token, username, password) {
        case (nil, nil, nil): self.token = nil
        case (let token?, nil, nil): self.token = token
        case (nil, let username?, let password?):
            self.token = Secret("\(username):\(password.revealed)")
        default:
            throw SettingsFailure(
                line: section.line,
                "\(section.path) takes either a token, or a username and a password"
            )
        }
    }
}
