internal import Operations

/// A DropCollection: `milvus.proto.msg.DropCollectionRequest`.
struct DropMessage {
    let collection: CollectionID

    init(_ bytes: borrowing Span<UInt8>) throws(WireFailure) {
        var id: UInt64 = 0
        var cursor = WireCursor(0..<bytes.count)
        while let record = try cursor.next(bytes) {
            if record.field == 5 { id = try record.number }
        }
        guard id != 0 else { throw WireFailure("it names no collection") }
        collection = CollectionID(rawValue: Int64(bitPattern: id))
    }
}

/// A Flush: `milvus.proto.milvus.FlushRequest`, as a client sent it.
struct FlushMessage {
    /// Empty where the client named none.
    private(set) var database = ""
    private(set) var collections: [String] = []

    init(_ message: [UInt8]) throws(WireFailure) {
        var cursor = WireCursor(0..<message.count)
        while let record = try cursor.next(message.span) {
            switch record.field {
            case 2: database = try Self.text(message[try record.body])
            case 3: collections.append(try Self.text(message[try record.body]))
            default: break
            }
        }
    }

    private static func text(_ bytes: ArraySlice<UInt8>) throws(WireFailure) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw WireFailure("a name is not UTF-8")
        }
        return text
    }
}
