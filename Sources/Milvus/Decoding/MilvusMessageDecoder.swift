package import Capture
internal import Operations

/// Reads the log of a Milvus, in the dialect that each message is in.
///
/// Milvus 2.3 to 2.5 write bare protobuf messages that begin with a `MsgBase`; later ones write an envelope
/// beside the message (``StreamDecoder``). A log that was upgraded holds both.
///
/// Rows are found, not decoded: the columns of an Insert and the keys of a Delete stay the message's own
/// bytes. Definitions are ignored here, since the metadata has all of them with their timestamps.
package struct MilvusMessageDecoder: MessageDecoder {
    package init() {}

    package func decode(_ message: LogMessage) throws -> DecodedMessage {
        if Envelope.isPresent(message) { return .streamed(try StreamDecoder.decode(message)) }
        var type: UInt64?
        do throws(WireFailure) {
            let head = try MessageHead(message.value.span)
            type = head.type
            let decoded = try Self.decode(message.value, head)
            guard let replication = head.replication, decoded.carriesRows else { return decoded }
            return .streamed(Self.foreign(message, head, replication))
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

    /// Rows that another cluster replicated into the source carry that cluster's timestamps, which are in no
    /// order with the source's own ticks.
    private static func foreign(
        _ message: LogMessage,
        _ head: MessageHead,
        _ replication: Range<Int>
    ) -> StreamedMessage {
        let name = String(decoding: message.value[replication], as: UTF8.self)
        return StreamedMessage(
            timestamp: HybridTimestamp(rawValue: head.timestamp),
            lastConfirmed: message.offset,
            content: .unreadable(
                .refused,
                """
                the \(MessageType.name(head.type)) there came by the replication \(name) from another \
                cluster, with the timestamps of that cluster
                """
            )
        )
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

extension DecodedMessage {
    fileprivate var carriesRows: Bool {
        switch self {
        case .insert, .delete: true
        default: false
        }
    }
}
