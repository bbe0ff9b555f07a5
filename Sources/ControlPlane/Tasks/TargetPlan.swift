package import Replay

/// A target that a name or an address stands for, and how it is reached.
package struct TargetPlan: Sendable {
    /// The address, in one spelling.
    package let address: String
    private let open: @Sendable (_ token: String?) throws -> TargetPeer
    /// What a caller gave to log in with, in the place of what the configuration says.
    private var token: String?

    /// `connect` prepares the connection; nothing is sent before it is used.
    package init(address: String, connect: @escaping @Sendable () throws -> TargetPeer) {
        self.init(address: address, open: { _ in try connect() })
    }

    /// `open` prepares the connection, with the token that it is given or else the configuration's.
    package init(
        address: String,
        open: @escaping @Sendable (_ token: String?) throws -> TargetPeer
    ) {
        self.address = address
        self.open = open
    }

    /// Prepares the connection; nothing is sent before it is used.
    package func connect() throws -> TargetPeer { try open(token) }

    /// The same target with another login.
    func loggedIn(with token: String?) -> TargetPlan {
        var plan = self
        plan.token = token
        return plan
    }

    /// Asks the target what it is.
    ///
    /// - Throws: What it answers, or `Trouble` of kind `unavailable` when the time is over.
    func probe(within limit: Duration) async throws {
        let peer = try connect()
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                try await peer.carry()
                return false
            }
            group.addTask {
                _ = try await peer.target.describe()
                return true
            }
            group.addTask {
                try await Task.sleep(for: limit)
                let seconds = limit.components.seconds
                throw Trouble(.unavailable, "There was no answer within \(seconds) s.")
            }
            defer { group.cancelAll() }
            while let hasAnswered = try await group.next() {
                if hasAnswered { return }
            }
        }
    }
}

/// A target, and what carries its connection.
package struct TargetPeer: Sendable {
    package let target: any Target
    /// Carries the connection until it is cancelled.
    package let carry: @Sendable () async throws -> Void

    package init(target: any Target, carry: @escaping @Sendable () async throws -> Void) {
        self.target = target
        self.carry = carry
    }
}

/// Finds the target that a name or an address stands for.
///
/// - Throws: `Trouble` of kind `invalid` where there is none.
package typealias TargetLookup = @Sendable (_ nameOrAddress: String) throws -> TargetPlan
