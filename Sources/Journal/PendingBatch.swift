internal import Operations
internal import Synchronization

/// A batch on its way: encoded frame by frame, then committed or failed, then told to whoever waits.
///
/// Holds its rows once: as they came until all frames are encoded, then as frames.
final class PendingBatch: Sendable {
    private enum Outcome {
        case open([CheckedContinuation<JournalHead, any Error>])
        case done(Result<JournalHead, any Error>)
    }

    private enum Encoding {
        /// What is encoded, which frames are ready, and how many are not.
        case running([StampedOperation], frames: [EncodedFrame?], missing: Int)
        case ready(EncodedBatch)
        case failed(any Error)
        case taken
    }

    /// What an empty batch holds in memory, roughly.
    private static let ownBytes = 1024

    let position: SourcePosition
    /// What it adds to the writer's counts.
    let counts: AppendCounts
    /// Its operations that carry no rows.
    let definitions: [Operation]
    /// Which operations make which frame.
    let cuts: [Range<Int>]
    /// Roughly what it holds in memory.
    let byteCount: Int
    private let encoding: Mutex<Encoding>
    private let outcome = Mutex(Outcome.open([]))

    init(_ batch: Batch, frameTargetBytes: Int) {
        position = batch.position
        counts = AppendCounts(of: batch)
        definitions = batch.operations.lazy.map(\.operation).filter { !$0.kind.carriesRows }
        cuts = FrameCuts.ranges(of: batch.operations, targetBytes: frameTargetBytes)
        byteCount = batch.operations.reduce(Self.ownBytes) { $0 + $1.operation.byteCount }
        let empty = EncodedBatch(frames: [], count: 0, position: batch.position)
        encoding = Mutex(
            cuts.isEmpty
                ? .ready(empty)
                : .running(
                    batch.operations,
                    frames: Array(repeating: nil, count: cuts.count),
                    missing: cuts.count
                )
        )
    }

    /// All operations, until they are encoded; empty from then on.
    var operations: [StampedOperation] {
        encoding.withLock { state in
            guard case .running(let operations, _, _) = state else { return [] }
            return operations
        }
    }

    /// The operations of one frame; nil if the batch is encoded already, or cannot be.
    func operations(of frame: Int) -> ArraySlice<StampedOperation>? {
        encoding.withLock { state in
            guard case .running(let operations, _, _) = state else { return nil }
            return operations[cuts[frame]]
        }
    }

    /// Keeps one encoded frame, or the reason why there is none; the last one makes the batch ready.
    func encoded(_ frame: Int, _ result: Result<EncodedFrame, any Error>) {
        encoding.withLock { state in
            guard case .running(let operations, var frames, let missing) = state else { return }
            state = .taken
            switch result {
            case .success(let encoded):
                frames[frame] = encoded
                state =
                    missing > 1
                    ? .running(operations, frames: frames, missing: missing - 1)
                    : .ready(
                        EncodedBatch(
                            frames: frames.compactMap { $0 },
                            count: UInt64(operations.count),
                            position: position
                        )
                    )
            case .failure(let error): state = .failed(error)
            }
        }
    }

    /// Whether `takeEncoded` has something to say.
    var isEncoded: Bool {
        encoding.withLock { state in
            if case .running = state { false } else { true }
        }
    }

    /// Whether it cannot be encoded.
    var isUnusable: Bool {
        encoding.withLock { state in
            if case .failed = state { true } else { false }
        }
    }

    /// The encoded batch, handed over once, so that its frames have one owner.
    func takeEncoded() throws -> EncodedBatch {
        let state = encoding.withLock { state in
            defer { state = .taken }
            return state
        }
        switch state {
        case .ready(let batch): return batch
        case .failed(let error): throw error
        case .running, .taken: preconditionFailure("a batch is taken once, when it is encoded")
        }
    }

    /// Says how it ended; only the first call counts.
    func finish(_ result: Result<JournalHead, any Error>) {
        let waiting = outcome.withLock { state in
            guard case .open(let waiting) = state else {
                return [CheckedContinuation<JournalHead, any Error>]()
            }
            state = .done(result)
            return waiting
        }
        for continuation in waiting { continuation.resume(with: result) }
    }

    /// Waits for the end.
    func head() async throws -> JournalHead {
        try await withCheckedThrowingContinuation { continuation in
            let result: Result<JournalHead, any Error>? = outcome.withLock { state in
                switch state {
                case .open(let waiting):
                    state = .open(waiting + [continuation])
                    return nil
                case .done(let result): return result
                }
            }
            if let result { continuation.resume(with: result) }
        }
    }
}
