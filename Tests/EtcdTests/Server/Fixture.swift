import Capture
import Foundation
import GRPCConnections
import Logging
import Operations

@testable import Etcd

/// A server, somebody who writes to it, and ways to the metadata in it.
struct EtcdFixture: Sendable {
    /// The keys below this are the source's.
    static let root = "by-dev"

    let server: EtcdServer
    let writer: EtcdWriter

    /// Options to reach the server.
    var options: EtcdOptions {
        EtcdOptions(endpoints: [server.address], root: EtcdFixture.root)
    }

    static func metadata(_ options: EtcdOptions) -> EtcdMetadata {
        EtcdMetadata(options, logger: Logger(label: "etcd.test"))
    }

    /// Runs a body with metadata that is connected, and ends the connection after it.
    func withMetadata<Result: Sendable>(
        _ options: EtcdOptions? = nil,
        _ body: (EtcdMetadata) async throws -> Result
    ) async throws -> Result {
        let metadata = EtcdFixture.metadata(options ?? self.options)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await metadata.run() }
            defer { group.cancelAll() }
            return try await body(metadata)
        }
    }
}

/// Runs a body with a fresh etcd.
func withEtcd<Result: Sendable>(
    _ options: EtcdServer.Options = .init(),
    tls: TLSFiles? = nil,
    _ body: (EtcdFixture) async throws -> Result
) async throws -> Result {
    let server = try EtcdServer(options)
    defer { server.stop() }
    return try await withWriter(to: server, tls: tls) { writer in
        try await body(EtcdFixture(server: server, writer: writer))
    }
}

/// Runs a body with somebody who writes to a server; waits until the server answers.
func withWriter<Result: Sendable>(
    to server: EtcdServer,
    tls: TLSFiles? = nil,
    _ body: (EtcdWriter) async throws -> Result
) async throws -> Result {
    let connection = try GRPCConnection(to: server.address, tls: tls)
    return try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await connection.run() }
        defer { group.cancelAll() }
        let writer = EtcdWriter(connection)
        try await writer.write(.put("other/started", ""))
        return try await body(writer)
    }
}

extension MetadataSource {
    /// What everything below the root is now, as text.
    func values(at revision: Int64? = nil) async throws -> [String: String] {
        let snapshot = try await snapshot(at: revision.map { MetadataRevision(rawValue: $0) })
        return Dictionary(
            uniqueKeysWithValues: snapshot.records.map {
                ($0.key, String(decoding: $0.value ?? [], as: UTF8.self))
            }
        )
    }

    func watch(after revision: Int64) async throws -> any MetadataWatch {
        try await watch(after: MetadataRevision(rawValue: revision))
    }
}

extension MetadataChange {
    /// `key=value` or `-key` for each record.
    var text: [String] {
        records.map { record in
            record.value.map { "\(record.key)=\(String(decoding: $0, as: UTF8.self))" }
                ?? "-\(record.key)"
        }
    }
}
