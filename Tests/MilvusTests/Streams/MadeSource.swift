import Capture
import FoundationEssentials
import MilvusAPI
import Operations
import SwiftProtobuf
import Synchronization

@testable import Milvus

/// A source of Milvus 2.6 made by hand: what it wrote to its log and its metadata, in the order in which it did.
struct MadeSource {
    enum Step {
        case message(LogMessage)
        case metadata(MetadataChange)
    }

    private(set) var steps: [Step] = []
    private var ends: [PhysicalChannel: Int64] = [:]
    private var revision: Int64 = 0

    /// A timestamp, so many milliseconds after a moment.
    static func time(_ milliseconds: Int64) -> HybridTimestamp {
        HybridTimestamp(unixMilliseconds: 1_700_000_000_000 + milliseconds)
    }

    // MARK: Log

    /// What stands beside a body.
    struct Headers {
        var version = "1"
        var vchannel: String?
        var transaction: (id: Int64, keepalive: Int64)?
        var broadcast: Int64?
        var header: [UInt8]?
        var lastConfirmed: Int64?
        var extra: [String: String] = [:]
    }

    /// Writes a message with an envelope.
    ///
    /// - Returns: Its offset.
    @discardableResult
    mutating func write(
        _ type: UInt64,
        at milliseconds: Int64,
        on channel: String,
        _ headers: Headers = Headers(),
        body: [UInt8] = []
    ) -> Int64 {
        let offset = ends[PhysicalChannel(channel)] ?? 0
        return write(
            body,
            on: channel,
            Self.envelope(type, at: Self.time(milliseconds), headers, offset: offset)
        )
    }

    /// Writes any message.
    @discardableResult
    mutating func write(
        _ body: [UInt8],
        on channel: String,
        _ headers: [LogMessage.Header] = []
    ) -> Int64 {
        let channel = PhysicalChannel(channel)
        let offset = ends[channel] ?? 0
        ends[channel] = offset + 1
        steps.append(
            .message(LogMessage(channel: channel, offset: offset, value: body, headers: headers))
        )
        return offset
    }

    static func envelope(
        _ type: UInt64,
        at timestamp: HybridTimestamp,
        _ headers: Headers,
        offset: Int64
    ) -> [LogMessage.Header] {
        var all: [String: String] = [
            "_v": headers.version, "_t": "\(type)",
            "_tt": String(timestamp.rawValue, radix: 36), "_wt": "1",
        ]
        if let confirmed = headers.lastConfirmed {
            all["_lc"] = String(confirmed, radix: 36)
        } else {
            all["_lcs"] = ""
        }
        all["_vc"] = headers.vchannel
        all["_h"] = headers.header.map { Data($0).base64EncodedString() }
        all["_bh"] = headers.broadcast.map { base64([(1, $0)]) }
        all["_tx"] = headers.transaction.map { base64([(1, $0.id), (2, $0.keepalive)]) }
        for (name, value) in headers.extra { all[name] = value }
        // The source writes them in any order.
        return all.sorted { $0.value > $1.value }.map {
            LogMessage.Header(name: $0.key, value: Array($0.value.utf8))
        }
    }

    /// A protobuf message of numbers.
    static func numbers(_ fields: [(UInt8, Int64)]) -> [UInt8] {
        var bytes: [UInt8] = []
        for (field, number) in fields where number != 0 {
            bytes.append(field << 3)
            bytes.appendVarint(UInt64(bitPattern: number))
        }
        return bytes
    }

    static func base64(_ fields: [(UInt8, Int64)]) -> String {
        Data(numbers(fields)).base64EncodedString()
    }

    static func insert(
        _ keys: [Int64],
        into collection: Int64 = 1,
        partition: Int64 = 10
    ) throws -> [UInt8] {
        var insert = Milvus_Proto_Msg_InsertRequest()
        insert.base.msgType = .insert
        insert.base.timestamp = 7
        insert.shardName = "stale_9v9"
        insert.collectionID = collection
        insert.partitionID = partition
        insert.timestamps = keys.indices.map { UInt64($0) + 3 }
        var column = Milvus_Proto_Schema_FieldData()
        column.fieldName = "id"
        column.fieldID = 100
        column.type = .int64
        column.scalars.longData.data = keys
        insert.fieldsData = [column]
        insert.numRows = UInt64(keys.count)
        insert.version = .columnBased
        return try insert.serializedBytes()
    }

    static func delete(
        _ keys: [Int64],
        from collection: Int64 = 1,
        partition: Int64 = -1
    ) throws -> [UInt8] {
        var delete = Milvus_Proto_Msg_DeleteRequest()
        delete.base.msgType = .delete
        delete.collectionID = collection
        delete.partitionID = partition
        delete.numRows = Int64(keys.count)
        delete.primaryKeys.intID.data = keys
        return try delete.serializedBytes()
    }

    // MARK: Metadata

    mutating func record(_ records: [(String, [UInt8]?)]) {
        revision += 1
        steps.append(
            .metadata(
                MetadataChange(
                    revision: MetadataRevision(rawValue: revision),
                    records: records.map {
                        MetadataRecord(key: "meta/\($0.0)", value: $0.1)
                    }
                )
            )
        )
    }

    /// Everything that a new collection writes: one field, one partition.
    mutating func define(
        _ id: Int64,
        at milliseconds: Int64,
        on channels: [String],
        state: Milvus_Proto_Etcd_CollectionState = .collectionCreated,
        starts: [String: Int64] = [:]
    ) throws {
        var info = Milvus_Proto_Etcd_CollectionInfo()
        info.id = id
        info.schema.name = "c\(id)"
        info.createTime = Self.time(milliseconds).rawValue
        info.physicalChannelNames = channels
        info.virtualChannelNames = channels.enumerated().map { "\($1)_\(id)v\($0)" }
        info.state = state
        info.startPositions = channels.map { channel in
            var position = Milvus_Proto_Common_KeyDataPair()
            position.key = channel
            position.data = Data(Self.offset(starts[channel] ?? 0))
            return position
        }
        var field = Milvus_Proto_Schema_FieldSchema()
        field.fieldID = 100
        field.name = "id"
        field.isPrimaryKey = true
        field.dataType = .int64
        var partition = Milvus_Proto_Etcd_PartitionInfo()
        partition.partitionID = id * 10
        partition.partitionName = "_default"
        partition.collectionID = id
        partition.partitionCreatedTimestamp = info.createTime
        record([
            ("root-coord/fields/\(id)/100", try field.serializedBytes()),
            ("root-coord/partitions/\(id)/\(id * 10)", try partition.serializedBytes()),
            ("root-coord/database/collection-info/1/\(id)", try info.serializedBytes()),
        ])
    }

    /// The record that a streaming node keeps of a channel.
    mutating func checkpoint(_ channel: String, through milliseconds: Int64) {
        record([
            (
                "streamingnode-meta/wal/\(channel)/consume-checkpoint",
                Self.numbers([(2, Int64(bitPattern: Self.time(milliseconds).rawValue))])
            )
        ])
    }

    static func offset(_ number: Int64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
    }
}

/// Plays a made source step by step, and dies where it is told to.
final class MadeLog: MessageLog, Sendable {
    struct Ended: Error {}
    struct Killed: Error {}

    private struct State {
        var next: [PhysicalChannel: Int64] = [:]
        var cursor: Int?
        var furthest: Int
    }

    let metadata = InMemoryMetadata()
    private let steps: [MadeSource.Step]
    private let killAt: Int?
    private let state: Mutex<State>

    /// - Parameters:
    ///   - source: What to play.
    ///   - furthest: How many steps happened before.
    ///   - killAfter: How many more happen before the reader dies; nil plays to the end.
    init(_ source: MadeSource, furthest: Int = 0, killAfter: Int? = nil) {
        steps = source.steps
        let first = steps.firstIndex { if case .message = $0 { true } else { false } } ?? 0
        let happened = max(furthest, first)
        killAt = killAfter.map { happened + $0 }
        state = Mutex(State(furthest: happened))
        for case .metadata(let change) in steps { metadata.write(change) }
        // What stands before the first message was there from the beginning.
        reveal(before: first)
    }

    /// How many steps happened, in this run and before.
    var furthest: Int { state.withLock { $0.furthest } }

    private func reveal(before place: Int) {
        for case .metadata(let change) in steps[..<place] {
            metadata.reveal(through: change.revision)
        }
    }

    func bounds(of channel: PhysicalChannel) -> OffsetBounds? {
        let happened = state.withLock { max($0.furthest, $0.cursor ?? 0) }
        var end: Int64?
        for case .message(let message) in steps[..<happened] where message.channel == channel {
            end = message.offset + 1
        }
        return OffsetBounds(first: 0, end: end ?? 0)
    }

    func follow(_ channel: PhysicalChannel, from offset: Int64) {
        state.withLock { state in
            state.next[channel] = offset
            guard let cursor = state.cursor, let place = place(of: channel, offset) else { return }
            state.cursor = min(cursor, place)
        }
    }

    func unfollow(_ channel: PhysicalChannel) { state.withLock { $0.next[channel] = nil } }

    func hold(_ channels: Set<PhysicalChannel>) {}

    func close() {}

    func next(wait: Duration) throws -> [LogMessage] {
        try state.withLock { state in
            let place =
                state.cursor
                ?? state.next.compactMap { self.place(of: $0.key, $0.value) }.min() ?? 0
            guard place < steps.count else { throw Ended() }
            if let killAt, place >= killAt { throw Killed() }
            state.cursor = place + 1
            state.furthest = max(state.furthest, place + 1)
            reveal(before: place + 1)
            guard case .message(let message) = steps[place],
                state.next[message.channel] == message.offset
            else { return [] }
            state.next[message.channel] = message.offset + 1
            return [message]
        }
    }

    private func place(of channel: PhysicalChannel, _ offset: Int64) -> Int? {
        steps.firstIndex { step in
            guard case .message(let message) = step else { return false }
            return message.channel == channel && message.offset >= offset
        }
    }
}
