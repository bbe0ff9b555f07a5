internal import CZstd

/// A failure reported by libzstd.
///
/// Source: `ZSTD_getErrorCode` in `zstd_errors.h`.
struct ZstdFailure: Error, Hashable {
    /// The numeric `ZSTD_ErrorCode`; stable across zstd releases.
    let code: UInt32

    /// The input is no zstd frame.
    static let unknownPrefix = ZstdFailure(code: 10)

    /// Unpacks zstd's convention: a returned size is either a size or an error in disguise.
    @discardableResult
    static func check(_ result: Int) throws(ZstdFailure) -> Int {
        guard ZSTD_isError(result) == 0 else {
            throw ZstdFailure(code: UInt32(ZSTD_getErrorCode(result).rawValue))
        }
        return result
    }
}

/// A zstd compression context: owns one `ZSTD_CCtx` and frees it when it goes out of scope.
///
/// Not copyable, so it cannot be freed twice; not `Sendable`, so it stays with its owner.
@safe struct ZstdCompressor: ~Copyable {
    private let context: OpaquePointer

    /// - Parameter level: The zstd level, 1 (fast) to 19 (small).
    init(level: Int32) {
        guard let context = unsafe ZSTD_createCCtx() else {
            preconditionFailure("zstd cannot allocate a context")
        }
        unsafe self.context = context
        // Neither call can fail: both parameters exist since 1.4.0, and a level is clamped.
        unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, level)
        unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)
    }

    /// A context that hardly looks for repetitions, for bytes that only have a skewed distribution.
    ///
    /// Settings: the shortest repetition that `ZSTD_fast` can be told to look for is 7 bytes; the smallest table and
    /// long steps find few; `ZSTD_c_literalCompressionMode`, which zstd.h lists as experimental parameter 5,
    /// keeps Huffman coding on in spite of the steps. A library that does not know one of them ignores it.
    init(entropyOnly: Void) {
        self.init(level: 1)
        unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_minMatch, 7)
        unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_hashLog, 6)
        unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_targetLength, 4096)
        unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_experimentalParam5, 1)
    }

    deinit { unsafe ZSTD_freeCCtx(context) }

    /// Returns `room` zero bytes and, behind them, one zstd frame with a content checksum that holds the
    /// input.
    mutating func frame(
        _ input: ArraySlice<UInt8>,
        behind room: Int
    ) throws(ZstdFailure) -> [UInt8] {
        var result = 0
        let capacity = room + ZSTD_compressBound(input.count)
        let frame = unsafe [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
            unsafe buffer[..<room].initialize(repeating: 0)
            let rest = unsafe UnsafeMutableBufferPointer(rebasing: buffer[room...])
            unsafe input.withUnsafeBytes { source in
                result = unsafe ZSTD_compress2(
                    context,
                    rest.baseAddress,
                    rest.count,
                    source.baseAddress,
                    source.count
                )
            }
            count = room + (ZSTD_isError(result) == 0 ? result : 0)
        }
        try ZstdFailure.check(result)
        return frame
    }
}

/// A zstd decompression context: owns one `ZSTD_DCtx` and frees it when it goes out of scope.
@safe struct ZstdDecompressor: ~Copyable {
    private let context: OpaquePointer

    init() {
        guard let context = unsafe ZSTD_createDCtx() else {
            preconditionFailure("zstd cannot allocate a context")
        }
        unsafe self.context = context
    }

    deinit { unsafe ZSTD_freeDCtx(context) }

    /// What every frame begins with (RFC 8878).
    private static let magic: [UInt8] = [0x28, 0xb5, 0x2f, 0xfd]

    /// Returns what a zstd frame holds, which is at most `limit` bytes.
    ///
    /// - Throws: `ZstdFailure`; `dstSize_tooSmall` (70) if it holds more.
    mutating func content(
        of frame: ArraySlice<UInt8>,
        limit: Int
    ) throws(ZstdFailure) -> [UInt8] {
        // libzstd would also take the formats from before 1.0, whose decoders trust their input.
        guard frame.starts(with: Self.magic) else { throw .unknownPrefix }
        var result = 0
        let content = unsafe [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
            unsafe frame.withUnsafeBytes { source in
                result = unsafe ZSTD_decompressDCtx(
                    context,
                    buffer.baseAddress,
                    buffer.count,
                    source.baseAddress,
                    source.count
                )
            }
            count = ZSTD_isError(result) == 0 ? result : 0
        }
        try ZstdFailure.check(result)
        return content
    }
}
