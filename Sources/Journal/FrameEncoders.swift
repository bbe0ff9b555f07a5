internal import Dispatch
internal import Operations
internal import Synchronization

/// Encodes the frames of batches side by side, each encoder on a queue of its own, so that neither the
/// callers' threads nor the commits wait for zstd.
///
/// Bounded by what the journal admits: `JournalOptions.queueSizeMaxBytes`.
final class FrameEncoders: Sendable {
    /// One compressor and the queue that uses it.
    private final class Encoder: Sendable {
        let queue = DispatchQueue(label: "flightlog.journal.encoder")
        private let compressor: Mutex<FrameCompressor>
        /// For while much waits.
        private let fast: Mutex<FrameCompressor>

        init(level: Int32?) {
            compressor = Mutex(FrameCompressor(level: level))
            fast = Mutex(FrameCompressor(level: level.map { min($0, 1) }))
        }

        func encode(_ frame: Int, of batch: PendingBatch, isUrgent: Bool) {
            guard let entries = batch.operations(of: frame) else { return }
            let result = Result {
                guard isUrgent else {
                    return try compressor.withLock {
                        try EncodedFrame(entries: entries, compressor: &$0)
                    }
                }
                return try fast.withLock { try EncodedFrame(entries: entries, compressor: &$0) }
            }
            batch.encoded(frame, result)
        }
    }

    private let encoders: [Encoder]
    private let inline: Encoder
    private let next = Atomic(0)
    /// What the batches hold that wait for encoders.
    private let waitingBytes = Atomic(0)
    private let waitingMaxBytes: Int

    /// A batch smaller than this is encoded where it is submitted: faster than to hand it over.
    private static let inlineMaxBytes = 16 << 10

    init(options: JournalOptions) {
        encoders = (0..<max(1, options.encoderCount)).map { _ in
            Encoder(level: options.compressionLevel)
        }
        inline = Encoder(level: options.compressionLevel)
        waitingMaxBytes = options.queueSizeMaxBytes / 2
    }

    /// Encodes a batch; calls `ready` once it is encoded, or cannot be.
    func encode(_ batch: PendingBatch, ready: @escaping @Sendable () -> Void) {
        if batch.byteCount < Self.inlineMaxBytes {
            for frame in batch.cuts.indices { inline.encode(frame, of: batch, isUrgent: false) }
            return ready()
        }
        waitingBytes.wrappingAdd(batch.byteCount, ordering: .relaxed)
        for frame in batch.cuts.indices {
            let encoder = encoders[
                next.wrappingAdd(1, ordering: .relaxed).oldValue % encoders.count
            ]
            encoder.queue.async { [self] in
                let isUrgent = waitingBytes.load(ordering: .relaxed) > waitingMaxBytes
                encoder.encode(frame, of: batch, isUrgent: isUrgent)
                if frame == batch.cuts.count - 1 {
                    waitingBytes.wrappingSubtract(batch.byteCount, ordering: .relaxed)
                }
                if batch.isEncoded { ready() }
            }
        }
    }
}
