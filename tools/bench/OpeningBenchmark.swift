import FoundationEssentials
import Glibc
import Journal
import Operations

/// What opening a journal takes, as it is found after a kill.
struct OpeningBenchmark {
    let rounds: Int
    let byteCount: Int

    private let folder = JournalFolder("open")
    private let copied = JournalFolder("open-killed")
    private let disk = Disk()

    func run() async throws {
        defer {
            folder.remove()
            copied.remove()
        }
        try await afterKill()
        try await manySegments()
    }

    /// One open segment of the usual size, in a journal whose writer never closed it.
    private func afterKill() async throws {
        let rows = try PreparedBatches(.vectors, byteCount: min(byteCount, 240 << 20))
        folder.remove()
        let writer = try JournalWriter.open(at: folder.path, source: "bench")
        var last: PendingAppend?
        for batch in rows.batches { last = try await writer.submit(batch) }
        let head = try await last?.durable()
        var ratio = Ratio(
            "opening after a kill",
            "reading the open segment with a checksum",
            unit: "ms",
            goal: .most(2, 1.2)
        )
        for _ in 0..<rounds {
            try folder.copy(to: copied)
            let segment = try openSegment(copied)
            _ = disk.readAndCheck(segment)
            let reference = disk.readAndCheck(segment)
            let before = Cost.now()
            let opened = try JournalWriter.open(at: copied.path, source: "bench")
            let time = Cost.since(before).wall
            precondition(opened.head.sequence == head?.sequence)
            await opened.close()
            ratio.add(time * 1e3, reference * 1e3)
        }
        await writer.close()
        say(ratio.text)
    }

    private func openSegment(_ folder: JournalFolder) throws -> String {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        guard let last = names.filter({ $0.hasSuffix(".flog") }).max() else {
            fatalError("a journal without segments")
        }
        return folder.path + "/" + last
    }

    /// What ten thousand sealed segments add.
    private func manySegments() async throws {
        let options = JournalOptions(segmentSizeMaxBytes: 1)
        let batches = PreparedBatches.records(10_001, perBatch: 1)
        var added = Ratio(
            "what 10,000 sealed segments add to opening",
            "50 milliseconds",
            unit: "ms",
            goal: .most(1, 1)
        )
        _ = try await folder.append(Array(batches.prefix(1)), options)
        var few: [Double] = []
        for _ in 0..<rounds { few.append(try await opening(folder)) }
        // One after another: what waits together would share a segment.
        folder.remove()
        let writer = try JournalWriter.open(at: folder.path, source: "bench", options: options)
        for batch in batches { try await writer.append(batch) }
        await writer.close()
        let segments = try JournalReader.open(at: folder.path).segments().count
        precondition(segments > 10_000, "\(segments) segments")
        for round in 0..<rounds {
            added.add((try await opening(folder) - few[round]) * 1e3, 50)
        }
        say(added.text)
    }

    private func opening(_ folder: JournalFolder) async throws -> Double {
        let before = Cost.now()
        let writer = try JournalWriter.open(at: folder.path, source: "bench")
        let time = Cost.since(before).wall
        await writer.close()
        return time
    }
}
