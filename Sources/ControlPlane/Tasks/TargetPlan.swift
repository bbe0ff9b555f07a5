package import Replay

/// A target that a name or an address stands for, and how it is reached.
package struct TargetPlan: Sendable {
    /// The address, in one spelling.
    package let address: String
    /// Prepares the connection; nothing is sent before it is used.
    package let connect: @Sendable () throws -> TargetPeer

    package init(address: String, connect: @escaping @Sendable () throws -> TargetPeer) {
        self.address = address
        self.connect = connect
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
