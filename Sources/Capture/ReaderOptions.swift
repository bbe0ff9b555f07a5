package import Operations

/// What a reader may be told.
package struct ReaderOptions: Sendable {
    /// The topic that tells of flushes; nil where the source has none.
    package var sideChannel: PhysicalChannel?
    /// Rows held back beyond this stop the channels that are ahead, so that memory stays bounded.
    package var heldBytesMax = 24 << 20
    /// The same while a channel is awaited that writes no ticks: it moves once a minute.
    package var heldBytesWhileSilentMax = 256 << 20
    /// Transactions that have not ended may hold this many bytes; they cannot be held back at the source.
    package var transactionBytesMax = 1 << 30
    /// How often the journal learns of time that passed without an operation.
    package var idleCommitInterval = Duration.seconds(1)
    /// How many batches may be on their way to the disk; the journal bounds their bytes.
    package var commitsInFlightMax = 4
    /// How long one wait for messages lasts; new channels are noticed at least this often.
    package var messageWait = Duration.milliseconds(50)
    /// The shortest and the longest pause after a failure that passes.
    package var retryPauses: ClosedRange<Duration> = .milliseconds(100)...(.seconds(10))

    package init(sideChannel: PhysicalChannel? = nil) { self.sideChannel = sideChannel }
}
