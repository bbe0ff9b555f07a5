internal import GRPCConnections
internal import GRPCCore
internal import GRPCProtobuf
internal import Logging

/// The connection in use, the login that goes with it, and calls that survive the loss of either.
///
/// One member is talked to at a time. A call that fails for reasons of the member is tried on the next; each
/// attempt dials anew, so that no pause of an old connection is waited for.
actor EtcdSession {
    /// How long a call to a member may take.
    static let callDeadline = Duration.seconds(5)

    /// A member in use.
    struct Link: Sendable {
        let connection: GRPCConnection
        /// Counts the connections that were made.
        let number: Int
        let metadata: Metadata

        var address: PeerAddress { connection.address }
        var client: GRPCClient<GRPCConnection.Transport> { connection.client }
    }

    private let options: EtcdOptions
    private let background: Background
    private let logger: Logger
    private var connection: GRPCConnection?
    private var connections = 0
    private var token: String?
    private var clusterID: UInt64?

    init(_ options: EtcdOptions, background: Background, logger: Logger) {
        self.options = options
        self.background = background
        self.logger = logger
    }

    /// Makes a call; on another member, or after a new login, where that helps.
    ///
    /// - Parameter body: The call over a link; it has to be harmless to make twice.
    /// - Returns: What the call returned.
    /// - Throws: `EtcdError`, or `CancellationError`.
    func call<Answer: Sendable>(
        _ body: @Sendable (Link) async throws -> Answer
    ) async throws -> Answer {
        var attemptsLeft = max(options.endpoints.count, 2)
        while true {
            attemptsLeft -= 1
            let used = try dial()
            do {
                let link = try await authenticated(used)
                return try await body(link)
            } catch {
                try Task.checkCancellation()
                let error = EtcdError(error, from: used.address)
                leave(used.number, because: error)
                guard error.isTransient, attemptsLeft > 0 else { throw error }
                logger.debug(
                    "etcd call failed, trying again",
                    metadata: ["etcd.error": "\(error)"]
                )
            }
        }
    }

    /// A link for a call that lasts.
    func link() async throws -> Link {
        let used = try dial()
        do {
            return try await authenticated(used)
        } catch {
            try Task.checkCancellation()
            let error = EtcdError(error, from: used.address)
            leave(used.number, because: error)
            throw error
        }
    }

    /// Gives up the member or the login that an error of a link tells against.
    func leave(_ number: Int, because error: EtcdError) {
        guard number == connections else { return }
        switch error.code {
        case .tokenExpired:
            token = nil
        case .unavailable:
            connection?.close()
            connection = nil
        default:
            break
        }
    }

    /// Holds an answer against the cluster that was talked to before.
    ///
    /// - Throws: `EtcdError` with code `refused` where it is another: its revisions mean something else.
    func check(_ header: Etcdserverpb_ResponseHeader, from address: PeerAddress) throws(EtcdError) {
        if let clusterID, clusterID != header.clusterID {
            throw EtcdError(
                .refused,
                "etcd at \(address) belongs to another cluster than the one that was followed so far"
            )
        }
        clusterID = header.clusterID
    }

    // MARK: - Connecting

    private func dial() throws(EtcdError) -> Link {
        if let connection {
            return Link(connection: connection, number: connections, metadata: [:])
        }
        let address = options.endpoints[connections % options.endpoints.count]
        do throws(ConnectionError) {
            let connection = try GRPCConnection(
                to: address,
                tls: address.isSecure ? options.tls : nil,
                answerSizeMaxBytes: MetadataRange.answerSizeMaxBytes
            )
            background.run { try? await connection.run() }
            self.connection = connection
            connections += 1
            return Link(connection: connection, number: connections, metadata: [:])
        } catch {
            throw EtcdError(.refused, error.message, cause: error.cause)
        }
    }

    /// The link with the cluster's token, where it asks for one.
    private func authenticated(_ link: Link) async throws -> Link {
        guard let login = options.login else { return link }
        if token == nil { token = try await authenticate(login, over: link) }
        guard let token, !token.isEmpty else { return link }
        return Link(
            connection: link.connection,
            number: link.number,
            metadata: ["token": "\(token)"]
        )
    }

    private func authenticate(_ login: EtcdOptions.Login, over link: Link) async throws -> String {
        var request = Etcdserverpb_AuthenticateRequest()
        request.name = login.username
        request.password = login.password
        let auth = Etcdserverpb_Auth.Client(wrapping: link.client)
        do {
            let answer = try await auth.authenticate(
                request,
                options: .within(EtcdSession.callDeadline)
            )
            return answer.token
        } catch let error as RPCError
            where error.code == .failedPrecondition && error.message.contains("not enabled")
        {
            logger.notice("etcd asks nobody to log in; the login is not used")
            return ""
        }
    }
}
