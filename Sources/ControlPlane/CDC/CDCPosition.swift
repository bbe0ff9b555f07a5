internal import FoundationEssentials
internal import Operations

/// A place in a source's log as milvus-cdc and milvus-backup write it: Milvus' `MsgPosition`, in base64.
///
/// Source: `msg.proto` of Milvus: channel_name 1, msgID 2, msgGroup 3, timestamp 4.
struct CDCPosition: Hashable, Sendable {
    /// What is wrong with a text that is none.
    struct Unreadable: Error, CustomStringConvertible { let description: String }

    let channel: String
    /// The offset in Kafka, as Milvus writes it: eight bytes, the lowest first; empty where it is not known.
    let message: [UInt8]
    let timestamp: HybridTimestamp

    init(channel: String, offset: Int64?, timestamp: HybridTimestamp) {
        self.channel = channel
        message =
            offset.map { offset in
                (0..<8).map { UInt8(truncatingIfNeeded: offset >> ($0 * 8)) }
            } ?? []
        self.timestamp = timestamp
    }

    /// - Throws: `Unreadable`.
    init(base64 text: String) throws {
        guard let data = Data(base64Encoded: text) else {
            throw Unreadable(description: "illegal base64 data")
        }
        var (channel, message, timestamp) = ("", [UInt8](), UInt64(0))
        var rest = Array(data)[...]
        while !rest.isEmpty {
            let tag = try Self.varint(&rest)
            switch tag & 7 {
            case 0:
                let value = try Self.varint(&rest)
                if tag >> 3 == 4 { timestamp = value }
            case 1: _ = try Self.bytes(&rest, 8)
            case 2:
                let bytes = try Self.bytes(&rest, try Self.varint(&rest))
                if tag >> 3 == 1 { channel = String(decoding: bytes, as: UTF8.self) }
                if tag >> 3 == 2 { message = bytes }
            case 5: _ = try Self.bytes(&rest, 4)
            default: throw Unreadable(description: "proto: cannot parse invalid wire-format data")
            }
        }
        self.channel = channel
        self.message = message
        self.timestamp = HybridTimestamp(rawValue: timestamp)
    }

    var base64: String {
        var bytes: [UInt8] = []
        Self.append(1, Array(channel.utf8), to: &bytes)
        if !message.isEmpty { Self.append(2, message, to: &bytes) }
        if timestamp > .zero {
            bytes.append(4 << 3)
            Self.append(varint: timestamp.rawValue, to: &bytes)
        }
        return Data(bytes).base64EncodedString()
    }

    /// The parts of a virtual channel's name, `PHYSICAL_COLLECTIONvSHARD`; nil for any other name.
    static func parse(_ channel: String) -> (physical: String, collection: Int64)? {
        guard let bar = channel.lastIndex(of: "_") else { return nil }
        let parts = channel[channel.index(after: bar)...]
            .split(separator: "v", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(isDigit) }),
            let collection = Int64(parts[0])
        else { return nil }
        return (String(channel[..<bar]), collection)
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private static func append(_ field: UInt8, _ value: [UInt8], to bytes: inout [UInt8]) {
        bytes.append(field << 3 | 2)
        append(varint: UInt64(value.count), to: &bytes)
        bytes += value
    }

    private static func append(varint value: UInt64, to bytes: inout [UInt8]) {
        var rest = value
        while rest > 0x7F {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    private static func varint(_ rest: inout ArraySlice<UInt8>) throws -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            guard let byte = rest.popFirst() else { break }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
        }
        throw Unreadable(description: "proto: cannot parse invalid wire-format data")
    }

    private static func bytes(
        _ rest: inout ArraySlice<UInt8>,
        _ count: UInt64
    ) throws -> [UInt8] {
        guard count <= UInt64(rest.count) else {
            throw Unreadable(description: "proto: cannot parse invalid wire-format data")
        }
        defer { rest = rest.dropFirst(Int(count)) }
        return Array(rest.prefix(Int(count)))
    }
}
