import FoundationEssentials
import Glibc
import Journal
import Operations

/// The journal alone, each figure against a reference of the same sizes in the same round.
struct JournalBenchmark {
    let rounds: Int
    let byteCount: Int

    private let folder = JournalFolder("append")
    private let disk = Disk()

    func run() async throws {
        defer { folder.remove() }
        try await appending()
        try await stored()
        try await reading()
    }

    /// Scalars, compressed.
    private func appending() async throws {
        let scalars = try PreparedBatches(.scalars, byteCount: byteCount)
        let megabytes = Double(scalars.byteCount) / 1e6
        var one = Ratio(
            "durable append of scalars, one encoder",
            "zstd -1, one core",
            unit: "MB/s",
            goal: .least(0.75, 0.92)
        )
        var unsynced = Ratio(
            "the same, per processor second",
            "zstd -1 per processor second",
            unit: "MB/s"
        )
        var acks = Ratio(
            "64 producers of 1 KB, acknowledged",
            "4 KiB append and fdatasync, one after another",
            unit: "/s",
            goal: .least(8, 12)
        )
        for _ in 0..<rounds {
            let zstd = Zstd.compress(scalars.columns, level: 1).cost
            let cost = try await folder.append(scalars.batches, JournalOptions(encoderCount: 1))
            one.add(megabytes / cost.wall, megabytes / zstd.wall)
            unsynced.add(megabytes / cost.processor, megabytes / zstd.processor)
            let before = disk.smallSyncs(400)
            let rate = try await producers()
            let after = disk.smallSyncs(400)
            acks.add(rate, 800 / (before + after))
        }
        for ratio in [one, unsynced, acks] { say(ratio.text) }
    }

    /// Bytes that nothing compresses.
    private func stored() async throws {
        let noise = PreparedBatches.noise(byteCount)
        let megabytes = Double(byteCount) / 1e6
        var ratio = Ratio(
            "durable append of incompressible rows",
            "16 writes of 64 KiB and one fdatasync",
            unit: "MB/s",
            goal: .least(0.60, 0.85)
        )
        for _ in 0..<rounds {
            let before = disk.groups(byteCount)
            let cost = try await folder.append(noise, JournalOptions(encoderCount: 2))
            let after = disk.groups(byteCount)
            ratio.add(megabytes / cost.wall, 2 * megabytes / (before + after))
        }
        say(ratio.text)
    }

    private func reading() async throws {
        let scalars = try PreparedBatches(.scalars, byteCount: byteCount)
        let megabytes = Double(scalars.byteCount) / 1e6
        _ = try await folder.append(scalars.batches, JournalOptions())
        let frames = Zstd.compress(scalars.columns, level: 1).frames
        let reader = try JournalReader.open(at: folder.path)
        var read = Ratio(
            "sequential reading of scalars",
            "zstd decoding, one core",
            unit: "MB/s",
            goal: .least(0.6, 0.85)
        )
        var seek = Ratio(
            "warm seek to an entry and its frame",
            "a millisecond",
            unit: "us",
            goal: .most(1, 0.3)
        )
        for _ in 0..<rounds {
            let decoding = Zstd.decompress(frames)
            let own = try seconds {
                var cursor = try reader.cursor(after: .zero)
                while try cursor.next() != nil {}
            }
            read.add(megabytes / own, megabytes / decoding)
            let count = 300
            let seeking = try seconds { try Self.seek(reader, count) }
            seek.add(seeking / Double(count) * 1e6, 1000)
        }
        for ratio in [read, seek] { say(ratio.text) }
    }

    /// Acknowledgements a second of 64 producers that each wait for theirs.
    private func producers() async throws -> Double {
        folder.remove()
        let writer = try JournalWriter.open(at: folder.path, source: "bench")
        let columns = [UInt8](repeating: 7, count: 1000)
        let queue = ProducerQueue(writer)
        let (count, each) = (64, 200)
        let before = Cost.now()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<count {
                group.addTask {
                    for _ in 0..<each {
                        _ = try await queue.append(PreparedBatches.rows(columns[...])).durable()
                    }
                }
            }
            try await group.waitForAll()
        }
        let rate = Double(count * each) / Cost.since(before).wall
        await writer.close()
        return rate
    }

    private static func seek(_ reader: JournalReader, _ count: Int) throws {
        let last = try reader.head().sequence.rawValue
        var random = SplitMix(state: 5)
        for _ in 0..<count {
            let sequence = SequenceNumber(rawValue: random.next() % last)
            var cursor = try reader.cursor(after: sequence)
            _ = try cursor.next()
        }
    }
}

/// Gives producers that run side by side timestamps in the order in which they append.
private actor ProducerQueue {
    private let writer: JournalWriter
    private var count: Int64 = 0

    init(_ writer: JournalWriter) { self.writer = writer }

    func append(_ rows: Rows) async throws -> PendingAppend {
        count += 1
        let timestamp = HybridTimestamp(unixMilliseconds: PreparedLog.firstTime + count)
        return try await writer.submit(
            Batch(
                operations: [StampedOperation(timestamp: timestamp, operation: .insert(rows))],
                position: PreparedBatches.position(timestamp)
            )
        )
    }
}
