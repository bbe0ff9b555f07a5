internal import CZstd

/// A failure reported by libzstd.
///
/// Source: `ZSTD_getErrorCode` in `zstd_errors.h`.
struct ZstdFailure: Error, Hashable {
    /// The numeric `ZSTD_ErrorCode`; stable across zstd releases.
    let code: UInt32

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

    deinit { unsafe ZSTD_freeCCtx(context) }

    /// Returns `room` zero bytes and, behind them, one zstd frame with a content checksum that holds the
    /// input from `start` on.
    mutating func frame(
        _ input: [UInt8],
        from start: Int,
        behind room: Int
    ) throws(ZstdFailure) -> [UInt8] {
        var result = 0
        let capacity = room + ZSTD_compressBound(input.count - start)
        let frame = unsafe [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
            unsafe buffer[..<room].initialize(repeating: 0)
            let rest = unsafe UnsafeMutableBufferPointer(rebasing: buffer[room...])
            unsafe input[start...].withUnsafeBytes { source in
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

    /// Returns what a zstd frame holds, which is at most `limit` bytes.
    ///
    /// - Throws: `ZstdFailure`; `dstSize_tooSmall` (70) if it holds more.
    mutating func content(
        of frame: ArraySlice<UInt8>,
        limit: Int
    ) throws(ZstdFailure) -> [UInt8] {
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
