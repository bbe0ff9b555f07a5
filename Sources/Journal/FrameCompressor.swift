/// What an encoder compresses with: one context for records, one for the byte planes of vectors.
struct FrameCompressor: ~Copyable {
    /// Whether anything is compressed at all.
    let isOn: Bool
    var records: ZstdCompressor
    var planes: ZstdCompressor

    /// - Parameter level: The zstd level of records, 1 (fast) to 19 (small); nil stores everything as it is.
    init(level: Int32?) {
        isOn = level != nil
        records = ZstdCompressor(level: level ?? 1)
        planes = ZstdCompressor(entropyOnly: ())
    }
}
