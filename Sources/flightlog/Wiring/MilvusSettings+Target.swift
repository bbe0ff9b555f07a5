internal import ControlPlane
internal import GRPCConnections
internal import Milvus

extension MilvusSettings {
    /// A connection; `run()` carries it, and nothing is sent before it is used.
    ///
    /// - Throws: `Trouble` of kind `configuration`.
    func connection() throws -> MilvusConnection {
        do {
            return try MilvusConnection(
                uri: uri.description,
                credentials: token.map { MilvusCredentials(token: $0.revealed) },
                tls: tls.map(TLSFiles.init)
            )
        } catch {
            throw Trouble(.configuration, "\(error.description).")
        }
    }

    /// How the Milvus is reached as a target.
    var targetPlan: TargetPlan {
        TargetPlan(address: uri.description) { token in
            var settings = self
            if let token { settings.token = Secret(token) }
            let connection = try settings.connection()
            let target = MilvusTarget(connection, passwords: passwords.mapValues(\.revealed))
            return TargetPeer(target: target) { try await connection.run() }
        }
    }
}

extension Settings {
    /// The Milvus that a name or an address stands for.
    ///
    /// Where an address is one that the configuration
    /// knows, its token and certificates are taken from there.
    ///
    /// - Throws: `Trouble` of kind `invalid`.
    func milvus(_ nameOrAddress: String) throws -> MilvusSettings {
        if let target = targets[nameOrAddress] { return target }
        let named = try MilvusSettings(address: nameOrAddress, or: targets.keys.sorted())
        let known = targets.values.first { $0.uri == named.uri }
        return known ?? named
    }
}

extension MilvusSettings {
    /// A Milvus that is known by its address alone.
    ///
    /// `names` is what could have been meant instead.
    ///
    /// - Throws: `Trouble` of kind `invalid`.
    init(address: String, or names: [String] = [], token: Secret? = nil) throws {
        guard let uri = PeerURI(address, defaultPort: MilvusSettings.defaultPort) else {
            let known = names.isEmpty ? "" : ", and no target of the configuration"
            throw Trouble(
                .invalid,
                "\"\(address)\" is no address of a Milvus\(known).",
                hint: names.isEmpty
                    ? "Write http://HOST:PORT."
                    : "Write http://HOST:PORT, or one of \(names.joined(separator: ", "))."
            )
        }
        self.init(uri: uri, token: token)
    }
}
