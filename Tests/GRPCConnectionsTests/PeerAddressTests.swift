import GRPCConnections
import Testing

@Suite struct PeerAddressTests {
    @Test(arguments: [
        ("http://127.0.0.1:2379", "127.0.0.1", 2379, false),
        ("https://etcd.example.org:2379/", "etcd.example.org", 2379, true),
        ("etcd-0:2379", "etcd-0", 2379, false),
        ("http://[::1]:2379", "::1", 2379, false),
        ("https://milvus.example.org", "milvus.example.org", 19530, true),
        ("[fe80::1]", "fe80::1", 19530, false),
    ])
    func `an address is read`(text: String, host: String, port: Int, isSecure: Bool) throws {
        let address = try PeerAddress(text, defaultPort: 19530)
        #expect(address == PeerAddress(host: host, port: port, isSecure: isSecure))
        #expect(try PeerAddress(address.description) == address)
    }

    @Test(arguments: [
        "", "http://", ":2379", "host", "host:", "host:0", "host:65536", "host:port", "a:1:2",
        "http://host:1/path", "::1", "[::1", "[::1]2379", "ftp://host:21", "ho st:1",
    ])
    func `what is no address is refused with its text`(text: String) {
        let error = #expect(throws: ConnectionError.self) { try PeerAddress(text) }
        #expect(error?.code == .badAddress)
        #expect(error?.message.contains("\"\(text)\"") == true)
    }
}
