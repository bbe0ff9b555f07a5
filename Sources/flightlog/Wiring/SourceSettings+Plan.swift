internal import Capture
internal import ControlPlane
internal import Etcd
internal import GRPCConnections
internal import Journal
internal import Kafka
internal import Logging
internal import Milvus
internal import Operations

extension SourceSettings {
    /// How the source is reached.
    func plan() -> SourcePlan {
        SourcePlan(
            name: name,
            address: milvus?.uri.description,
            options: ReaderOptions(
                // Milvus names its topics after etcd's root unless it is told otherwise.
                sideChannel: PhysicalChannel("\(etcd.root)-replicate-msg")
            ),
            retention: retention?.policy,
            journal: journal?.options ?? JournalOptions()
        ) { logger in
            let log = try kafka.log(logger: logger)
            let metadata = try etcd.metadata(logger: logger)
            return SourcePeers(
                log: log,
                metadata: metadata,
                messageDecoder: MilvusMessageDecoder(),
                metadataDecoder: MilvusMetadataDecoder(metaPath: etcd.meta),
                carry: { await metadata.run() }
            )
        }
    }
}

extension KafkaSettings {
    /// The log; nothing is sent before it is used.
    ///
    /// - Throws: `Trouble` of kind `configuration`.
    func log(logger: Logger) throws -> KafkaMessageLog {
        var options = KafkaOptions(
            brokers: brokers.map(\.description).joined(separator: ",")
        )
        if let tls {
            options.tls = KafkaOptions.TLS(
                authorities: tls.ca,
                certificate: tls.certificate,
                key: tls.key
            )
        }
        if let sasl, let mechanism = KafkaOptions.Login.Mechanism(rawValue: sasl.mechanism) {
            options.login = KafkaOptions.Login(
                mechanism: mechanism,
                username: sasl.username,
                password: sasl.password.revealed
            )
        }
        do {
            return try KafkaMessageLog(options, logger: logger)
        } catch let failure as KafkaOptionFailure {
            throw Trouble(.configuration, failure.message)
        }
    }
}

extension EtcdSettings {
    /// The metadata; `run()` carries it, and nothing is sent before it is used.
    ///
    /// - Throws: `Trouble` of kind `configuration`.
    func metadata(logger: Logger) throws -> EtcdMetadata {
        var options = EtcdOptions(
            endpoints: endpoints.map(\.peer),
            root: root,
            tls: tls.map(TLSFiles.init)
        )
        if let username, let password {
            options.login = EtcdOptions.Login(username: username, password: password.revealed)
        }
        return EtcdMetadata(options, logger: logger)
    }
}

extension PeerURI {
    /// The address as connections take it.
    var peer: PeerAddress {
        PeerAddress(host: endpoint.host, port: endpoint.port, isSecure: isSecure)
    }
}

extension TLSFiles {
    /// The files that the configuration names.
    init(_ settings: TLSSettings) {
        self.init(
            authorities: settings.ca,
            certificate: settings.certificate,
            key: settings.key,
            serverName: settings.serverName
        )
    }
}
