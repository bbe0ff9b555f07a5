/// Reads the hex of little-endian numbers, as canonical text holds them.
enum LittleEndian {
    static func bytes(_ hex: [UInt8]) -> [UInt8] {
        chunks(of: 2, hex).map { pair in
            pair.reduce(0) { $0 << 4 | ($1 < 58 ? $1 - 48 : $1 - 87) }
        }
    }

    /// 32-bit floats.
    static func floats(_ hex: [UInt8]) -> [Double] {
        chunks(of: 4, bytes(hex)).map { float(UInt32(truncatingIfNeeded: bits($0))) }
    }

    /// 16-bit floats of IEEE 754.
    static func halves(_ hex: [UInt8]) -> [Double] {
        chunks(of: 2, bytes(hex)).map { bytes in
            let half = Float16(bitPattern: UInt16(truncatingIfNeeded: bits(bytes)))
            return Double("\(half)") ?? Double(half)
        }
    }

    /// The upper halves of 32-bit floats.
    static func bfloats(_ hex: [UInt8]) -> [Double] {
        chunks(of: 2, bytes(hex)).map { float(UInt32(truncatingIfNeeded: bits($0) << 16)) }
    }

    /// Indexes and values of a sparse vector.
    static func pairs(_ hex: [UInt8]) -> [(index: UInt32, value: Double)] {
        chunks(of: 8, bytes(hex)).map { pair in
            let both = bits(pair)
            return (
                UInt32(truncatingIfNeeded: both), float(UInt32(truncatingIfNeeded: both >> 32))
            )
        }
    }

    static func double(_ hex: [UInt8]) -> Double { Double(bitPattern: bits(bytes(hex))) }

    /// The shortest decimal that reads back as the same float.
    private static func float(_ bits: UInt32) -> Double {
        let value = Float(bitPattern: bits)
        return Double("\(value)") ?? Double(value)
    }

    private static func bits(_ bytes: [UInt8]) -> UInt64 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// Runs of so many bytes.
    private static func chunks(of count: Int, _ bytes: [UInt8]) -> [[UInt8]] {
        stride(from: 0, to: bytes.count, by: count).map {
            Array(bytes[$0..<min($0 + count, bytes.count)])
        }
    }
}
