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

    /// Processor seconds and wall seconds.
    private struct Cost {
        var processor: Double
        var wall: Double
    }

    func run() async throws {
        for shape in PreparedLog.Shape.allCases {
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
                  compression off           \(spread(stored)) MB
                  zstd level 1              \(spread(compressed)) MB
                  reference: zstd -1 alone  \(spread(reference)) MB
                  ratio to the reference    \(spread(ratios, digits: 2))
                  the same, wall time       \(spread(walls, digits: 2))
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
        let before = now()
        do { try await reader.run() } catch is PreparedLog.Ended {}
        let after = now()
        let lost = reader.status.discarded
        precondition(
            lost.ofDroppedCollections + lost.ofDroppedPartitions + lost.inGaps == 0,
            "the benchmark lost rows: \(lost)"
        )
        await journal.close()
        return Cost(processor: after.processor - before.processor, wall: after.wall - before.wall)
    }

    /// Compresses the messages one by one into frames, as `zstd -1` would, keeping nothing.
    private func compress(_ log: PreparedLog) -> Cost {
        let context = ZSTD_createCCtx()
        ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, 1)
        // As the command does.
        ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)
        defer { ZSTD_freeCCtx(context) }
        var output = [UInt8](repeating: 0, count: 8 << 20)
        let before = now()
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
        let after = now()
        return Cost(processor: after.processor - before.processor, wall: after.wall - before.wall)
    }

    private func now() -> Cost {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        func seconds(_ time: timeval) -> Double {
            Double(time.tv_sec) + Double(time.tv_usec) / 1e6
        }
        var clock = timespec()
        clock_gettime(CLOCK_MONOTONIC, &clock)
        return Cost(
            processor: seconds(usage.ru_utime) + seconds(usage.ru_stime),
            wall: Double(clock.tv_sec) + Double(clock.tv_nsec) / 1e9
        )
    }

    /// Median, lowest and highest.
    private func spread(_ values: [Double], digits: Int = 0) -> String {
        let sorted = values.sorted()
        func text(_ value: Double) -> String {
            let scale = digits == 0 ? 1.0 : 100.0
            let rounded = (value * scale).rounded() / scale
            return digits == 0 ? "\(Int(rounded))" : "\(rounded)"
        }
        guard let low = sorted.first, let high = sorted.last else { return "-" }
        return "\(text(sorted[sorted.count / 2])) (\(text(low)) to \(text(high)))"
    }
}
