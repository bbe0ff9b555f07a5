internal import Operations

/// The logs that a Milvus can be configured with.
///
/// Source: `WALName` in `common.proto` of milvus-proto 2.6.
enum LogKind: UInt64 {
    case unknown = 0
    case rocksMQ = 1
    case pulsar = 2
    case kafka = 3
    case woodpecker = 4

    /// The product's name.
    var name: String {
        switch self {
        case .unknown: "an unknown log"
        case .rocksMQ: "RocksMQ"
        case .pulsar: "Pulsar"
        case .kafka: "Kafka"
        case .woodpecker: "Woodpecker"
        }
    }
}

/// How far a streaming node has read a channel: `WALCheckpoint` of Milvus 2.6.
struct LogCheckpoint {
    /// The text of the position; on Kafka a base-36 offset.
    private(set) var position: String?
    private(set) var log = LogKind.unknown
    /// Everything up to here stands in the log.
    private(set) var timestamp = HybridTimestamp.zero

    init(_ bytes: borrowing Span<UInt8>) throws(WireFailure) {
        var cursor = WireCursor(0..<bytes.count)
        while let record = try cursor.next(bytes) {
            switch record.field {
            case 1:
                var id = WireCursor(try record.body)
                while let field = try id.next(bytes) {
                    switch field.field {
                    case 1: position = Self.text(try field.body, bytes)
                    case 2: log = LogKind(rawValue: try field.number) ?? .unknown
                    default: break
                    }
                }
            case 2: timestamp = HybridTimestamp(rawValue: try record.number)
            default: break
            }
        }
    }

    private static func text(_ range: Range<Int>, _ bytes: borrowing Span<UInt8>) -> String {
        var text: [UInt8] = []
        for index in range { text.append(bytes[index]) }
        return String(decoding: text, as: UTF8.self)
    }

    /// Whether the position is one of Kafka.
    var isKafka: Bool {
        switch log {
        case .kafka: true
        case .unknown: position.map { Base36.signed($0) != nil } ?? true
        case .rocksMQ, .pulsar, .woodpecker: false
        }
    }
}
