import CZstd

/// The zstd library, as its command would use it: one context, with checksums.
enum Zstd {
    typealias Frame = (bytes: [UInt8], raw: Int)

    /// Compresses pieces one by one on this thread.
    static func compress(
        _ pieces: [ArraySlice<UInt8>],
        level: Int32
    ) -> (frames: [Frame], cost: Cost) {
        let context = ZSTD_createCCtx()
        defer { ZSTD_freeCCtx(context) }
        ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, level)
        ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)
        var frames: [Frame] = []
        frames.reserveCapacity(pieces.count)
        let before = Cost.now()
        for piece in pieces {
            let bytes = [UInt8](
                unsafeUninitializedCapacity: ZSTD_compressBound(piece.count)
            ) { buffer, count in
                count = piece.withUnsafeBytes { source in
                    ZSTD_compress2(
                        context,
                        buffer.baseAddress,
                        buffer.count,
                        source.baseAddress,
                        source.count
                    )
                }
                precondition(ZSTD_isError(count) == 0)
            }
            frames.append((bytes, piece.count))
        }
        return (frames, Cost.since(before))
    }

    /// Seconds to decompress frames one by one into the same place.
    static func decompress(_ frames: [Frame]) -> Double {
        let context = ZSTD_createDCtx()
        defer { ZSTD_freeDCtx(context) }
        var output = [UInt8](repeating: 0, count: frames.map(\.raw).max() ?? 0)
        return seconds {
            for frame in frames {
                let size = ZSTD_decompressDCtx(
                    context,
                    &output,
                    output.count,
                    frame.bytes,
                    frame.bytes.count
                )
                precondition(size == frame.raw)
            }
        }
    }
}
