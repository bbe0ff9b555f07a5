/// What an encoder compresses with: one context for records, one for the byte planes of vectors.
struct FrameCompressor: ~Copyable {
    var records: ZstdCompressor
    var planes: ZstdCompressor

    /// - Parameter level: The zstd level of records, 1 (fast) to 19 (small).
    init(level: Int32) {
        records = ZstdCompressor(level: level)
        planes = ZstdCompressor(entropyOnly: ())
    }
}
