internal import GRPCCore
internal import Logging
internal import MilvusAPI
package import Operations
package import Replay
internal import SwiftProtobuf

/// A Milvus, a milvus-lite or a hosted Milvus that operations are applied to with its public API.
///
/// The target stays a normal server: nothing has to be set on it, and it can be written to by others.
/// What is sent twice has the effect of once, but for `insert`. Nothing is retried here: who calls decides.
package struct MilvusTarget: Target {
    typealias Method = Milvus_Proto_Milvus_MilvusService.Method

    let connection: MilvusConnection
    /// The passwords that users get who are made here, by name; never printed.
    let passwords: [String: String]

    /// - Parameters:
    ///   - connection: must be carried (`run()`) while the target is used. It may be shared.
    ///   - passwords: by user; the others get one that nobody knows.
    package init(_ connection: MilvusConnection, passwords: [String: String] = [:]) {
        self.connection = connection
        self.passwords = passwords
    }

    package var rowLayout: (any RowLayout)? { MilvusRowLayout() }

    /// Introduces us to the server, which shows that it can be reached and takes our credentials.
    package func connect() async throws { _ = try await connection.server() }

    package func describe() async throws -> TargetTraits {
        let server = try await connection.server()
        return TargetTraits(
            product: server.description,
            requestSizeMaxBytes: server.requestSizeMaxBytes,
            requestRowsMax: server.requestRowsMax,
            unsupported: server.unsupported,
            // Entries that replace each other's rows are sent one after another.
            upsertKeepsLast: true,
            insertsAtOnceMax: server.insertsAtOnceMax
        )
    }

    /// Sends a call that is answered with a bare status.
    func change<Input: Message>(
        _ method: MethodDescriptor,
        _ request: Input,
        database: String?,
        doing: String
    ) async throws -> Milvus_Proto_Common_Status {
        try await connection.call(method, request, database: database, doing: doing)
    }

    /// Sends a call and, if it is refused, asks whether what it wants is the case all the same.
    ///
    /// Servers tell "already there" and "not there" in many ways, and after a lost answer the second attempt
    /// is refused though the first one had its effect. So the words of a refusal are not read.
    func ensure<Input: Message>(
        _ method: MethodDescriptor,
        _ request: Input,
        database: String?,
        doing: String,
        unless isDone: () async throws -> Bool
    ) async throws {
        if try await isDone() { return }
        let status = try await change(method, request, database: database, doing: doing)
        guard let failure = status.failure(doing) else { return }
        guard failure.isTransient == false, try await isDone() else { throw failure }
    }

    /// What is there under a collection's name.
    ///
    /// Of a collection that is not loaded, Milvus counts only what is written to storage, and deleted rows
    /// with it, which tells nothing.
    package func heldRows(of name: CollectionName) async throws -> HeldRows {
        guard try await connection.collection(name) != nil else { return .absent }
        guard try await connection.loadState(of: name) == .loaded,
            let count = try await connection.count("", in: name)
        else { return .uncounted }
        return .counted(count)
    }
}
