package import GRPCConnections

/// How to reach an etcd cluster, and which part of it is followed.
package struct EtcdOptions: Sendable {
    /// The members, at least one; one is used at a time, the next when it fails.
    package var endpoints: [PeerAddress]
    /// The keys that are followed are those below this path: Milvus' `etcd.rootPath`.
    package var root: String
    /// Files for `https` endpoints; nil trusts the system's authorities.
    package var tls: TLSFiles?
    /// Who we are; nil where the cluster asks nobody to log in.
    package var login: Login?

    package init(
        endpoints: [PeerAddress],
        root: String,
        tls: TLSFiles? = nil,
        login: Login? = nil
    ) {
        self.endpoints = endpoints
        self.root = root
        self.tls = tls
        self.login = login
    }

    /// A user of the cluster, who needs the permission to read the keys below the root and no other.
    package struct Login: Sendable {
        package var username: String
        package var password: String

        package init(username: String, password: String) {
            self.username = username
            self.password = password
        }
    }
}
