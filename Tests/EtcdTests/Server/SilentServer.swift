import Foundation
import GRPCConnections

/// Takes connections and never says a word.
final class SilentServer: Sendable {
    let address: PeerAddress
    private let socket: Int32

    init() throws {
        let port = try freePort()
        let socket = Foundation.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var here = sockaddr_in()
        here.sin_family = sa_family_t(AF_INET)
        here.sin_port = in_port_t(port).bigEndian
        here.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let result = withUnsafePointer(to: &here) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0, listen(socket, 8) == 0 else {
            throw EtcdServer.Failure(description: "cannot listen on port \(port)")
        }
        self.socket = socket
        address = PeerAddress(host: "127.0.0.1", port: port, isSecure: false)
    }

    deinit { close(socket) }
}
