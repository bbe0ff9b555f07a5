import Foundation
import GRPCConnections
import Synchronization

/// A real etcd on free ports of the loopback, with a data folder that goes away with it.
final class EtcdServer: Sendable {
    /// What was missing to run one.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// How a server differs from the plainest one.
    struct Options {
        var certificates: Certificates?
        /// The members of its cluster by name and peer address; empty for a cluster of one.
        var cluster: [String: String] = [:]
        var name = "test"
        var peerPort: Int?
    }

    let address: PeerAddress
    let folder: URL
    private let arguments: [String]
    private let process = Mutex<ChildProcess?>(nil)

    init(_ options: Options = Options()) throws {
        folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("flightlog-etcd-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let isSecure = options.certificates != nil
        address = PeerAddress(host: "127.0.0.1", port: try freePort(), isSecure: isSecure)
        let peer = "http://127.0.0.1:\(try options.peerPort ?? freePort())"
        let cluster = options.cluster.isEmpty ? [options.name: peer] : options.cluster
        var arguments = [
            "--name", options.name, "--data-dir", folder.path, "--logger", "zap",
            "--log-level", "error", "--listen-client-urls", "\(address)",
            "--advertise-client-urls", "\(address)", "--listen-peer-urls", peer,
            "--initial-advertise-peer-urls", peer, "--initial-cluster",
            cluster.map { "\($0)=\($1)" }.sorted().joined(separator: ","),
            "--heartbeat-interval", "50", "--election-timeout", "500",
        ]
        if let certificates = options.certificates {
            arguments += [
                "--cert-file", certificates.server.certificate, "--key-file",
                certificates.server.key,
                "--trusted-ca-file", certificates.authority.certificate, "--client-cert-auth",
            ]
        }
        self.arguments = arguments
        try start()
    }

    /// Starts it, after `stop()` again with what it knew.
    func start() throws {
        guard access("/usr/bin/etcd", X_OK) == 0 else {
            throw Failure(description: "/usr/bin/etcd is missing: tools/install installs it")
        }
        // The shell ends etcd when this process is gone, however it went.
        let script = "/usr/bin/etcd \"$@\" & read _; kill -9 $!; wait"
        let started = try ChildProcess("/bin/sh", ["-c", script, "sh"] + arguments)
        process.withLock { $0 = started }
    }

    /// Kills it.
    func stop() {
        process.withLock { process in
            process?.finish()
            process = nil
        }
    }

    deinit {
        stop()
        try? FileManager.default.removeItem(at: folder)
    }
}

/// A port of the loopback that nobody listens on.
func freePort() throws -> Int {
    let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(socket) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let port = withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address -> UInt16? in
            guard bind(socket, address, length) == 0,
                getsockname(socket, address, &length) == 0
            else { return nil }
            return UnsafeRawPointer(address).load(as: sockaddr_in.self).sin_port.bigEndian
        }
    }
    guard let port else { throw EtcdServer.Failure(description: "no free port") }
    return Int(port)
}
