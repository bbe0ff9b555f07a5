internal import Operations

/// A batch whose frames are ready to be placed.
struct EncodedBatch: Sendable {
    var frames: [EncodedFrame]
    let count: UInt64
    let digest: BatchDigest
    let position: SourcePosition

    /// Takes all frames of a batch, in order.
    init(frames: [EncodedFrame], count: UInt64, position: SourcePosition) {
        self.frames = frames
        self.count = count
        self.position = position
        var digest = BatchDigest()
        for frame in frames { digest.add(frame.entryDigests) }
        self.digest = digest
    }

    /// How many bytes its frames take, without the commit.
    var storedBytes: Int { frames.reduce(0) { $0 + $1.bytes.count } }
}
