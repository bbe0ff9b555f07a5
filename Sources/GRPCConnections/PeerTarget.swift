internal import GRPCNIOTransportHTTP2Posix
internal import NIOCore

extension PeerAddress {
    /// What the transport resolves: an IP address is taken as it is, anything else is looked up.
    var target: any ResolvableTarget {
        switch try? SocketAddress(ipAddress: host, port: port) {
        case .v4: .ipv4(address: host, port: port)
        case .v6: .ipv6(address: host, port: port)
        default: .dns(host: host, port: port)
        }
    }
}
