internal import CChecksum

/// CRC-32C, the checksum of stored bytes.
enum Checksum {
    /// Extends a checksum by the bytes of a range; begin with zero.
    static func extend(_ crc: UInt32, over bytes: [UInt8], _ range: Range<Int>) -> UInt32 {
        extend(crc, over: bytes[range])
    }

    /// Extends a checksum by some bytes; begin with zero.
    static func extend(_ crc: UInt32, over bytes: ArraySlice<UInt8>) -> UInt32 {
        unsafe bytes.withUnsafeBytes { buffer in
            unsafe flightlog_crc32c(crc, buffer.baseAddress, buffer.count)
        }
    }

    /// As `extend`, without the processor's instruction.
    static func extendPortably(_ crc: UInt32, over bytes: ArraySlice<UInt8>) -> UInt32 {
        unsafe bytes.withUnsafeBytes { buffer in
            unsafe flightlog_crc32c_portable(crc, buffer.baseAddress, buffer.count)
        }
    }
}
