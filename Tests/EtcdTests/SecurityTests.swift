import Capture
import Foundation
import GRPCConnections
import Testing

@testable import Etcd

@Suite(.serialized, .timeLimit(.minutes(5))) struct SecurityTests {
    @Test func `a reader with a login sees its keys, also after the server forgot it`() async throws
    {
        try await withEtcd { etcd in
            try await etcd.writer.write(.put("by-dev/a", "1"))
            try await etcd.writer.enableLogin(passwords: ("r00t", "secret"), prefix: "by-dev/")
            var options = etcd.options
            options.login = .init(username: "reader", password: "secret")
            try await etcd.withMetadata(options) { metadata in
                #expect(try await metadata.values() == ["a": "1"])
                let watch = try await metadata.watch(after: 1)
                #expect(try await watch.caughtUp().changes.count == 1)
                // Tokens are kept in memory only.
                etcd.server.stop()
                try etcd.server.start()
                for _ in 0..<50 {
                    if (try? await metadata.values()) == ["a": "1"] { break }
                    try await Task.sleep(for: .milliseconds(100))
                }
                #expect(try await metadata.values() == ["a": "1"])
                #expect(try await watch.caughtUp().changes.isEmpty)
            }
        }
    }

    @Test func `a wrong password, no login and a foreign root are refused`() async throws {
        try await withEtcd { etcd in
            try await etcd.writer.enableLogin(passwords: ("r00t", "secret"), prefix: "by-dev/")
            let logins: [(EtcdOptions.Login?, String)] = [
                (.init(username: "reader", password: "wrong"), "by-dev"),
                (.init(username: "nobody", password: "secret"), "by-dev"),
                (nil, "by-dev"),
                (.init(username: "reader", password: "secret"), "by-dev-2"),
            ]
            for (login, root) in logins {
                var options = etcd.options
                options.login = login
                options.root = root
                try await etcd.withMetadata(options) { metadata in
                    let failure = await #expect(throws: MetadataFailure.self) {
                        try await metadata.values()
                    }
                    #expect(failure?.code == .refused)
                    #expect(failure?.message.contains("secret") == false)
                }
            }
        }
    }

    @Test func `a login that nobody asks for does no harm`() async throws {
        try await withEtcd { etcd in
            var options = etcd.options
            options.login = .init(username: "reader", password: "secret")
            try await etcd.withMetadata(options) { metadata in
                let values = try await metadata.values()
                #expect(values.isEmpty)
            }
        }
    }

    @Test func `both sides are checked over TLS`() async throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("flightlog-tls-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let certificates = try Certificates(in: folder)
        var server = EtcdServer.Options()
        server.certificates = certificates
        let tls = certificates.files
        try await withEtcd(server, tls: tls) { etcd in
            var options = etcd.options
            options.tls = tls
            try await etcd.withMetadata(options) { metadata in
                let watch = try await metadata.watch(after: 1)
                try await etcd.writer.write(.put("by-dev/a", "1"))
                #expect(try await watch.caughtUp().changes.count == 1)
            }
            // The certificate is for another name, is not trusted, or ours is missing.
            var wrong = [tls, tls, tls]
            wrong[0].serverName = "other.test"
            wrong[1].authorities = nil
            wrong[2].certificate = nil
            wrong[2].key = nil
            for tls in wrong {
                options.tls = tls
                try await etcd.withMetadata(options) { metadata in
                    let failure = await #expect(throws: MetadataFailure.self) {
                        try await metadata.values()
                    }
                    #expect(failure?.code == .refused, "\(String(describing: failure))")
                }
            }
        }
    }
}
