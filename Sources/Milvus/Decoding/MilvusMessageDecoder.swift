package import Capture
internal import Operations

/// Reads the log of Milvus 2.3 to 2.5: bare protobuf messages that begin with a `MsgBase`.
///
/// Rows are found, not decoded: the columns of an Insert and the keys of a Delete stay the message's own
/// bytes. Definitions are ignored here, since the metadata has all of them with their timestamps.
package struct MilvusMessageDecoder: MessageDecoder {
    /// The header that every message of Milvus 2.6 and later carries.
    private static let envelopeHeader = "_v"

    package init() {}

    package func decode(_ message: LogMessage) throws -> DecodedMessage {
        var type: UInt64?
        do throws(WireFailure) {
            if message.headers.contains(where: { $0.name == Self.envelopeHeader }) {
                throw WireFailure("it is in the format of Milvus 2.6, which is not supported")
            }
            let head = try MessageHead(message.value.span)
            type = head.type
            return try Self.decode(message.value, head)
        } catch {
            let name = type.map(MessageType.name) ?? "message"
            throw LogFailure(
                code: .corrupt,
                message: "The \(name) at offset \(message.offset) of \(message.channel) cannot be"
                    + " read: \(error.reason)."
            )
        }
    }

    private static func decode(
        _ message: [UInt8],
        _ head: MessageHead
    ) throws(WireFailure) -> DecodedMessage {
        switch head.type {
        case MessageType.timeTick:
            return .timeTick(try timestamp(head))
        case MessageType.insert:
            guard let found = try RowMessageScanner.insert(message) else {
                return .ignored("Insert of no rows")
            }
            return .insert(found.rows, stamp(head, found.timestamp))
        case MessageType.delete:
            guard let found = try RowMessageScanner.delete(message) else {
                return .ignored("Delete of no keys")
            }
            return .delete(found.keys, stamp(head, found.timestamp))
        case MessageType.dropCollection:
            let drop = try DropMessage(message.span)
            return .collectionDropped(drop.collection, try timestamp(head))
        case MessageType.flush:
            let flush = try FlushMessage(message)
            return .flush(
                database: flush.database,
                collections: flush.collections,
                try timestamp(head)
            )
        default:
            guard let name = MessageType.nameOfIgnored(head.type) else {
                throw WireFailure("no message of this type is known")
            }
            return .ignored(name)
        }
    }

    private static func stamp(_ head: MessageHead, _ timestamp: UInt64) -> MessageStamp {
        // Of an upsert's Insert only the rows have a timestamp, so it is never the header's that counts.
        MessageStamp(
            timestamp: HybridTimestamp(rawValue: timestamp),
            messageID: head.messageID
        )
    }

    private static func timestamp(_ head: MessageHead) throws(WireFailure) -> HybridTimestamp {
        guard head.timestamp > 0 else { throw WireFailure("it has no timestamp") }
        return HybridTimestamp(rawValue: head.timestamp)
    }
}
