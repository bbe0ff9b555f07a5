import GRPCConnections
import Glibc
import MilvusAPI
import Operations
import Replay
import Testing

@testable import Milvus

/// A socket that takes connections and says nothing.
private final class SilentServer {
    let port: Int
    private let socket: Int32

    init() throws {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                Glibc.bind(socket, pointer, length) | listen(socket, 8)
                    | getsockname(socket, pointer, &length)
            }
        }
        try #require(result == 0)
        self.socket = socket
        port = Int(UInt16(bigEndian: address.sin_port))
    }

    deinit { close(socket) }
}

struct TargetConnectionTests {
    private func failure(
        _ uri: String,
        _ body: @Sendable (MilvusConnection) async throws -> Void
    ) async throws -> TargetFailure? {
        try await MilvusConnection(uri: uri).carried { connection in
            await #expect(throws: TargetFailure.self) { try await body(connection) }
        }
    }

    @Test func `a server that is not there is told in one line, and nothing was applied`()
        async throws
    {
        let failure = try await failure("http://127.0.0.1:1") { connection in
            try await MilvusTarget(connection).dropDatabase("d")
        }
        #expect(failure?.code == .transient)
        #expect(failure?.hadNoEffect == true)
        let message = try #require(failure?.message)
        #expect(
            message.hasPrefix("Cannot list the databases: http://127.0.0.1:1 does not answer (")
        )
        #expect(message.contains("\n") == false)
    }

    @Test func `a server that says nothing is given up after the deadline`() async throws {
        let silent = try SilentServer()
        let failure = try await failure("http://127.0.0.1:\(silent.port)") { connection in
            let _: Milvus_Proto_Milvus_ListDatabasesResponse = try await connection.call(
                Milvus_Proto_Milvus_MilvusService.Method.ListDatabases.descriptor,
                Milvus_Proto_Milvus_ListDatabasesRequest(),
                database: nil,
                deadline: .milliseconds(200),
                doing: "wait"
            )
        }
        #expect(failure?.code == .transient)
        #expect(
            failure?.message
                == "Cannot wait: http://127.0.0.1:\(silent.port) did not answer in time."
        )
    }

    @Test func `a cancelled call ends at once`() async throws {
        let silent = try SilentServer()
        let connection = try MilvusConnection(uri: "http://127.0.0.1:\(silent.port)")
        try await connection.carried { connection in
            let call = Task { try await MilvusTarget(connection).connect() }
            call.cancel()
            await #expect(throws: CancellationError.self) { try await call.value }
        }
    }

    @Test func `credentials are not printed`() {
        let credentials = MilvusCredentials(user: "root", password: "Milvus")
        #expect(credentials.authorization == "cm9vdDpNaWx2dXM=")
        #expect("\(credentials)" == "(credentials)")
    }

    @Test func `an address that is none is refused`() {
        #expect(throws: ConnectionError.self) { try MilvusConnection(uri: "http://") }
        #expect((try? MilvusConnection(uri: "http://milvus").address.port) == 19530)
    }
}
