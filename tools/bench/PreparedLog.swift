import Capture
import FoundationEssentials
import Glibc
import MilvusAPI
import Operations
import SwiftProtobuf

/// A log in memory: insert messages of one collection over several channels, a time tick after each few.
final class PreparedLog: MessageLog, @unchecked Sendable {
    // Sendable because one reader uses one log from one task.

    /// What the rows hold.
    enum Shape: String, CaseIterable {
        /// An int64 key and 128 floats, normally distributed as those of a unit vector are.
        case vectors
        /// The same rounded to half precision, as many models give them, and stored as floats.
        case halves
        /// An int64 key, a sentence, a number and a JSON object.
        case scalars
    }

    struct Ended: Error {}

    static let channelCount = 8
    static let collection = CollectionID(rawValue: 470_642_122_190_117_245)
    static let partition = PartitionID(rawValue: 470_642_122_190_117_246)
    static let firstTime: Int64 = 1_795_359_780_000

    let batches: [[LogMessage]]
    let byteCount: Int
    private var place = 0

    init(shape: Shape, byteCount: Int) throws {
        var batches: [[LogMessage]] = []
        var random = SplitMix(state: 7)
        var total = 0
        var offsets = [Int64](repeating: 1, count: Self.channelCount)
        var time = Self.firstTime
        var key: Int64 = 0
        while total < byteCount {
            var batch: [LogMessage] = []
            time += 200
            for index in 0..<Self.channelCount {
                let value = try Self.message(
                    shape,
                    index,
                    rows: 1000,
                    firstKey: key,
                    time: time,
                    &random
                )
                key += 1000
                total += value.count
                batch.append(
                    LogMessage(channel: Self.channel(index), offset: offsets[index], value: value)
                )
                let tick = try Self.tick(time: time)
                batch.append(
                    LogMessage(
                        channel: Self.channel(index),
                        offset: offsets[index] + 1,
                        value: tick
                    )
                )
                offsets[index] += 2
            }
            batches.append(batch)
        }
        self.batches = batches
        self.byteCount = total
    }

    /// Begins again.
    func rewind() { place = 0 }

    static func channel(_ index: Int) -> PhysicalChannel { PhysicalChannel("bench-dml_\(index)") }

    static func virtualChannel(_ index: Int) -> VirtualChannel {
        VirtualChannel(
            name: "bench-dml_\(index)_\(collection)v\(index)",
            physical: channel(index)
        )
    }

    func bounds(of channel: PhysicalChannel) -> OffsetBounds? {
        OffsetBounds(first: 1, end: 1 << 40)
    }
    func follow(_ channel: PhysicalChannel, from offset: Int64) {}
    func unfollow(_ channel: PhysicalChannel) {}
    func hold(_ channels: Set<PhysicalChannel>) {}
    func close() {}

    func next(wait: Duration) throws -> [LogMessage] {
        guard place < batches.count else { throw Ended() }
        defer { place += 1 }
        return batches[place]
    }

    private static func tick(time: Int64) throws -> [UInt8] {
        var tick = Milvus_Proto_Msg_TimeTickMsg()
        tick.base.msgType = .timeTick
        tick.base.timestamp = HybridTimestamp(endOfUnixMilliseconds: time).rawValue
        return try tick.serializedBytes()
    }

    private static func message(
        _ shape: Shape,
        _ index: Int,
        rows: Int,
        firstKey: Int64,
        time: Int64,
        _ random: inout SplitMix
    ) throws -> [UInt8] {
        let stamp = HybridTimestamp(unixMilliseconds: time, logical: UInt64(index + 1)).rawValue
        var insert = Milvus_Proto_Msg_InsertRequest()
        insert.base.msgType = .insert
        insert.base.msgID = firstKey + 1
        insert.base.timestamp = stamp
        insert.shardName = virtualChannel(index).name
        insert.collectionID = collection.rawValue
        insert.partitionID = partition.rawValue
        insert.timestamps = Array(repeating: stamp, count: rows)
        insert.rowIds = (0..<rows).map { firstKey + Int64($0) }
        insert.numRows = UInt64(rows)
        insert.version = .columnBased
        insert.fieldsData = [keys(rows, firstKey)]
        switch shape {
        case .vectors: insert.fieldsData.append(vectors(rows, &random) { $0 })
        case .halves: insert.fieldsData.append(vectors(rows, &random) { Float(Float16($0)) })
        case .scalars: insert.fieldsData += scalars(rows, firstKey, &random)
        }
        return try insert.serializedBytes()
    }

    private static func keys(_ rows: Int, _ first: Int64) -> Milvus_Proto_Schema_FieldData {
        var field = Milvus_Proto_Schema_FieldData()
        field.type = .int64
        field.fieldName = "id"
        field.fieldID = 100
        field.scalars.longData.data = (0..<rows).map { first + Int64($0) }
        return field
    }

    private static func vectors(
        _ rows: Int,
        _ random: inout SplitMix,
        _ round: (Float) -> Float
    ) -> Milvus_Proto_Schema_FieldData {
        var field = Milvus_Proto_Schema_FieldData()
        field.type = .floatVector
        field.fieldName = "v"
        field.fieldID = 101
        field.vectors.dim = 128
        field.vectors.floatVector.data = (0..<rows * 128).map { _ in
            round(random.normal() / 11.3)
        }
        return field
    }

    private static func scalars(
        _ rows: Int,
        _ first: Int64,
        _ random: inout SplitMix
    ) -> [Milvus_Proto_Schema_FieldData] {
        let words = ["alpha", "river", "window", "seven", "of", "the", "market", "quiet", "north"]
        var text = Milvus_Proto_Schema_FieldData()
        text.type = .varChar
        text.fieldName = "text"
        text.fieldID = 101
        var json = Milvus_Proto_Schema_FieldData()
        json.type = .json
        json.fieldName = "doc"
        json.fieldID = 102
        for row in 0..<rows {
            let sentence = (0..<24).map { _ in words[Int(random.next() % UInt64(words.count))] }
            text.scalars.stringData.data.append(sentence.joined(separator: " "))
            let price = random.next() % 100_000
            json.scalars.jsonData.data.append(
                Data(
                    #"{"sku":"\#(first + Int64(row))","price":\#(price),"tags":["\#(sentence[0])"]}"#
                        .utf8
                )
            )
        }
        return [text, json]
    }
}

/// A small random generator, the same on every machine.
struct SplitMix {
    var state: UInt64

    /// A normally distributed number (Box and Muller).
    mutating func normal() -> Float {
        let (first, second) = (Double(next() >> 11) + 1, Double(next() >> 11))
        return Float(sqrt(-2 * log(first / 0x1p53)) * cos(2 * Double.pi * second / 0x1p53))
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
