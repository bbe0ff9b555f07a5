import Glibc
import Journal
import Operations

/// Rates that other stores are held against: records of 1,000 bytes, everything on the disk when it is acknowledged.
///
/// Prints `records_per_second batch=256 N` and so on, for `tools/peers`.
struct RateBenchmark {
    let byteCount: Int

    private let folder = JournalFolder("rate")

    func run() async throws {
        defer { folder.remove() }
        let count = byteCount / 1000
        for perBatch in [256, 1000] {
            let batches = PreparedBatches.records(count, perBatch: perBatch)
            let cost = try await folder.append(batches, JournalOptions())
            let records = batches.count * perBatch
            print("records_per_second batch=\(perBatch) \(Int(Double(records) / cost.wall))")
        }
    }
}
