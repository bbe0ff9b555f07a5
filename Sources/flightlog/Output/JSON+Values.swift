internal import Operations

extension JSON {
    /// A place in a journal.
    static func mark(_ sequence: SequenceNumber, _ timestamp: HybridTimestamp) -> JSON {
        .object([
            ("sequence", .unsigned(sequence.rawValue)), ("tso", .unsigned(timestamp.rawValue)),
        ])
    }

    /// The wall-clock time of a timestamp; null for zero, which is none.
    static func time(_ timestamp: HybridTimestamp) -> JSON {
        timestamp == .zero ? .null : .text(timestamp.time)
    }

    static func optional(_ value: UInt64?) -> JSON { value.map { .unsigned($0) } ?? .null }

    static func optional(_ value: String?) -> JSON { value.map { .text($0) } ?? .null }
}

extension HybridTimestamp {
    /// The time of the source's clock; `-` for zero.
    var time: String {
        self == .zero ? "-" : InternetTime(unixMilliseconds: unixMilliseconds).description
    }
}
