/// How a journal is written.
///
/// None of it matters to readers: every file says how it was made.
package struct JournalOptions: Hashable, Sendable {
    /// The zstd level, 1 (fast) to 19 (small); nil stores everything as it is.
    ///
    /// While more than half of the
    /// queue waits for the encoders, level 1 is used.
    package var compressionLevel: Int32?
    /// A segment that has reached this size takes no further batch.
    package var segmentSizeMaxBytes: Int
    /// A segment that was begun this long ago, and holds a batch, takes no further one; nil for any age.
    package var segmentAgeMax: Duration?
    /// A frame that has reached this size, before compression, takes no further entry.
    package var frameSizeTargetBytes: Int
    /// Batches that wait together are written and synced together up to this many stored bytes.
    package var groupSizeMaxBytes: Int
    /// `append` waits for room while batches that are not yet durable hold this many bytes in memory.
    package var queueSizeMaxBytes: Int
    /// Nothing more is taken while the file system has less room than this: what others keep there, such as
    /// checkpoints, has to go on.
    package var reserveBytes: Int
    /// How many frames are encoded at once.
    package var encoderCount: Int

    package init(
        compressionLevel: Int32? = 1,
        segmentSizeMaxBytes: Int = 256 << 20,
        segmentAgeMax: Duration? = .seconds(86_400),
        frameSizeTargetBytes: Int = 256 << 10,
        groupSizeMaxBytes: Int = 8 << 20,
        queueSizeMaxBytes: Int = 16 << 20,
        reserveBytes: Int = 64 << 20,
        encoderCount: Int = 2
    ) {
        self.compressionLevel = compressionLevel
        self.segmentSizeMaxBytes = segmentSizeMaxBytes
        self.segmentAgeMax = segmentAgeMax
        self.frameSizeTargetBytes = frameSizeTargetBytes
        self.groupSizeMaxBytes = groupSizeMaxBytes
        self.queueSizeMaxBytes = queueSizeMaxBytes
        self.reserveBytes = reserveBytes
        self.encoderCount = encoderCount
    }
}

extension JournalOptions {
    /// - Throws: `JournalError` with code `refused` for a value that cannot be.
    func check() throws {
        let isSound =
            (compressionLevel.map { (1...19).contains($0) } ?? true)
            && segmentSizeMaxBytes > 0 && (segmentAgeMax.map { $0 > .zero } ?? true)
            && groupSizeMaxBytes > 0 && queueSizeMaxBytes > 0
            && (1...JournalFormat.frameTargetMaxBytes).contains(frameSizeTargetBytes)
            && (1...Self.encoderCountMax).contains(encoderCount)
        guard isSound else {
            throw JournalError(.refused, "The journal cannot be written with \(self).")
        }
    }

    /// More than any machine has use for.
    private static let encoderCountMax = 256
}
