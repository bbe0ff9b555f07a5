package import Operations

/// Frames that are encoded and thrown away: what rows would take in a journal, and what it costs.
package struct EncodingTrial: ~Copyable {
    private var compressor: FrameCompressor

    /// - Parameter level: The zstd level of records, 1 (fast) to 19 (small).
    package init(level: Int32) { compressor = FrameCompressor(level: level) }

    /// Encodes operations as one frame of entries; returns the bytes of its body.
    ///
    /// - Throws: `JournalError` with code `refused` for an operation that is too large.
    package mutating func storedBytes(of operations: [StampedOperation]) throws -> Int {
        try EncodedFrame(entries: operations[...], compressor: &compressor).header.storedBytes
    }
}
