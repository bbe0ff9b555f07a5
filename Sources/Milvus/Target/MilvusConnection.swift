package import GRPCConnections
internal import GRPCCore
internal import GRPCProtobuf
internal import MilvusAPI
internal import Replay
internal import SwiftProtobuf
internal import Synchronization

/// The public API of one Milvus.
///
/// Every call has a deadline, honours cancellation and fails with a `TargetFailure` that says what was tried.
/// Nothing is sent before the first call. The first one introduces us (`Connect`) and asks for the version; both
/// are asked again after the server was not reachable, since it may have been replaced.
package final class MilvusConnection: Sendable {
    /// How long a call may take that looks something up or changes a definition.
    static let definitionDeadline = Duration.seconds(60)
    /// How long a call may take that writes or reads rows.
    static let rowsDeadline = Duration.seconds(120)

    private struct Introduction {
        let server: MilvusServer
        /// Sent back with each call as metadata `identifier`.
        let identifier: Int64
    }

    /// Where the server is.
    package let address: PeerAddress
    private let connection: GRPCConnection
    private let credentials: MilvusCredentials?
    private let introduction = Mutex<Introduction?>(nil)
    let madeKeys = MadeKeys()

    /// Prepares a connection; `run()` carries it.
    ///
    /// - Parameters:
    ///   - uri: `http://host:port` or, for an encrypted connection, `https://host:port`.
    ///   - credentials: nil where the server asks for none.
    ///   - tls: nil trusts the system's authorities.
    /// - Throws: `ConnectionError`.
    package init(
        uri: String,
        credentials: MilvusCredentials? = nil,
        tls: TLSFiles? = nil
    ) throws(ConnectionError) {
        address = try PeerAddress(uri, defaultPort: 19530)
        connection = try GRPCConnection(to: address, tls: tls)
        self.credentials = credentials
    }

    /// Carries the connection until `close()` or cancellation.
    ///
    /// Call it once; calls wait for it.
    package func run() async throws {
        try await connection.run()
    }

    /// Takes no more calls and lets `run()` return when those in progress have ended.
    package func close() { connection.close() }

    /// Carries the connection for as long as an operation takes.
    package func carried<Value: Sendable>(
        _ operation: @Sendable (MilvusConnection) async throws -> Value
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.run() }
            defer {
                self.close()
                // A server that accepted the connection and says nothing would be waited for.
                group.cancelAll()
            }
            return try await operation(self)
        }
    }

    /// The server's product and version; asked for once.
    func server(
        doing: String = "connect",
        deadline: Duration = definitionDeadline
    ) async throws
        -> MilvusServer
    {
        try await introduce(doing, deadline).server
    }

    /// Sends a request and returns the answer, whatever its status says.
    ///
    /// The database is the one the call is about, nil for calls about databases themselves; `doing` is what it
    /// is for, as the end of "Cannot …".
    func call<Input: Message, Output: Message>(
        _ method: MethodDescriptor,
        _ request: Input,
        database: String?,
        deadline: Duration = definitionDeadline,
        namesUser: Bool = false,
        doing: String
    ) async throws -> Output {
        var metadata = try await metadata(database, doing, deadline)
        if namesUser, credentials == nil {
            // Grants are in somebody's name, even where nobody is asked who they are.
            let root = MilvusCredentials(user: "root", password: "")
            metadata.addString(root.authorization, forKey: "authorization")
        }
        let exchange = Exchange(
            method: method,
            metadata: metadata,
            deadline: deadline,
            doing: doing
        )
        return try await send(exchange, request, ProtobufSerializer())
    }

    /// Sends a request that is serialized already.
    func call<Output: Message>(
        _ method: MethodDescriptor,
        _ message: ByteRope,
        database: String,
        deadline: Duration = rowsDeadline,
        doing: String
    ) async throws -> Output {
        let metadata = try await metadata(database, doing, deadline)
        let exchange = Exchange(
            method: method,
            metadata: metadata,
            deadline: deadline,
            doing: doing
        )
        return try await send(exchange, message, RopeSerializer())
    }
}

extension MilvusConnection {
    /// One call, but for its request.
    private struct Exchange {
        let method: MethodDescriptor
        let metadata: Metadata
        let deadline: Duration
        let doing: String
        /// Whether the call changes nothing.
        var isHarmless = false
    }

    private func introduce(_ doing: String, _ deadline: Duration) async throws -> Introduction {
        if let known = introduction.withLock({ $0 }) { return known }
        typealias Method = Milvus_Proto_Milvus_MilvusService.Method
        func exchange(_ method: MethodDescriptor) -> Exchange {
            Exchange(
                method: method,
                metadata: authorized([:]),
                deadline: min(deadline, Self.definitionDeadline),
                doing: doing,
                isHarmless: true
            )
        }
        var request = Milvus_Proto_Milvus_ConnectRequest()
        request.clientInfo.sdkType = "Flightlog"
        var answer = Milvus_Proto_Milvus_ConnectResponse()
        do {
            answer = try await send(
                exchange(Method.Connect.descriptor),
                request,
                ProtobufSerializer()
            )
            try answer.status.check(doing)
        } catch let failure as TargetFailure where failure.code == .unsupported {
            // Nothing depends on it.
        }
        let version: Milvus_Proto_Milvus_GetVersionResponse = try await send(
            exchange(Method.GetVersion.descriptor),
            Milvus_Proto_Milvus_GetVersionRequest(),
            ProtobufSerializer()
        )
        try version.status.check(doing)
        let known = Introduction(
            server: MilvusServer(versionText: version.version),
            identifier: answer.identifier
        )
        introduction.withLock { $0 = known }
        return known
    }

    private func metadata(
        _ database: String?,
        _ doing: String,
        _ deadline: Duration
    ) async throws -> Metadata {
        let identifier = try await introduce(doing, deadline).identifier
        return authorized(["identifier": String(identifier), "dbname": database])
    }

    private func authorized(_ fields: [String: String?]) -> Metadata {
        var metadata = Metadata()
        for (key, value) in fields {
            if let value { metadata.addString(value, forKey: key) }
        }
        if let credentials {
            metadata.addString(credentials.authorization, forKey: "authorization")
        }
        return metadata
    }

    private func send<Input: Sendable, Output: Message>(
        _ exchange: Exchange,
        _ request: Input,
        _ serializer: some MessageSerializer<Input>
    ) async throws -> Output {
        do {
            try Task.checkCancellation()
            return try await connection.client.unary(
                request: ClientRequest(message: request, metadata: exchange.metadata),
                descriptor: exchange.method,
                serializer: serializer,
                deserializer: ProtobufDeserializer<Output>(),
                options: .within(exchange.deadline)
            ) { try $0.message }
        } catch let error as RPCError {
            try Task.checkCancellation()
            if error.code == .unavailable { introduction.withLock { $0 = nil } }
            throw TargetFailure(
                code: TargetErrors.code(of: error),
                message: "Cannot \(exchange.doing): \(address) \(TargetErrors.reason(error)).",
                hadNoEffect: exchange.isHarmless || TargetErrors.wasNeverSent(error)
            )
        } catch let error as RuntimeError {
            try Task.checkCancellation()
            throw TargetFailure(
                code: .transient,
                message: "Cannot \(exchange.doing): \(error.message)",
                hadNoEffect: true
            )
        }
    }
}
