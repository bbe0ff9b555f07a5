import Capture
import Foundation
import GRPCConnections
import GRPCCore
import Testing

@testable import Etcd

@Suite(.serialized, .timeLimit(.minutes(5))) struct BusyConnectionTests {
    /// Enough for more PINGs than there may be without the filter: 200, one with about every third answer.
    private static let calls = 1600

    @Test func `many small calls at a time all succeed`() async throws {
        try await withEtcd { etcd in
            let failures = try await failures(of: try GRPCConnection(to: etcd.server.address))
            #expect(failures.isEmpty)
        }
    }

    @Test func `many small calls at a time all succeed over TLS`() async throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("flightlog-tls-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let certificates = try Certificates(in: folder)
        var options = EtcdServer.Options()
        options.certificates = certificates
        try await withEtcd(options, tls: certificates.files) { etcd in
            let connection = try GRPCConnection(
                to: etcd.server.address,
                tls: certificates.files
            )
            #expect(try await failures(of: connection).isEmpty)
        }
    }

    private func failures(of connection: GRPCConnection) async throws -> [RPCError] {
        await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await connection.run() }
            defer { group.cancelAll() }
            let store = Etcd.Etcdserverpb_KV.Client(wrapping: connection.client)
            return await withTaskGroup(of: [RPCError].self) { callers in
                for _ in 0..<16 {
                    callers.addTask {
                        var failures: [RPCError] = []
                        for _ in 0..<(BusyConnectionTests.calls / 16) {
                            var request = Etcdserverpb_RangeRequest()
                            request.key = Data("by-dev/a".utf8)
                            do {
                                _ = try await store.range(request, options: .within(.seconds(120)))
                            } catch {
                                failures.append(
                                    error as? RPCError
                                        ?? RPCError(code: .unknown, message: "\(error)")
                                )
                            }
                        }
                        return failures
                    }
                }
                return await callers.reduce(into: []) { $0 += $1 }
            }
        }
    }
}
