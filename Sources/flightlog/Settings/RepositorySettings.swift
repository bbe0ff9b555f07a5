/// Where backups go.
enum RepositorySettings: Hashable, Sendable {
    case folder(path: String)
    case bucket(BucketSettings)

    static let keys =
        ["path", "endpoint", "bucket", "prefix", "region", "access_key", "secret_key", "tls"]

    init(_ section: SettingsSection) throws(SettingsFailure) {
        guard let path = try section.text("path") else {
            self = .bucket(try BucketSettings(section))
            return
        }
        guard section.keys == ["path"] else {
            throw SettingsFailure(
                line: section.line,
                "\(section.path) takes either a path, or an endpoint and a bucket"
            )
        }
        self = .folder(path: path)
    }
}
