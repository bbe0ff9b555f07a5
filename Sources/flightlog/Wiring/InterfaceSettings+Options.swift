internal import ControlPlane

extension InterfaceSettings {
    /// How the interface is served.
    ///
    /// - Parameters:
    ///   - hasTokens: Whether there is a token that a caller could show.
    ///   - isInsecure: Whether a person said that everybody who can reach it may use it.
    ///   - filesMax: How many files the process may have open.
    /// - Returns: The options.
    /// - Throws: `Trouble` of kind `configuration` where other machines could reach it and nothing keeps them
    ///   out.
    func options(hasTokens: Bool, isInsecure: Bool, filesMax: Int) throws -> InterfaceOptions {
        var options = InterfaceOptions()
        options.tls = certificate.map {
            InterfaceOptions.TLS(certificate: $0.file, key: $0.key)
        }
        options.isOpenWithoutTokens = endpoint.isLoopback || isInsecure
        options.hosts = hosts ?? (endpoint.isLoopback ? nil : [])
        // Half of the files are for connections; journals and the catalog need the others.
        options.connectionsMax = min(connectionsMax ?? options.connectionsMax, filesMax / 2)
        options.requestsPerSecondMax = requestsPerSecondMax ?? options.requestsPerSecondMax
        if let requestTime {
            options.requestWithin = .milliseconds(requestTime.milliseconds)
            options.answerTakenWithin = .milliseconds(requestTime.milliseconds)
        }
        guard !endpoint.isLoopback, !isInsecure else { return options }
        guard certificate != nil else {
            throw Trouble(
                .configuration,
                "listen is \(endpoint), which other machines can reach, and listen_tls is not there.",
                hint: "Name a certificate and a key in listen_tls, or listen on 127.0.0.1."
            )
        }
        guard hasTokens else {
            throw Trouble(
                .configuration,
                "listen is \(endpoint), which other machines can reach, and there is no token.",
                hint: "Make one with flightlog token create, or listen on 127.0.0.1."
            )
        }
        return options
    }
}

extension Settings {
    /// Whether a caller of the interface may name a target: those of the configuration always, others where it
    /// allows them.
    func mayName(_ nameOrAddress: String) -> Bool {
        guard targets[nameOrAddress] == nil else { return true }
        guard let uri = PeerURI(nameOrAddress, defaultPort: MilvusSettings.defaultPort) else {
            // It is told that it is no target.
            return true
        }
        if targets.values.contains(where: { $0.uri == uri }) { return true }
        if let allowed = interface.allowedTargets {
            return allowed.contains { $0.covers(uri.endpoint) }
        }
        return interface.endpoint.isLoopback
    }
}
