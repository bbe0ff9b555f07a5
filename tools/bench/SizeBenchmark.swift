import Crypto
import FoundationEssentials
import Glibc
import Journal
import Operations

/// How small rows become, and what encoding costs.
struct SizeBenchmark {
    let rounds: Int
    let byteCount: Int

    func run() async throws {
        let floats = Goal.least(1.08, 1.10)
        try embeddings(.vectors, "float32 embeddings", floats)
        try embeddings(.halves, "embeddings that were half precision", .least(1.3, 1.35))
        for (shape, name) in [
            (PreparedLog.Shape.scalars, "scalars"), (.vectors, "embeddings"),
        ] {
            try await overhead(shape, name)
        }
    }

    private func embeddings(_ shape: PreparedLog.Shape, _ name: String, _ goal: Goal) throws {
        let rows = try PreparedBatches(shape, byteCount: byteCount)
        let operations = rows.batches.flatMap(\.operations)
        var size = Ratio("size of \(name)", "zstd -3 of the same rows", unit: "MB", goal: goal)
        var speed = Ratio(
            "encoding of \(name) with the digests of the chain",
            "zstd -1 of the same rows",
            unit: "MB/s",
            goal: .least(1, 1)
        )
        var bare = Ratio(
            "the same without the digests",
            "zstd -1 of the same rows",
            unit: "MB/s",
            goal: .least(1, 1)
        )
        let megabytes = Double(rows.byteCount) / 1e6
        for _ in 0..<rounds {
            let small = Zstd.compress(rows.columns, level: 3).frames
            let fast = Zstd.compress(rows.columns, level: 1).cost
            let digesting = processorSeconds {
                for columns in rows.columns {
                    precondition(SHA256.hash(data: columns).first { _ in true } != nil)
                }
            }
            var trial = EncodingTrial(level: 1)
            var stored = 0
            let encoding = try processorSeconds {
                for operation in operations { stored += try trial.storedBytes(of: [operation]) }
            }
            let zstd = small.reduce(0) { $0 + $1.bytes.count }
            // Turned round, so that more is better.
            size.add(Double(zstd) / 1e6, Double(stored) / 1e6)
            speed.add(megabytes / encoding, megabytes / fast.processor)
            bare.add(megabytes / (encoding - digesting), megabytes / fast.processor)
        }
        for ratio in [size, speed, bare] { say(ratio.text) }
    }

    /// What a journal has beside the stored bytes of its entries.
    private func overhead(_ shape: PreparedLog.Shape, _ name: String) async throws {
        let rows = try PreparedBatches(shape, byteCount: byteCount)
        let folder = JournalFolder("overhead")
        defer { folder.remove() }
        _ = try await folder.append(
            rows.batches,
            JournalOptions(segmentSizeMaxBytes: max(16 << 20, byteCount / 16))
        )
        let report = try verify(journalAt: folder.path)
        var ratio = Ratio(
            "framing and index of a journal of \(name), with \(report.segments) segments",
            "the stored bytes of its entries, in percent",
            unit: "kB",
            goal: .most(1, 0.3)
        )
        ratio.add(
            Double(folder.byteCount - report.entryBytes) / 1e3,
            Double(report.entryBytes) / 1e5
        )
        say(ratio.text)
    }
}
