import CZstd
import Capture
import FoundationEssentials
import Glibc
import Journal
import Operations

/// The journal alone, each figure against a physical reference of the same sizes in the same round.
struct JournalBenchmark {
    let rounds: Int
    let byteCount: Int

    private let directory = "/tmp/flightlog-bench-\(getpid())"

    func run() async throws {
        let scalars = try batches(of: .scalars)
        let noise = Self.noise(byteCount)
        var append = Ratio(
            "durable append of scalars, one encoder",
            "zstd -1, one core",
            unit: "MB/s"
        )
        var stored = Ratio(
            "durable append of incompressible rows",
            "16 writes of 64 KiB and one fdatasync",
            unit: "MB/s"
        )
        var acks = Ratio(
            "64 producers of 1 KB, acknowledged",
            "4 KiB append and fdatasync, one after another",
            unit: "/s"
        )
        var read = Ratio("sequential reading of scalars", "zstd decoding, one core", unit: "MB/s")
        var seek = Ratio("warm seeks to an entry", "64 KiB pread", unit: "/s")
        for _ in 0..<rounds {
            let megabytes = Double(scalars.byteCount) / 1e6
            let frames = compress(scalars.batches)
            let written = try await appendAll(scalars.batches, encoders: 1)
            append.add(megabytes / written.wall, megabytes / frames.cost.wall)
            let opened = try JournalReader.open(at: directory)
            let reading = try seconds { try Self.readAll(opened) }
            read.add(megabytes / reading, megabytes / decompress(frames.frames))
            let count = 300
            let seeking = try seconds { try Self.seek(opened, count) }
            seek.add(Double(count) / seeking, 2000 / (try preads(2000)))
            let plain = try await appendAll(noise, encoders: 2)
            let noiseMegabytes = Double(byteCount) / 1e6
            stored.add(noiseMegabytes / plain.wall, noiseMegabytes / (try rawWrites(byteCount)))
            acks.add(try await producers(), 400 / (try smallSyncs(400)))
        }
        try? FileManager.default.removeItem(atPath: directory)
        for ratio in [append, stored, acks, read, seek] { print(ratio.text) }
    }

    // MARK: The journal

    private func batches(of shape: PreparedLog.Shape) throws -> (batches: [Batch], byteCount: Int) {
        let log = try PreparedLog(shape: shape, byteCount: byteCount)
        var batches: [Batch] = []
        for (number, messages) in log.batches.enumerated() {
            let timestamp = HybridTimestamp(unixMilliseconds: PreparedLog.firstTime + Int64(number))
            let operations = messages.filter { $0.value.count > 1000 }.map { message in
                StampedOperation(
                    timestamp: timestamp,
                    operation: .insert(Self.rows(message.value[...]))
                )
            }
            batches.append(Batch(operations: operations, position: Self.position(timestamp)))
        }
        return (batches, log.byteCount)
    }

    private static func rows(_ columns: ArraySlice<UInt8>) -> Rows {
        Rows(
            collection: PreparedLog.collection,
            partition: PreparedLog.partition,
            shard: 0,
            count: 1000,
            columns: columns
        )
    }

    private static func position(_ timestamp: HybridTimestamp) -> SourcePosition {
        SourcePosition(resolved: timestamp, metadata: .zero, offsets: [:])
    }

    /// Batches of one MiB that nothing compresses.
    private static func noise(_ byteCount: Int) -> [Batch] {
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

    /// Appends with many batches on their way; ends when all are durable.
    private func appendAll(_ batches: [Batch], encoders: Int) async throws -> Cost {
        try? FileManager.default.removeItem(atPath: directory)
        let options = JournalOptions(encoderCount: encoders)
        let writer = try JournalWriter.open(at: directory, source: "bench", options: options)
        let before = Cost.now()
        var last: PendingAppend?
        for batch in batches { last = try await writer.submit(batch) }
        _ = try await last?.durable()
        let cost = Cost.since(before)
        await writer.close()
        return cost
    }

    /// Acknowledgements a second of 64 producers that each wait for theirs.
    private func producers() async throws -> Double {
        try? FileManager.default.removeItem(atPath: directory)
        let writer = try JournalWriter.open(at: directory, source: "bench")
        let columns = [UInt8](repeating: 7, count: 1000)
        let queue = ProducerQueue(writer)
        let (count, each) = (64, 100)
        let before = Cost.now()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<count {
                group.addTask {
                    for _ in 0..<each {
                        try await queue.append(Self.rows(columns[...])).durable().use()
                    }
                }
            }
            try await group.waitForAll()
        }
        let rate = Double(count * each) / Cost.since(before).wall
        await writer.close()
        return rate
    }

    private static func readAll(_ reader: JournalReader) throws {
        var cursor = try reader.cursor(after: .zero)
        while try cursor.next() != nil {}
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

    // MARK: The references

    private func compress(_ batches: [Batch]) -> (frames: [(bytes: [UInt8], raw: Int)], cost: Cost)
    {
        let context = ZSTD_createCCtx()
        defer { ZSTD_freeCCtx(context) }
        ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, 1)
        ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)
        var frames: [(bytes: [UInt8], raw: Int)] = []
        let before = Cost.now()
        for case .insert(let rows) in batches.flatMap(\.operations).map(\.operation) {
            let columns = rows.columns
            var output = [UInt8](repeating: 0, count: ZSTD_compressBound(columns.count))
            let written = columns.withUnsafeBytes { source in
                ZSTD_compress2(context, &output, output.count, source.baseAddress, source.count)
            }
            precondition(ZSTD_isError(written) == 0)
            output.removeLast(output.count - written)
            frames.append((output, columns.count))
        }
        return (frames, Cost.since(before))
    }

    private func decompress(_ frames: [(bytes: [UInt8], raw: Int)]) -> Double {
        let context = ZSTD_createDCtx()
        defer { ZSTD_freeDCtx(context) }
        var output = [UInt8](repeating: 0, count: frames.map(\.raw).max() ?? 0)
        return seconds {
            for frame in frames {
                let size = ZSTD_decompressDCtx(
                    context,
                    &output,
                    output.count,
                    frame.bytes,
                    frame.bytes.count
                )
                precondition(size == frame.raw)
            }
        }
    }

    private func rawWrites(_ byteCount: Int) throws -> Double {
        let piece = [UInt8](repeating: 3, count: 64 << 10)
        return try withFile { file in
            seconds {
                var offset = 0
                while offset < byteCount {
                    for _ in 0..<16 {
                        precondition(pwrite(file, piece, piece.count, offset) == piece.count)
                        offset += piece.count
                    }
                    precondition(fdatasync(file) == 0)
                }
            }
        }
    }

    private func smallSyncs(_ count: Int) throws -> Double {
        let piece = [UInt8](repeating: 3, count: 4096)
        return try withFile { file in
            seconds {
                for index in 0..<count {
                    precondition(pwrite(file, piece, piece.count, index * 4096) == piece.count)
                    precondition(fdatasync(file) == 0)
                }
            }
        }
    }

    private func preads(_ count: Int) throws -> Double {
        var piece = [UInt8](repeating: 0, count: 64 << 10)
        return try withFile { file in
            for index in 0..<256 {
                precondition(pwrite(file, piece, piece.count, index << 16) == piece.count)
            }
            var random = SplitMix(state: 9)
            return seconds {
                for _ in 0..<count {
                    let offset = Int(random.next() % 256) << 16
                    precondition(pread(file, &piece, piece.count, offset) == piece.count)
                }
            }
        }
    }

    private func withFile<Value>(_ body: (Int32) throws -> Value) throws -> Value {
        let path = directory + ".reference"
        let file = open(path, O_RDWR | O_CREAT | O_TRUNC, 0o600)
        precondition(file >= 0)
        defer {
            close(file)
            unlink(path)
        }
        return try body(file)
    }

    private func seconds(_ body: () throws -> Void) rethrows -> Double {
        let before = Cost.now()
        try body()
        return Cost.since(before).wall
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
                position: SourcePosition(resolved: timestamp, metadata: .zero, offsets: [:])
            )
        )
    }
}

extension JournalHead {
    fileprivate func use() {}
}
