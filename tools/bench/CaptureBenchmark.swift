import CZstd
import Capture
import FoundationEssentials
import Glibc
import Journal
import Logging
import Milvus
import Operations

/// Capture from messages in memory to a durable journal, against `zstd -1` on the same bytes.
struct CaptureBenchmark {
    let rounds: Int
    let byteCount: Int

    func run() async throws {
        for shape in [PreparedLog.Shape.vectors, .scalars] {
            let log = try PreparedLog(shape: shape, byteCount: byteCount)
            let megabytes = Double(log.byteCount) / 1e6
            var stored: [Double] = []
            var compressed: [Double] = []
            var reference: [Double] = []
            var ratios: [Double] = []
            var walls: [Double] = []
            for _ in 0..<rounds {
                let plain = try await capture(log, level: nil)
                let zstd = compress(log)
                let packed = try await capture(log, level: 1)
                walls.append(zstd.wall / packed.wall)
                stored.append(megabytes / plain.processor)
                compressed.append(megabytes / packed.processor)
                reference.append(megabytes / zstd.processor)
                ratios.append(zstd.processor / packed.processor)
            }
            print(
                """
                capture, \(shape.rawValue), \(Int(megabytes)) MB, \(rounds) rounds, per processor second:
                  compression off           \(Spread(stored).text()) MB
                  zstd level 1              \(Spread(compressed).text()) MB
                  reference: zstd -1 alone  \(Spread(reference).text()) MB
                  ratio to the reference    \(Spread(ratios).text())
                  the same, wall time       \(Spread(walls).text())
                """
            )
        }
    }

    private func capture(_ log: PreparedLog, level: Int32?) async throws -> Cost {
        let directory = "/tmp/flightlog-bench-\(getpid())"
        defer { try? FileManager.default.removeItem(atPath: directory) }
        var options = JournalOptions()
        options.compressionLevel = level
        log.rewind()
        let journal = try JournalWriter.open(at: directory, source: "bench", options: options)
        let reader = Reader(
            log: log,
            metadata: PreparedMetadata.source(),
            messageDecoder: MilvusMessageDecoder(),
            metadataDecoder: PreparedMetadata(),
            journal: journal,
            options: ReaderOptions(),
            logger: Logger(label: "bench")
        )
        let before = Cost.now()
        do { try await reader.run() } catch is PreparedLog.Ended {}
        let cost = Cost.since(before)
        let lost = reader.status.discarded
        precondition(
            lost.ofDroppedCollections + lost.ofDroppedPartitions + lost.inGaps == 0,
            "the benchmark lost rows: \(lost)"
        )
        await journal.close()
        return cost
    }

    /// Compresses the messages one by one into frames, as `zstd -1` would, keeping nothing.
    private func compress(_ log: PreparedLog) -> Cost {
        let context = ZSTD_createCCtx()
        ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, 1)
        // As the command does.
        ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)
        defer { ZSTD_freeCCtx(context) }
        var output = [UInt8](repeating: 0, count: 8 << 20)
        let before = Cost.now()
        for batch in log.batches {
            for message in batch {
                let written = ZSTD_compress2(
                    context,
                    &output,
                    output.count,
                    message.value,
                    message.value.count
                )
                precondition(ZSTD_isError(written) == 0)
            }
        }
        let cost = Cost.since(before)
        return cost
    }
}
