import Foundation
import Journal
import Operations

/// What a journal must hold after several writers were killed.
struct JournalHistory {
    let directory: String
    private(set) var segments = 0
    /// The digests of all batches so far, and the last sequence number of each.
    private var known: [(sequence: UInt64, digest: String)] = []

    init(directory: String) { self.directory = directory }

    /// Holds a journal against what its last writer said, opens it for writing in between, and takes over what
    /// is there.
    ///
    /// - Returns: Whether a torn tail was cut off.
    mutating func check(_ told: Told, _ recipe: Recipe) async throws -> Bool {
        let acknowledged = told.durable.keys.max() ?? UInt64(known.count)
        guard hasSegments || acknowledged > 0 else { return false }
        var seen: UInt64 = 0
        if hasSegments {
            // A reader that comes before the next writer sees everything already.
            seen = try JournalReader.open(at: directory).head().batch
            try expect(seen >= acknowledged, "a reader sees \(seen) of \(acknowledged) batches")
        }
        let witness = told.durable[acknowledged]?.sequence ?? known.last?.sequence ?? 0
        let writer = try JournalWriter.open(
            at: directory,
            source: "crash",
            options: recipe.options,
            witness: SequenceNumber(rawValue: witness)
        )
        let head = writer.head
        let isTorn = writer.recovery.tornTail != nil
        await writer.close()
        try expect(head.batch >= acknowledged, "batch \(acknowledged) is lost")
        try expect(head.batch >= seen, "a reader saw \(seen) batches, now there are \(head.batch)")
        let submitted = max(told.submitted, UInt64(known.count))
        try expect(head.batch <= submitted, "batch \(head.batch) was never submitted")
        try read(told, recipe, through: head)
        let report = try verify(journalAt: directory)
        try expect(report.isSound, "verification: \(report.damages)")
        try expect(
            report.batches == head.batch && report.entries == head.sequence.rawValue,
            "verification counts \(report.batches) batches, \(report.entries) entries"
        )
        segments = report.segments
        return isTorn
    }

    /// Whether the last writer came so far as to make a journal.
    private var hasSegments: Bool {
        let names = try? FileManager.default.contentsOfDirectory(atPath: directory)
        return names?.contains { $0.hasSuffix(".flog") } ?? false
    }

    private mutating func read(
        _ told: Told,
        _ recipe: Recipe,
        through head: JournalHead
    ) throws {
        var cursor = try JournalReader.open(at: directory).cursor(after: .zero)
        // A cursor begins behind the batches without entries that a journal begins with.
        var batch = Int(cursor.passed.batch)
        for number in known.count..<max(batch, known.count) {
            let skipped = recipe.batch(UInt64(number + 1))
            try expect(skipped.operations.isEmpty, "batch \(number + 1) is not there")
            known.append((0, try skipped.digest()))
        }
        var last = (sequence: SequenceNumber.zero, timestamp: HybridTimestamp.zero)
        var content = BatchContent()
        while let piece = try cursor.next() {
            for entry in piece.entries {
                try expect(
                    entry.sequence == last.sequence.next,
                    "entry \(entry.sequence) behind entry \(last.sequence)"
                )
                try expect(
                    entry.timestamp >= last.timestamp,
                    "entry \(entry.sequence) goes back in time"
                )
                try content.add(entry.timestamp, entry.operation)
                last = (entry.sequence, entry.timestamp)
            }
            guard let commit = piece.commit else { continue }
            batch += 1
            try expect(commit.batch == UInt64(batch), "batch \(commit.batch) as batch \(batch)")
            try expect(
                commit.sequence == last.sequence && commit.resolved >= last.timestamp,
                "batch \(batch) ends elsewhere"
            )
            try take(batch, commit, content.finish(commit.position), told, recipe)
            content = BatchContent()
        }
        try expect(
            UInt64(batch) == head.batch && last.sequence == head.sequence,
            "a reader ends with batch \(batch), entry \(last.sequence); the writer had \(head.batch), "
                + "\(head.sequence)"
        )
    }

    /// Holds one batch against what was written.
    private mutating func take(
        _ batch: Int,
        _ commit: JournalHead,
        _ digest: String,
        _ told: Told,
        _ recipe: Recipe
    ) throws {
        let sequence = commit.sequence.rawValue
        if batch <= known.count {
            let before = known[batch - 1]
            try expect(
                before.digest == digest && before.sequence == sequence,
                "batch \(batch) has changed"
            )
            return
        }
        if let acknowledged = told.durable[commit.batch] {
            try expect(
                acknowledged.digest == digest && acknowledged.sequence == sequence,
                "batch \(batch) is not what was acknowledged"
            )
        }
        let submitted = try recipe.batch(commit.batch).digest()
        try expect(submitted == digest, "batch \(batch) is not what was submitted")
        known.append((sequence, digest))
    }

    private func expect(_ isSo: Bool, _ otherwise: @autoclosure () -> String) throws {
        if !isSo { throw CrashFailure(otherwise()) }
    }
}
