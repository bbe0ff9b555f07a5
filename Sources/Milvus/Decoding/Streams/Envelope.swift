internal import Capture
internal import FoundationEssentials
internal import Operations

/// What Milvus 2.6 writes beside a message: headers whose names begin with an underscore.
///
/// Numbers are base-36 text but for version and type; messages are protobuf in base64.
/// Source: `pkg/streaming/util/message/{properties,encoder}.go` of Milvus 2.6.
struct Envelope {
    /// The header that no message of an older Milvus has.
    private static let version = "_v"

    /// Whether a message has an envelope.
    static func isPresent(_ message: LogMessage) -> Bool {
        message.headers.contains { $0.name == version }
    }

    /// 1: the body is that of Milvus 2.5, 2: one of its own.
    let version: Int
    let type: UInt64
    /// The message's place in the order of the source.
    let timestamp: HybridTimestamp
    /// Everything above `timestamp` begins at this offset or behind it.
    let lastConfirmed: Int64
    /// The virtual channel; nil for what concerns the physical channel.
    let channel: String?
    /// What belongs to the type of message; empty where all of it is zero.
    let header: [UInt8]
    /// The id that all copies of the message have; nil if there is one only.
    let broadcast: Broadcast?
    /// The transaction, with its keepalive in milliseconds; nil if the message stands for itself.
    let transaction: (id: Int64, keepalive: Int64)?
    /// The collection whose key encrypted the body; nil if it is plain.
    let cipher: CollectionID?
    /// A header that gives the message a meaning that is not known here; nil if there is none.
    let condition: String?

    init(_ message: LogMessage) throws(WireFailure) {
        let headers = Headers(message.headers)
        switch try headers.text(Self.version) {
        case "1": version = 1
        case "2": version = 2
        case let other?: throw WireFailure("the version of its envelope is \(other.shown)")
        case nil: throw WireFailure("it has no envelope")
        }
        type = try headers.decimal("_t")
        let timestamp = try headers.base36("_tt")
        guard timestamp > 0 else { throw WireFailure("its header _tt is 0") }
        self.timestamp = HybridTimestamp(rawValue: timestamp)
        lastConfirmed = try headers.offset("_lc") ?? message.offset
        guard lastConfirmed <= message.offset else {
            throw WireFailure("its header _lc names offset \(lastConfirmed), which is behind it")
        }
        channel = try headers.text("_vc")
        header = try headers.message("_h") ?? []
        broadcast = try headers.message("_bh").map { bytes throws(WireFailure) in
            Broadcast(id: try ProtobufNumbers(bytes)[1])
        }
        transaction = try headers.message("_tx").map { bytes throws(WireFailure) in
            let numbers = try ProtobufNumbers(bytes)
            return (Int64(bitPattern: numbers[1]), Int64(bitPattern: numbers[2]))
        }
        cipher = try headers.message("_ch").map { bytes throws(WireFailure) in
            CollectionID(rawValue: Int64(bitPattern: try ProtobufNumbers(bytes)[2]))
        }
        condition = headers.has("_puc") ? "_puc" : nil
    }

    /// Whether the message is on the channel that only coordinators read.
    var isOnControlChannel: Bool { channel?.hasSuffix("_vcchan") ?? false }

    /// The shard of the virtual channel.
    func shard() throws(WireFailure) -> Int {
        guard let channel else { throw WireFailure("it names no channel") }
        let bytes = Array(channel.utf8)
        return try ShardName.shard(0..<bytes.count, bytes.span)
    }
}

/// Headers by name.
private struct Headers {
    private let all: [LogMessage.Header]

    init(_ all: [LogMessage.Header]) { self.all = all }

    func has(_ name: String) -> Bool { all.contains { $0.name == name } }

    func text(_ name: String) throws(WireFailure) -> String? {
        let found = all.filter { $0.name == name }
        guard found.count < 2 else { throw WireFailure("it has the header \(name) twice") }
        guard let value = found.first?.value else { return nil }
        guard let text = String(validating: value, as: UTF8.self) else {
            throw WireFailure("its header \(name) is not UTF-8")
        }
        return text
    }

    func decimal(_ name: String) throws(WireFailure) -> UInt64 {
        let text = try required(name)
        guard text.utf8.first != UInt8(ascii: "+"), let number = UInt64(text) else {
            throw WireFailure("its header \(name) is \(text.shown), which is no number")
        }
        return number
    }

    func base36(_ name: String) throws(WireFailure) -> UInt64 {
        let text = try required(name)
        guard let number = Base36.unsigned(text) else {
            throw WireFailure("its header \(name) is \(text.shown), which is no base-36 number")
        }
        return number
    }

    /// An offset in base 36; nil if the header is missing.
    func offset(_ name: String) throws(WireFailure) -> Int64? {
        guard let text = try text(name) else { return nil }
        guard let offset = Base36.signed(text), offset >= 0 else {
            throw WireFailure("its header \(name) is \(text.shown), which is no base-36 offset")
        }
        return offset
    }

    /// The bytes behind base64; nil if the header is missing.
    func message(_ name: String) throws(WireFailure) -> [UInt8]? {
        guard let text = try text(name) else { return nil }
        guard let data = Data(base64Encoded: text) else {
            throw WireFailure("its header \(name) is \(text.shown), which is no base64")
        }
        return [UInt8](data)
    }

    private func required(_ name: String) throws(WireFailure) -> String {
        guard let text = try text(name) else { throw WireFailure("it lacks the header \(name)") }
        return text
    }
}

extension String {
    /// The beginning of a text that came from outside, fit for a sentence.
    fileprivate var shown: String { String(prefix(40)).debugDescription }
}

/// The numbers of a small protobuf message, by field; 0 where a field is missing.
struct ProtobufNumbers {
    private var numbers: [UInt64: UInt64] = [:]

    init(_ bytes: [UInt8]) throws(WireFailure) {
        let span = bytes.span
        var cursor = WireCursor(0..<span.count)
        while let record = try cursor.next(span) {
            if record.kind == .varint { numbers[record.field] = record.value }
        }
    }

    subscript(field: UInt64) -> UInt64 { numbers[field] ?? 0 }
}
