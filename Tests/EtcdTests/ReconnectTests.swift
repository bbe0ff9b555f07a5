import Capture
import Foundation
import GRPCConnections
import Operations
import Testing

@testable import Etcd

@Suite(.serialized, .timeLimit(.minutes(5))) struct ReconnectTests {
    @Test func `a restart of the server loses and doubles nothing`() async throws {
        try await withEtcd { etcd in
            try await etcd.withMetadata { metadata in
                let watch = try await metadata.watch(after: 1)
                var revisions: [Int64] = []
                var delivered: [Int64] = []
                for round in 0..<3 {
                    revisions.append(try await etcd.writer.write(.put("by-dev/a", "\(round)")))
                    if round == 1 {
                        delivered += try await watch.caughtUp().changes.map(\.revision.rawValue)
                    }
                    etcd.server.stop()
                    try etcd.server.start()
                    revisions.append(try await etcd.writer.write(.put("by-dev/b", "\(round)")))
                }
                while delivered.count < revisions.count {
                    delivered += try await caughtUp(watch).changes.map(\.revision.rawValue)
                }
                #expect(delivered == revisions)
            }
        }
    }

    @Test func `a barrier while the server is away fails as something that passes`() async throws {
        try await withEtcd { etcd in
            try await etcd.withMetadata { metadata in
                let watch = try await metadata.watch(after: 1)
                _ = try await watch.caughtUp()
                etcd.server.stop()
                let failure = await #expect(throws: MetadataFailure.self) {
                    try await watch.caughtUp()
                }
                #expect(failure?.isTransient == true)
                #expect(failure?.message.contains("\(etcd.server.address)") == true)
                try etcd.server.start()
                try await etcd.writer.write(.put("by-dev/a", "1"))
                #expect(try await caughtUp(watch).changes.count == 1)
            }
        }
    }

    @Test func `an address where nobody listens is passed over`() async throws {
        try await withEtcd { etcd in
            let nobody = PeerAddress(host: "127.0.0.1", port: try freePort(), isSecure: false)
            var options = etcd.options
            options.endpoints = [nobody, etcd.server.address]
            try await etcd.withMetadata(options) { metadata in
                try await etcd.writer.write(.put("by-dev/a", "1"))
                #expect(try await metadata.values() == ["a": "1"])
                let watch = try await metadata.watch(after: 1)
                #expect(try await watch.caughtUp().changes.count == 1)
            }
        }
    }

    @Test func `the next member takes over when one dies`() async throws {
        let ports = try (0..<3).map { _ in try freePort() }
        let cluster = Dictionary(
            uniqueKeysWithValues: ports.enumerated().map { ("m\($0)", "http://127.0.0.1:\($1)") }
        )
        let servers = try ports.enumerated().map { number, port in
            var options = EtcdServer.Options()
            options.cluster = cluster
            options.name = "m\(number)"
            options.peerPort = port
            return try EtcdServer(options)
        }
        defer { for server in servers { server.stop() } }
        try await withWriter(to: servers[2]) { writer in
            var options = EtcdOptions(
                endpoints: servers.map(\.address),
                root: EtcdFixture.root
            )
            options.endpoints.swapAt(0, 1)
            let fixture = EtcdFixture(server: servers[2], writer: writer)
            try await fixture.withMetadata(options) { metadata in
                let watch = try await metadata.watch(after: 1)
                let first = try await writer.write(.put("by-dev/a", "1"))
                #expect(
                    try await caughtUp(watch).changes.map(\.revision.rawValue) == [first]
                )
                servers[1].stop()
                let second = try await writer.write(.put("by-dev/a", "2"))
                // The first attempt may have been carried out although it was not answered.
                #expect(
                    try await caughtUp(watch).changes.last?.revision.rawValue == second
                )
            }
        }
    }

    @Test func `another cluster at the same address is refused`() async throws {
        try await withEtcd { etcd in
            try await withEtcd { other in
                var options = etcd.options
                options.endpoints.append(other.server.address)
                try await etcd.withMetadata(options) { metadata in
                    _ = try await metadata.values()
                    etcd.server.stop()
                    let failure = await #expect(throws: MetadataFailure.self) {
                        try await metadata.values()
                    }
                    #expect(failure?.code == .refused)
                }
            }
        }
    }

    @Test func `a server that accepts and stays silent is given up`() async throws {
        let silent = try SilentServer()
        let metadata = EtcdFixture.metadata(
            EtcdOptions(endpoints: [silent.address], root: EtcdFixture.root)
        )
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await metadata.run() }
            let started = ContinuousClock.now
            let failure = await #expect(throws: MetadataFailure.self) {
                try await metadata.version()
            }
            #expect(failure?.isTransient == true)
            #expect(ContinuousClock.now - started < EtcdSession.callDeadline * 20)
            group.cancelAll()
        }
    }

    /// The barrier, as a reader asks for it: again after what passes.
    private func caughtUp(_ watch: any MetadataWatch) async throws -> MetadataDelivery {
        for _ in 0..<50 {
            do {
                return try await watch.caughtUp()
            } catch let failure as MetadataFailure where failure.isTransient {
                try await Task.sleep(for: .milliseconds(100))
            }
        }
        return try await watch.caughtUp()
    }
}
