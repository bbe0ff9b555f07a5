internal import Capture
internal import Operations

/// Reads the messages of Milvus 2.6: a body and an envelope.
///
/// The envelope says what the message is, where and when; of the body only rows, keys and the collection of a
/// bulk import are looked at.
enum StreamDecoder {
    /// - Throws: `LogFailure` with code `corrupt` and a sentence that names channel and offset.
    static func decode(_ message: LogMessage) throws -> StreamedMessage {
        var type: UInt64?
        do throws(WireFailure) {
            let envelope = try Envelope(message)
            type = envelope.type
            return StreamedMessage(
                timestamp: envelope.timestamp,
                lastConfirmed: envelope.lastConfirmed,
                transaction: envelope.transaction.map {
                    TransactionName(channel: envelope.channel ?? "", id: $0.id)
                },
                content: try content(envelope, message.value)
            )
        } catch {
            let name = type.map(StreamMessageType.name) ?? "message"
            throw LogFailure(
                code: .corrupt,
                message: "The \(name) at offset \(message.offset) of \(message.channel) cannot be"
                    + " read: \(error.reason)."
            )
        }
    }

    private static func content(
        _ envelope: Envelope,
        _ body: [UInt8]
    ) throws(WireFailure) -> StreamedMessage.Content {
        if let collection = envelope.cipher { return .encrypted(collection) }
        if let condition = envelope.condition {
            return .unreadable(
                .refused,
                "a message there has the header \(condition), which no Milvus 2.6 writes"
            )
        }
        switch envelope.type {
        case StreamMessageType.timeTick: return .timeTick
        case StreamMessageType.insert, StreamMessageType.delete: return try rows(envelope, body)
        case StreamMessageType.beginTransaction, StreamMessageType.commitTransaction,
            StreamMessageType.rollbackTransaction:
            return try transactionStep(envelope)
        case StreamMessageType.createCollection, StreamMessageType.createPartition,
            StreamMessageType.dropPartition:
            return try announced(envelope)
        case StreamMessageType.dropCollection: return try dropped(envelope, body)
        case StreamMessageType.manualFlush: return try flush(envelope)
        case StreamMessageType.flushAll: return .flushAll
        case StreamMessageType.bulkImport: return try imported(envelope, body)
        case StreamMessageType.truncateCollection: return try truncated(envelope)
        case StreamMessageType.alterLog: return try altered(envelope)
        default:
            guard let name = StreamMessageType.nameOfIgnored(envelope.type) else {
                return .unreadable(
                    .corrupt,
                    "no message of type \(envelope.type) is known, as the one there is"
                )
            }
            return .ignored(name)
        }
    }

    private static func rows(
        _ envelope: Envelope,
        _ body: [UInt8]
    ) throws(WireFailure) -> StreamedMessage.Content {
        guard envelope.version == 1 else {
            throw WireFailure("the version of its envelope is \(envelope.version) and not 1")
        }
        let shard = try envelope.shard()
        guard envelope.type == StreamMessageType.insert else {
            guard let found = try RowMessageScanner.delete(body, shard: shard) else {
                return .ignored("Delete of no keys")
            }
            return .delete(found.keys)
        }
        guard let found = try RowMessageScanner.insert(body, shard: shard) else {
            return .ignored("Insert of no rows")
        }
        return .insert(found.rows)
    }

    private static func transactionStep(
        _ envelope: Envelope
    ) throws(WireFailure) -> StreamedMessage.Content {
        guard let transaction = envelope.transaction else {
            throw WireFailure("it names no transaction")
        }
        switch envelope.type {
        case StreamMessageType.beginTransaction:
            return .begin(
                keepaliveMilliseconds: transaction.keepalive < 0 ? nil : transaction.keepalive
            )
        case StreamMessageType.commitTransaction: return .commit
        default: return .rollback
        }
    }

    private static func dropped(
        _ envelope: Envelope,
        _ body: [UInt8]
    ) throws(WireFailure) -> StreamedMessage.Content {
        let number = try ProtobufNumbers(envelope.header)[1]
        let id = number == 0 ? try DropMessage(body.span).collection : try collection(number)
        return envelope.isOnControlChannel
            ? .announced(id, nil, isThere: false) : .collectionDropped(id)
    }

    /// Headers begin with the collection's id; those of partitions go on with the partition's.
    private static func announced(
        _ envelope: Envelope
    ) throws(WireFailure) -> StreamedMessage.Content {
        let numbers = try ProtobufNumbers(envelope.header)
        let id = try collection(numbers[1])
        guard envelope.type != StreamMessageType.createCollection else {
            return .announced(id, nil, isThere: true)
        }
        guard numbers[2] != 0 else { throw WireFailure("it names no partition") }
        return .announced(
            id,
            PartitionID(rawValue: Int64(bitPattern: numbers[2])),
            isThere: envelope.type == StreamMessageType.createPartition
        )
    }

    /// Every shard has a copy; that of the first counts.
    private static func flush(_ envelope: Envelope) throws(WireFailure) -> StreamedMessage.Content {
        let id = try collection(ProtobufNumbers(envelope.header)[1])
        guard try envelope.shard() == 0 else { return .ignored("ManualFlush") }
        return .operation(.flush(FlushDefinition(collections: [id])))
    }

    /// The rows of a bulk import are never in the log.
    ///
    /// Every shard has a copy; that of the first counts.
    private static func imported(
        _ envelope: Envelope,
        _ body: [UInt8]
    ) throws(WireFailure) -> StreamedMessage.Content {
        let numbers = try ProtobufNumbers(body)
        let id = try collection(numbers[4])
        guard envelope.isOnControlChannel == false, try envelope.shard() == 0 else {
            return .ignored("Import")
        }
        return .operation(
            .gap(
                Gap(
                    collection: id,
                    shard: nil,
                    from: envelope.timestamp,
                    through: envelope.timestamp,
                    reason: """
                        the rows of the bulk import \(numbers[9]) into the collection \(id) are not in \
                        the log; a baseline of the collection closes the gap
                        """
                )
            )
        )
    }

    private static func truncated(
        _ envelope: Envelope
    ) throws(WireFailure) -> StreamedMessage.Content {
        guard envelope.isOnControlChannel == false else { return .ignored("TruncateCollection") }
        guard let broadcast = envelope.broadcast, broadcast.id != 0 else {
            throw WireFailure("it lacks the id that its copies have in common")
        }
        return .truncated(
            try collection(ProtobufNumbers(envelope.header)[2]),
            shard: try envelope.shard(),
            broadcast
        )
    }

    private static func altered(
        _ envelope: Envelope
    ) throws(WireFailure) -> StreamedMessage.Content {
        let kind = LogKind(rawValue: try ProtobufNumbers(envelope.header)[1]) ?? .unknown
        return .unreadable(
            .refused,
            "there the source moved its log to \(kind.name) (AlterWAL), and only Kafka can be read"
        )
    }

    private static func collection(_ id: UInt64) throws(WireFailure) -> CollectionID {
        guard id != 0 else { throw WireFailure("it names no collection") }
        return CollectionID(rawValue: Int64(bitPattern: id))
    }
}
