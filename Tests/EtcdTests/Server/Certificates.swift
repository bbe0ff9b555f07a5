import Foundation
import GRPCConnections

/// Certificates of an authority, a server and a client, made by openssl.
struct Certificates: Sendable {
    /// The paths of a PEM certificate and its key.
    struct Pair: Sendable {
        let certificate: String
        let key: String
    }

    let authority: Pair
    /// For `etcd.test`, and for no IP address.
    let server: Pair
    let client: Pair

    /// What the client needs to reach the server.
    var files: TLSFiles {
        TLSFiles(
            authorities: authority.certificate,
            certificate: client.certificate,
            key: client.key,
            serverName: "etcd.test"
        )
    }

    init(in folder: URL) throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        func pair(_ name: String) -> Pair {
            Pair(
                certificate: folder.appendingPathComponent("\(name).pem").path,
                key: folder.appendingPathComponent("\(name).key").path
            )
        }
        let authority = pair("authority")
        try openssl([
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
            "-days", "2", "-subj", "/CN=flightlog test authority", "-keyout", authority.key,
            "-out", authority.certificate,
        ])
        func signed(_ name: String, _ extensions: String) throws -> Pair {
            let pair = pair(name)
            let request = folder.appendingPathComponent("\(name).csr").path
            let config = folder.appendingPathComponent("\(name).cnf").path
            try extensions.write(toFile: config, atomically: true, encoding: .utf8)
            try openssl([
                "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj",
                "/CN=\(name)", "-keyout", pair.key, "-out", request,
            ])
            try openssl([
                "x509", "-req", "-in", request, "-CA", authority.certificate, "-CAkey",
                authority.key, "-CAcreateserial", "-days", "2", "-extfile", config, "-out",
                pair.certificate,
            ])
            return pair
        }
        self.authority = authority
        // etcd's own gateway shows the server's certificate to itself as a client's.
        server = try signed(
            "server",
            "subjectAltName=DNS:etcd.test\nextendedKeyUsage=serverAuth,clientAuth\n"
        )
        client = try signed("client", "extendedKeyUsage=clientAuth\n")
    }
}

private func openssl(_ arguments: [String]) throws {
    guard try ChildProcess("/usr/bin/openssl", arguments).finish() == 0 else {
        throw EtcdServer.Failure(description: "openssl \(arguments[0]) failed")
    }
}
