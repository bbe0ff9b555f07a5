import Capture
import FoundationEssentials
import Glibc
import Journal
import Operations

/// A folder that one measurement writes a journal to.
struct JournalFolder {
    let path: String

    init(_ name: String) { path = "/tmp/flightlog-bench-\(getpid())-\(name)" }

    /// Bytes of all files in it.
    var byteCount: Int {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return names.reduce(0) { $0 + Self.size(path + "/" + $1) }
    }

    func remove() { try? FileManager.default.removeItem(atPath: path) }

    /// What a process that was killed now would leave, in another folder.
    func copy(to other: JournalFolder) throws {
        other.remove()
        try FileManager.default.copyItem(atPath: path, toPath: other.path)
    }

    /// Appends with many batches on their way; ends when all are durable.
    func append(_ batches: [Batch], _ options: JournalOptions) async throws -> Cost {
        remove()
        let writer = try JournalWriter.open(at: path, source: "bench", options: options)
        let before = Cost.now()
        var last: PendingAppend?
        for batch in batches { last = try await writer.submit(batch) }
        _ = try await last?.durable()
        let cost = Cost.since(before)
        await writer.close()
        return cost
    }

    static func size(_ path: String) -> Int {
        let file = open(path, O_RDONLY)
        guard file >= 0 else { return 0 }
        defer { close(file) }
        return max(0, lseek(file, 0, SEEK_END))
    }
}

/// Batches of row operations made from a prepared log.
struct PreparedBatches {
    let batches: [Batch]
    let byteCount: Int

    init(_ shape: PreparedLog.Shape, byteCount: Int) throws {
        let log = try PreparedLog(shape: shape, byteCount: byteCount)
        var total = 0
        batches = log.batches.enumerated().map { number, messages in
            let timestamp = HybridTimestamp(unixMilliseconds: PreparedLog.firstTime + Int64(number))
            let operations = messages.filter { $0.value.count > 1000 }.map { message in
                total += message.value.count
                return StampedOperation(
                    timestamp: timestamp,
                    operation: .insert(Self.rows(message.value[...]))
                )
            }
            return Batch(operations: operations, position: Self.position(timestamp))
        }
        self.byteCount = total
    }

    /// The columns of every operation.
    var columns: [ArraySlice<UInt8>] {
        batches.flatMap(\.operations).compactMap { stamped in
            if case .insert(let rows) = stamped.operation { rows.columns } else { nil }
        }
    }

    static func rows(_ columns: ArraySlice<UInt8>) -> Rows {
        Rows(
            collection: PreparedLog.collection,
            partition: PreparedLog.partition,
            shard: 0,
            count: 1000,
            columns: columns
        )
    }

    static func position(_ timestamp: HybridTimestamp) -> SourcePosition {
        SourcePosition(resolved: timestamp, metadata: .zero, offsets: [:])
    }

    /// Batches of one MiB that nothing compresses.
    static func noise(_ byteCount: Int) -> [Batch] {
        var random = SplitMix(state: 11)
        return (0..<byteCount >> 20).map { number in
            var bytes: [UInt8] = []
            bytes.reserveCapacity(1 << 20)
            while bytes.count < 1 << 20 {
                withUnsafeBytes(of: random.next()) { bytes.append(contentsOf: $0) }
            }
            let timestamp = HybridTimestamp(unixMilliseconds: PreparedLog.firstTime + Int64(number))
            let operations = (0..<4).map { part in
                StampedOperation(
                    timestamp: timestamp,
                    operation: .insert(rows(bytes[part << 18..<(part + 1) << 18]))
                )
            }
            return Batch(operations: operations, position: position(timestamp))
        }
    }

    /// Batches of one row of 1,000 bytes, as records of a key-value store would be: half of each is random.
    static func records(_ count: Int, perBatch: Int) -> [Batch] {
        var random = SplitMix(state: 13)
        return (0..<count / perBatch).map { number in
            let timestamp = HybridTimestamp(unixMilliseconds: PreparedLog.firstTime + Int64(number))
            let operations = (0..<perBatch).map { _ in
                var bytes = [UInt8](repeating: 0x61, count: 1000)
                for place in 0..<500 { bytes[place] = UInt8(truncatingIfNeeded: random.next()) }
                return StampedOperation(timestamp: timestamp, operation: .insert(rows(bytes[...])))
            }
            return Batch(operations: operations, position: position(timestamp))
        }
    }
}

/// Wall seconds of a piece of work.
func seconds(_ body: () throws -> Void) rethrows -> Double {
    let before = Cost.now()
    try body()
    return Cost.since(before).wall
}

/// How many processor seconds something takes that uses one thread.
func processorSeconds(_ body: () throws -> Void) rethrows -> Double {
    let before = Cost.now()
    try body()
    return Cost.since(before).processor
}
