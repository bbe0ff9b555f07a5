package import Operations

/// How a reader is doing, for people and for the control plane.
package struct ReaderStatus: Sendable {
    /// What it is doing.
    package enum State: Hashable, Sendable {
        case starting
        case reading
        /// Something that passes is in the way; it goes on by itself.
        case retrying(String)
        /// It stopped and needs a person.
        case failed(String)
    }

    /// A channel that is read.
    package struct Channel: Hashable, Sendable {
        package let name: PhysicalChannel
        /// The offset reading would resume at.
        package let offset: Int64
        /// The newest time tick that was read of it.
        package let frontier: HybridTimestamp
    }

    package var state = State.starting
    /// Everything up to here was read; the journal follows at most a second behind when nothing happens.
    package var resolved = HybridTimestamp.zero
    package var channels: [Channel] = []
    /// The channel whose tick is awaited.
    package var waitingFor: PhysicalChannel?
    /// Bytes of rows that were read and wait for their timestamp to be resolved.
    package var heldBytes = 0
    /// Transactions of the source that have begun and not ended.
    package var openTransactions = 0
    package var discarded = DiscardCounts()
}
