internal import Operations
internal import Replay

/// How far a target is behind its source, told from what is durable: the checkpoint and the journal's end.
///
/// Nothing here is remembered from one question to the next, so a restart does not change the answer.
struct Lag: Hashable, Sendable {
    /// How old the source's newest promise may be while it counts as read: a source ticks several times a second,
    /// and a busy machine is late now and then.
    static let tickMaxMilliseconds: Int64 = 2_000

    let seconds: Double

    /// - Parameters:
    ///   - checkpoint: Up to where the target holds everything.
    ///   - head: Where the journal ends.
    ///   - first: The oldest moment of the journal; zero while it holds nothing.
    ///   - read: Up to where the source was read by now; nil where it is not being read.
    ///   - isRunning: Whether the task does its work: not paused, waiting or failed.
    ///   - now: Milliseconds since 1970.
    init(
        checkpoint: Mark,
        head: Mark,
        first: HybridTimestamp,
        read: HybridTimestamp?,
        isRunning: Bool,
        now: Int64
    ) {
        let isFresh = read.map { now - $0.unixMilliseconds <= Self.tickMaxMilliseconds } ?? false
        if isRunning, isFresh, checkpoint.sequence >= head.sequence {
            // Whatever the source has done is in the journal, and whatever is in the journal is on the target.
            seconds = 0
        } else {
            // What a source does not date is no moment that a target could be at.
            let since = checkpoint.tso.unixMilliseconds == 0 ? first : checkpoint.tso
            seconds = since == .zero ? 0 : since.age(now: now)
        }
    }
}
