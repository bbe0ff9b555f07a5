package import GRPCConnections
internal import GRPCCore
internal import GRPCProtobuf
internal import MilvusAPI
internal import Replay
internal import SwiftProtobuf
internal import Synchronization

/// The public API of one Milvus: every call has a deadline, honours cancellation and fails with a
/// `TargetFailure` that says what was tried.
///
/// Nothing is sent before the first call. The first one introduces us (`Connect`) and asks for the version;
/// both are asked again after the server was not reachable, since it may have been replaced.
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
            defer { self.close() }
            return try await operation(self)
        }
    }

    /// The server's product and version.
    func server() async throws -> MilvusServer { try await introduce().server }

    private func introduce() async throws -> Introduction {
        if let known = introduction.withLock({ $0 }) { return known }
        typealias Method = Milvus_Proto_Milvus_MilvusService.Method
        var request = Milvus_Proto_Milvus_ConnectRequest()
        request.clientInfo.sdkType = "Flightlog"
        var answer = Milvus_Proto_Milvus_ConnectResponse()
        let doing = "connect to \(address)"
        do {
            answer = try await send(
                request,
                Method.Connect.descriptor,
                ProtobufSerializer(),
                metadata([:]),
                doing
            )
            try answer.status.check(doing)
        } catch let failure as TargetFailure where failure.code == .unsupported {
            // Milvus before 2.3.0 knows no Connect; nothing depends on it.
        }
        let version: Milvus_Proto_Milvus_GetVersionResponse = try await send(
            Milvus_Proto_Milvus_GetVersionRequest(),
            Method.GetVersion.descriptor,
            ProtobufSerializer(),
            metadata([:]),
            doing
        )
        try version.status.check(doing)
        let known = Introduction(
            server: MilvusServer(versionText: version.version),
            identifier: answer.identifier
        )
        introduction.withLock { $0 = known }
        return known
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
        doing: String
    ) async throws -> Output {
        try await introduced(
            request,
            method,
            ProtobufSerializer<Input>(),
            database,
            deadline,
            doing
        )
    }

    /// Sends a request that is serialized already.
    func call<Output: Message>(
        _ method: MethodDescriptor,
        bytes: [UInt8],
        database: String,
        deadline: Duration = rowsDeadline,
        doing: String
    ) async throws -> Output {
        try await introduced(bytes, method, BytesSerializer(), database, deadline, doing)
    }

    private func introduced<Input: Sendable, Output: Message>(
        _ request: Input,
        _ method: MethodDescriptor,
        _ serializer: some MessageSerializer<Input>,
        _ database: String?,
        _ deadline: Duration,
        _ doing: String
    ) async throws -> Output {
        let identifier = try await introduce().identifier
        var fields = ["identifier": String(identifier)]
        fields["dbname"] = database
        return try await send(request, method, serializer, metadata(fields), doing, deadline)
    }

    private func metadata(_ fields: [String: String]) -> Metadata {
        var metadata = Metadata()
        for (key, value) in fields { metadata.addString(value, forKey: key) }
        if let credentials {
            metadata.addString(credentials.authorization, forKey: "authorization")
        }
        return metadata
    }

    private func send<Input: Sendable, Output: Message>(
        _ request: Input,
        _ method: MethodDescriptor,
        _ serializer: some MessageSerializer<Input>,
        _ metadata: Metadata,
        _ doing: String,
        _ deadline: Duration = definitionDeadline
    ) async throws -> Output {
        do {
            try Task.checkCancellation()
            return try await connection.client.unary(
                request: ClientRequest(message: request, metadata: metadata),
                descriptor: method,
                serializer: serializer,
                deserializer: ProtobufDeserializer<Output>(),
                options: .within(deadline)
            ) { try $0.message }
        } catch let error as RPCError {
            try Task.checkCancellation()
            if error.code == .unavailable { introduction.withLock { $0 = nil } }
            throw TargetFailure(
                code: TargetErrors.code(of: error),
                message: "Cannot \(doing): \(address) \(Self.reason(error))."
            )
        }
    }

    private static func reason(_ error: RPCError) -> String {
        var reasons: [String] = []
        var next: RPCError? = error
        while let current = next {
            reasons.append(current.message)
            next = current.cause as? RPCError
        }
        let text = reasons.last { $0.isEmpty == false } ?? "no reason given"
        return switch error.code {
        case .unavailable: "does not answer (\(text))"
        case .deadlineExceeded: "did not answer in time"
        default: "answered \(error.code): \(text)"
        }
    }
}

/// Sends bytes that are a serialized message already.
private struct BytesSerializer: MessageSerializer {
    func serialize<Bytes: GRPCContiguousBytes>(_ message: [UInt8]) throws -> Bytes {
        Bytes(message)
    }
}

extension Milvus_Proto_Common_Status {
    /// - Throws: `TargetFailure` unless it is success.
    func check(_ doing: String) throws {
        if let failure = failure(doing) { throw failure }
    }

    /// The failure it tells; nil for success.
    func failure(_ doing: String) -> TargetFailure? {
        TargetErrors.code(of: self).map { failure(doing, code: $0) }
    }

    /// The failure it tells, with another meaning than the table gives it.
    func failure(_ doing: String, code: TargetFailure.Code) -> TargetFailure {
        let number = self.code != 0 ? Int(self.code) : errorCode.rawValue
        let lines = reason.split(whereSeparator: \.isNewline)
        let reason = lines.joined(separator: " ")
        return TargetFailure(
            code: code,
            message: "Cannot \(doing): \(reason) (Milvus code \(number))."
        )
    }
}
