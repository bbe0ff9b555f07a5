import FoundationEssentials
import Glibc
import Journal
import Operations

/// What it costs to follow a journal while it is written.
struct FollowerBenchmark {
    let rounds: Int
    let byteCount: Int

    private let folder = JournalFolder("follow")

    func run() async throws {
        defer { folder.remove() }
        let rows = try PreparedBatches(.scalars, byteCount: byteCount)
        var ratio = Ratio(
            "a journal with four followers, processor time",
            "the same with one",
            unit: "ms",
            goal: .most(1.6, 1.15)
        )
        for _ in 0..<rounds {
            let one = try await follow(rows.batches, 1)
            let four = try await follow(rows.batches, 4)
            ratio.add(four.processor * 1e3, one.processor * 1e3)
        }
        say(ratio.text)
    }

    /// Appends everything while so many cursors of one reader read along.
    private func follow(_ batches: [Batch], _ count: Int) async throws -> Cost {
        folder.remove()
        let writer = try JournalWriter.open(at: folder.path, source: "bench")
        let reader = try JournalReader.open(at: folder.path)
        let before = Cost.now()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<count {
                let heads = writer.heads()
                group.addTask {
                    var cursor = try reader.cursor(after: .zero)
                    for await head in heads {
                        while try cursor.next() != nil {}
                        if head.batch == UInt64(batches.count) { return }
                    }
                }
            }
            var last: PendingAppend?
            for batch in batches { last = try await writer.submit(batch) }
            _ = try await last?.durable()
            try await group.waitForAll()
        }
        let cost = Cost.since(before)
        await writer.close()
        return cost
    }
}
