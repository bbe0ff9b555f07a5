/// Bytes that are not what they should be: too short, or a length that cannot be.
package struct CodingFailure: Error, Hashable, CustomStringConvertible {
    /// What was expected and what was seen, as a sentence without a full stop.
    package let description: String

    package init(_ description: String) { self.description = description }
}

/// Appends numbers, little-endian, and length-prefixed bytes.
package struct ByteWriter: Sendable {
    package var bytes: [UInt8]

    package init(_ bytes: [UInt8] = []) { self.bytes = bytes }

    package mutating func write<Number: FixedWidthInteger>(_ number: Number) {
        append(UInt64(truncatingIfNeeded: number), width: Number.bitWidth / 8)
    }

    // The widths that journals are made of, without the cost of generics across modules.
    package mutating func write(_ number: UInt8) { bytes.append(number) }
    package mutating func write(_ number: UInt32) { append(UInt64(number), width: 4) }
    package mutating func write(_ number: UInt64) { append(number, width: 8) }
    package mutating func write(_ number: Int64) { append(UInt64(bitPattern: number), width: 8) }

    private mutating func append(_ number: UInt64, width: Int) {
        var rest = number
        var left = width
        while left > 0 {
            bytes.append(UInt8(truncatingIfNeeded: rest))
            rest >>= 8
            left -= 1
        }
    }

    /// Puts a number over bytes that were written before, such as a length that is known only now.
    package mutating func overwrite(_ number: UInt32, at offset: Int) {
        var rest = number
        for index in offset..<(offset + 4) {
            bytes[index] = UInt8(truncatingIfNeeded: rest)
            rest >>= 8
        }
    }

    /// Appends a `u32` length and the bytes.
    package mutating func write(blob: some Collection<UInt8>) {
        write(UInt32(blob.count))
        bytes.append(contentsOf: blob)
    }

    /// Appends a `u32` length and UTF-8.
    package mutating func write(text: String) { write(blob: Array(text.utf8)) }
}

/// Reads what a `ByteWriter` wrote, never beyond the end; slices share the input's storage.
package struct ByteReader: Sendable {
    private let bytes: ArraySlice<UInt8>
    private var position: Int

    package init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        position = bytes.startIndex
    }

    package init(_ bytes: [UInt8]) { self.init(bytes[...]) }

    /// How many bytes are left.
    package var remaining: Int { bytes.endIndex - position }

    package mutating func read<Number: FixedWidthInteger>(
        _ type: Number.Type = Number.self
    ) throws(CodingFailure) -> Number {
        Number(truncatingIfNeeded: try number(width: Number.bitWidth / 8))
    }

    // The widths that journals are made of, without the cost of generics across modules.
    package mutating func read(_ type: UInt8.Type = UInt8.self) throws(CodingFailure) -> UInt8 {
        UInt8(truncatingIfNeeded: try number(width: 1))
    }
    package mutating func read(_ type: UInt16.Type = UInt16.self) throws(CodingFailure) -> UInt16 {
        UInt16(truncatingIfNeeded: try number(width: 2))
    }
    package mutating func read(_ type: UInt32.Type = UInt32.self) throws(CodingFailure) -> UInt32 {
        UInt32(truncatingIfNeeded: try number(width: 4))
    }
    package mutating func read(_ type: UInt64.Type = UInt64.self) throws(CodingFailure) -> UInt64 {
        try number(width: 8)
    }
    package mutating func read(_ type: Int64.Type = Int64.self) throws(CodingFailure) -> Int64 {
        Int64(bitPattern: try number(width: 8))
    }

    private mutating func number(width: Int) throws(CodingFailure) -> UInt64 {
        try expect(width)
        var value: UInt64 = 0
        var index = position + width
        while index > position {
            index -= 1
            value = value << 8 | UInt64(bytes[index])
        }
        position += width
        return value
    }

    /// The next `count` bytes.
    package mutating func take(_ count: Int) throws(CodingFailure) -> ArraySlice<UInt8> {
        try expect(count)
        defer { position += count }
        return bytes[position..<(position + count)]
    }

    private func expect(_ count: Int) throws(CodingFailure) {
        guard count >= 0, count <= remaining else {
            throw CodingFailure("\(count) bytes expected, \(remaining) left")
        }
    }

    /// Bytes behind a `u32` length.
    package mutating func readBlob() throws(CodingFailure) -> ArraySlice<UInt8> {
        try take(Int(try read(UInt32.self)))
    }

    /// UTF-8 behind a `u32` length.
    package mutating func readText() throws(CodingFailure) -> String {
        let blob = try readBlob()
        guard let text = String(validating: blob, as: UTF8.self) else {
            throw CodingFailure("text that is not UTF-8")
        }
        return text
    }
}
