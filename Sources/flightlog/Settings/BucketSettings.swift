/// A bucket of an S3-compatible store.
struct BucketSettings: Hashable, Sendable {
    var endpoint: PeerURI
    var bucket: String
    var prefix: String?
    var region: String?
    var accessKey: Secret?
    var secretKey: Secret?
    var tls: TLSSettings?

    init(_ section: SettingsSection) throws(SettingsFailure) {
        let text = try section.requiredText("endpoint")
        let secure = text.hasPrefix("https://")
        guard let endpoint = PeerURI(text, defaultPort: secure ? 443 : 80) else {
            throw section.failure("endpoint", "is \"\(text)\", which is not https://HOST")
        }
        self.endpoint = endpoint
        bucket = try section.requiredText("bucket")
        prefix = try section.text("prefix")
        region = try section.text("region")
        accessKey = try section.secret("access_key")
        secretKey = try section.secret("secret_key")
        tls = try section.section("tls", keys: TLSSettings.keys).map(TLSSettings.init)
        guard (accessKey == nil) == (secretKey == nil) else {
            throw SettingsFailure(
                line: section.line,
                "\(section.path) needs access_key and secret_key together"
            )
        }
    }
}
