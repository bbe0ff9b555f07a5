import FoundationEssentials
import GRPCConnections
import GRPCCore
import GRPCProtobuf
import SwiftProtobuf

@testable import Etcd

/// Writes to an etcd: what the code under test cannot do.
struct EtcdWriter: Sendable {
    /// One step of a transaction.
    enum Step: Sendable {
        case put(String, [UInt8])
        case delete(String)

        static func put(_ key: String, _ value: String) -> Step { .put(key, Array(value.utf8)) }
    }

    private let client: GRPCClient<GRPCConnection.Transport>
    private let metadata: Metadata

    init(_ connection: GRPCConnection, token: String? = nil) {
        client = connection.client
        metadata = token.map { ["token": "\($0)"] } ?? [:]
    }

    private var store: Etcdserverpb_KV.Client<GRPCConnection.Transport> { .init(wrapping: client) }
    private var options: CallOptions {
        var options = CallOptions.within(.seconds(120))
        options.waitForReady = true
        return options
    }

    /// The revision of the transaction; what was not answered is sent again.
    @discardableResult func write(_ steps: Step...) async throws -> Int64 {
        try await write(steps)
    }

    @discardableResult func write(_ steps: [Step]) async throws -> Int64 {
        var request = Etcdserverpb_TxnRequest()
        request.success = steps.map { step in
            var operation = Etcdserverpb_RequestOp()
            switch step {
            case .put(let key, let value):
                operation.requestPut.key = Data(key.utf8)
                operation.requestPut.value = Data(value)
            case .delete(let key):
                operation.requestDeleteRange.key = Data(key.utf8)
            }
            return operation
        }
        while true {
            do {
                let answer = try await store.txn(request, metadata: metadata, options: options)
                return answer.header.revision
            } catch let error as RPCError where error.code == .unavailable {
                try await Task.sleep(for: .milliseconds(20))
            }
        }
    }

    func compact(at revision: Int64) async throws {
        var request = Etcdserverpb_CompactionRequest()
        request.revision = revision
        request.physical = true
        _ = try await store.compact(request, metadata: metadata, options: options)
    }

    /// Makes everybody log in: `root`, and `reader` who may read what begins with `prefix`.
    func enableLogin(passwords: (root: String, reader: String), prefix: String) async throws {
        let auth = Etcdserverpb_Auth.Client(wrapping: client)
        for (name, password) in [("root", passwords.root), ("reader", passwords.reader)] {
            var role = Etcdserverpb_AuthRoleAddRequest()
            role.name = name
            _ = try await auth.roleAdd(role, options: options)
            var user = Etcdserverpb_AuthUserAddRequest()
            user.name = name
            user.password = password
            _ = try await auth.userAdd(user, options: options)
            var grant = Etcdserverpb_AuthUserGrantRoleRequest()
            grant.user = name
            grant.role = name
            _ = try await auth.userGrantRole(grant, options: options)
        }
        var permission = Etcdserverpb_AuthRoleGrantPermissionRequest()
        permission.name = "reader"
        let range = KeyRange(prefix: Array(prefix.utf8))
        permission.perm.key = Data(range.first)
        permission.perm.rangeEnd = Data(range.end)
        _ = try await auth.roleGrantPermission(permission, options: options)
        _ = try await auth.authEnable(Etcdserverpb_AuthEnableRequest(), options: options)
    }
}
