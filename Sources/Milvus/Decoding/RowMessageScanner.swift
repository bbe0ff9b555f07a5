internal import Operations

/// Finds in an Insert or Delete what the journal keeps, without decoding keys or columns.
///
/// Field numbers are those of `InsertRequest` and `DeleteRequest` in `msg.proto` of milvus-proto, equal
/// from Milvus 2.2 to 2.6. Fields that are not named here are skipped by their length, so the cost does
/// not grow with the size of rows.
///
/// Where a message has an envelope, that says when it was made and on which channel: what the message itself
/// says of both is stale and not looked at.
enum RowMessageScanner {
    /// The rows of an Insert and their timestamp; nil if it has none.
    ///
    /// `shard` is what the envelope says; the timestamp is 0 then.
    static func insert(
        _ message: [UInt8],
        shard: Int? = nil
    ) throws(WireFailure) -> (rows: Rows, timestamp: UInt64)? {
        let bytes = message.span
        var place = RowPlace(shard: shard)
        var columns = ColumnRun()
        var rowCount: UInt64 = 0
        var cursor = WireCursor(0..<bytes.count)
        while let record = try cursor.next(bytes) {
            switch record.field {
            case 12:
                throw WireFailure("its rows are not in columns, as servers before 2.2 wrote them")
            case 13: try columns.add(record, bytes)
            case 14: rowCount = try record.number
            default: try place.take(record, bytes)
            }
        }
        if shard == nil {
            guard UInt64(place.stamps.count) == rowCount else {
                throw WireFailure("it tells \(rowCount) rows and \(place.stamps.count) timestamps")
            }
        } else {
            // Every row has a key, which takes a byte at least.
            guard rowCount <= UInt64(message.count) else {
                throw WireFailure("it tells \(rowCount) rows in \(message.count) bytes")
            }
        }
        guard rowCount > 0 else { return nil }
        let rows = Rows(
            collection: try place.requireCollection(),
            partition: PartitionID(rawValue: place.partition),
            shard: try place.requireShard(),
            count: Int(rowCount),
            columns: try columns.slice(of: message)
        )
        guard rows.columns.isEmpty == false else { throw WireFailure("its rows have no columns") }
        return (rows, place.stamps.timestamp)
    }

    /// The keys of a Delete and their timestamp; nil if it has none.
    ///
    /// `shard` is what the envelope says; the timestamp is 0 then.
    static func delete(
        _ message: [UInt8],
        shard: Int? = nil
    ) throws(WireFailure) -> (keys: DeletedKeys, timestamp: UInt64)? {
        let bytes = message.span
        var place = RowPlace(shard: shard)
        var keys: Range<Int>?
        var oldKeys: [UInt8] = []
        var told: UInt64 = 0
        var cursor = WireCursor(0..<bytes.count)
        while let record = try cursor.next(bytes) {
            switch record.field {
            case 9 where record.kind == .varint: oldKeys.appendVarint(record.value)
            case 9: oldKeys += message[try record.body]
            case 11: told = try record.number
            case 12 where keys != nil: throw WireFailure("it has keys twice")
            case 12: keys = try record.body
            case 14: throw WireFailure("it deletes by an expression, which needs Milvus 3.0")
            default: try place.take(record, bytes)
            }
        }
        // Servers before 2.2 wrote numbers into field 9 and did not count them.
        let isOld = keys == nil && oldKeys.isEmpty == false
        let slice = isOld ? Self.ids(oldKeys)[...] : keys.map { message[$0] } ?? []
        let count = try KeyCount.count(0..<slice.count, slice.span)
        guard isOld || UInt64(count) == told else {
            throw WireFailure("it tells \(told) keys and has \(count)")
        }
        guard shard != nil || place.stamps.count == count else {
            throw WireFailure("it has \(count) keys and \(place.stamps.count) timestamps")
        }
        guard count > 0 else { return nil }
        let deleted = DeletedKeys(
            collection: try place.requireCollection(),
            partition: place.partition == -1 ? nil : PartitionID(rawValue: place.partition),
            shard: try place.requireShard(),
            count: count,
            keys: slice
        )
        return (deleted, place.stamps.timestamp)
    }

    /// A `milvus.proto.schema.IDs` around packed numbers.
    private static func ids(_ packed: [UInt8]) -> [UInt8] {
        var list: [UInt8] = []
        list.appendRecord(tag: 0x0a, packed)
        var message: [UInt8] = []
        message.appendRecord(tag: 0x0a, list)
        return message
    }
}

/// Where and when the rows of a message belong: the fields that Insert and Delete share.
private struct RowPlace {
    private let hasEnvelope: Bool
    private var shard: Int?
    private var collection: Int64 = 0
    private(set) var partition: Int64 = 0
    private(set) var stamps = RowStamps()

    init(shard: Int?) {
        hasEnvelope = shard != nil
        self.shard = shard
    }

    @inline(__always)
    mutating func take(_ record: WireRecord, _ bytes: borrowing Span<UInt8>) throws(WireFailure) {
        switch record.field {
        case 2 where hasEnvelope, 10 where hasEnvelope: break
        case 2: shard = try ShardName.shard(try record.body, bytes)
        case 7: collection = Int64(bitPattern: try record.number)
        case 8: partition = Int64(bitPattern: try record.number)
        case 10: try stamps.add(record, bytes)
        default: break
        }
    }

    @inline(__always)
    func requireCollection() throws(WireFailure) -> CollectionID {
        guard collection != 0 else { throw WireFailure("it names no collection") }
        return CollectionID(rawValue: collection)
    }

    @inline(__always)
    func requireShard() throws(WireFailure) -> Int {
        guard let shard else { throw WireFailure("it names no channel") }
        return shard
    }
}
