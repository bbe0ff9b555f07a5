/// Where the HTTP interface answers, and whom.
struct InterfaceSettings: Hashable, Sendable {
    static let keys = ["listen", "listen_tls", "listen_hosts", "listen_limits", "allow_targets"]
    static let defaultEndpoint = "127.0.0.1:8444"

    var endpoint: Endpoint
    /// PEM files of its certificate and its key; nil serves plain HTTP.
    var certificate: (file: String, key: String)? {
        certificateFile.flatMap { file in keyFile.map { (file, $0) } }
    }
    private var certificateFile: String?
    private var keyFile: String?
    /// The names under which it may be addressed; nil means any, beyond loopback.
    var hosts: [String]?
    var connectionsMax: Int?
    var requestsPerSecondMax: Int?
    /// How long a request may take to arrive, and an answer to be taken.
    var requestTime: TimeSpan?
    /// The targets that callers may name beside those of the configuration; nil means any on loopback and none
    /// beyond.
    var allowedTargets: [HostPattern]?

    init(_ file: SettingsSection) throws(SettingsFailure) {
        let listen = try file.text("listen") ?? InterfaceSettings.defaultEndpoint
        guard let endpoint = Endpoint(listen) else {
            throw file.failure("listen", "is \"\(listen)\", which is not HOST:PORT")
        }
        self.endpoint = endpoint
        if let section = try file.section("listen_tls", keys: ["cert", "key"]) {
            certificateFile = try section.requiredText("cert")
            keyFile = try section.requiredText("key")
        }
        if file.has("listen_hosts") {
            hosts = try file.requiredTexts("listen_hosts").map { $0.lowercased() }
        }
        if let section = try file.section(
            "listen_limits",
            keys: ["connections", "requests_per_second", "request_time"]
        ) {
            connectionsMax = try InterfaceSettings.positive(section, "connections")
            requestsPerSecondMax = try InterfaceSettings.positive(section, "requests_per_second")
            if let text = try section.text("request_time") {
                guard let time = TimeSpan(text) else {
                    throw section.failure(
                        "request_time",
                        "is \"\(text)\", which is not \(TimeSpan.rule)"
                    )
                }
                requestTime = time
            }
        }
        if file.has("allow_targets") {
            var patterns: [HostPattern] = []
            for text in try file.requiredTexts("allow_targets") {
                guard let pattern = HostPattern(text) else {
                    throw file.failure(
                        "allow_targets",
                        "holds \"\(text)\", which is not \(HostPattern.rule)"
                    )
                }
                patterns.append(pattern)
            }
            allowedTargets = patterns
        }
    }

    private static func positive(
        _ section: SettingsSection,
        _ key: String
    ) throws(SettingsFailure) -> Int? {
        guard let number = try section.number(key) else { return nil }
        guard (1...1_000_000).contains(number) else {
            throw section.failure(key, "is \(number), which is not a number from 1 to 1000000")
        }
        return number
    }
}
