import Crypto
import Journal
import Operations

/// Random numbers that come again with the same seed (SplitMix64).
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(_ seeds: UInt64...) {
        state = 0
        for seed in seeds { state = next() ^ seed }
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// What each batch holds: it follows from the seed, the cycle and the batch's number, so that two processes
/// make the same one.
struct Recipe {
    let seed: UInt64
    let cycle: UInt64

    /// What rows are cut from: a half that compresses, and a half that does not.
    private static let pool: [UInt8] = {
        var random = SeededRandom(1)
        let words = (0..<40_000).map { $0 % 2 == 0 ? UInt64($0 / 64) : 0x3f3f_3f3f }
        let noise = (0..<20_000).map { _ in random.next() }
        return (words + noise).withUnsafeBytes { Array($0) }
    }()

    /// How the writer of this cycle is set; small segments, so that new ones begin all the time.
    var options: JournalOptions {
        var random = SeededRandom(seed, cycle, 7)
        return JournalOptions(
            compressionLevel: [nil, 1, 3].randomElement(using: &random) ?? nil,
            segmentSizeMaxBytes: 1 << Int.random(in: 12...19, using: &random),
            frameSizeTargetBytes: 1 << Int.random(in: 10...17, using: &random),
            groupSizeMaxBytes: 1 << Int.random(in: 14...21, using: &random),
            queueSizeMaxBytes: 4 << 20,
            encoderCount: Int.random(in: 1...3, using: &random)
        )
    }

    func batch(_ number: UInt64) -> Batch {
        var random = SeededRandom(seed, cycle, number, 11)
        let (count, bytes) = Self.shape(&random)
        let start = Int64(number) * 10 + 1_700_000_000_000
        var operations: [StampedOperation] = []
        for index in 0..<count {
            let time = start - 9 + Int64(index * 9 / count)
            operations.append(
                StampedOperation(
                    timestamp: HybridTimestamp(unixMilliseconds: time),
                    operation: operation(number, index, bytes, &random)
                )
            )
        }
        let position = SourcePosition(
            resolved: HybridTimestamp(unixMilliseconds: start),
            metadata: MetadataRevision(rawValue: Int64(cycle)),
            offsets: [PhysicalChannel("crash-dml_0"): Int64(number)]
        )
        return Batch(operations: operations, position: position)
    }

    /// How many operations of how many bytes: mostly little, sometimes nothing, now and then much.
    private static func shape(_ random: inout SeededRandom) -> (count: Int, bytes: Int) {
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<15: (0, 0)
        case 15..<70: (Int.random(in: 1...3, using: &random), 300)
        case 70..<95: (Int.random(in: 5...40, using: &random), 1500)
        default: (Int.random(in: 1...6, using: &random), 120_000)
        }
    }

    private func operation(
        _ number: UInt64,
        _ index: Int,
        _ bytes: Int,
        _ random: inout SeededRandom
    ) -> Operation {
        let collection = CollectionID(rawValue: Int64.random(in: 1...3, using: &random))
        let size = Int.random(in: 0...bytes, using: &random)
        let start = Int.random(in: 0..<(Self.pool.count - size), using: &random)
        let piece = Self.pool[start..<(start + size)]
        switch Int.random(in: 0..<10, using: &random) {
        case 0:
            return .createDatabase(
                DatabaseDefinition(
                    id: DatabaseID(rawValue: Int64.random(in: 2...20, using: &random)),
                    name: "database-\(cycle)-\(number)-\(index)"
                )
            )
        case 1, 2:
            return .delete(
                DeletedKeys(
                    collection: collection,
                    partition: nil,
                    shard: index % 2,
                    count: Int(number % 1000),
                    keys: piece
                )
            )
        default:
            let rows = Rows(
                collection: collection,
                partition: PartitionID(rawValue: Int64(cycle)),
                shard: index % 2,
                count: Int(number % 1_000_000),
                columns: vectors(piece)[...]
            )
            return index % 2 == 0 ? .insert(rows) : .upsert(rows)
        }
    }

    /// A column of float vectors as Milvus writes it.
    private func vectors(_ numbers: ArraySlice<UInt8>) -> [UInt8] {
        func record(_ tag: UInt8, _ content: some Collection<UInt8>) -> [UInt8] {
            var bytes = [tag]
            var rest = content.count
            while rest >= 0x80 {
                bytes.append(UInt8(rest & 0x7f) | 0x80)
                rest >>= 7
            }
            bytes.append(UInt8(rest))
            bytes.append(contentsOf: content)
            return bytes
        }
        return record(0x6a, [0x08, 101] + record(0x22, record(0x12, record(0x0a, numbers))))
    }
}

/// What a batch holds, in short.
struct BatchContent {
    private var hash = SHA256()

    mutating func add(_ timestamp: HybridTimestamp, _ operation: Operation) throws {
        var bytes = ByteWriter()
        bytes.write(UInt32(operation.kind.rawValue))
        bytes.write(timestamp.rawValue)
        try operation.encode(into: &bytes)
        hash.update(data: bytes.bytes)
    }

    /// The digest of the entries and the position that was committed with them.
    mutating func finish(_ position: SourcePosition?) -> String {
        var bytes = ByteWriter()
        position?.encode(into: &bytes)
        hash.update(data: bytes.bytes)
        return hash.finalize().map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}

extension Batch {
    /// The digest that a journal with this batch gives it.
    func digest() throws -> String {
        var content = BatchContent()
        for stamped in operations { try content.add(stamped.timestamp, stamped.operation) }
        return content.finish(position)
    }
}
