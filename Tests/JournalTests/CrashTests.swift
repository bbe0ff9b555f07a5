import Operations
import Testing

@testable import Journal

/// The machine dies at every call that changes the disk, and what was not synced is lost, kept, or lost in part.
struct CrashTests {
    private static let options = JournalOptions(
        segmentSizeMaxBytes: 2500,
        frameSizeTargetBytes: 1024,
        encoderCount: 1
    )
    private static let batches = Samples.workload(10)

    /// Appends one batch after another until the storage fails; returns the last head that was acknowledged,
    /// and what a reader in another process saw at that moment, while the writer was alive.
    private static func run(
        _ batches: [Batch],
        on storage: FaultyStorage
    ) async -> (acknowledged: JournalHead, seen: JournalHead?) {
        var acknowledged = JournalHead.empty
        var writer: JournalWriter?
        do {
            let opened = try openJournal(storage, options: options)
            writer = opened
            acknowledged = opened.head
            for batch in batches.dropFirst(Int(opened.head.batch)) {
                acknowledged = try await opened.append(batch)
            }
        } catch {
            // The storage has crashed.
        }
        let seen = try? JournalReader.open(at: journalPath, storage: storage.observer).head()
        if !storage.isCrashed { await writer?.close() }
        return (acknowledged, seen)
    }

    /// Opens what a crash left, holds it against what was acknowledged and seen, and finishes the work.
    private static func check(
        _ storage: FaultyStorage,
        acknowledged: JournalHead,
        seen: JournalHead?,
        _ note: String
    ) async throws {
        let writer = try openJournal(storage, options: options)
        let head = writer.head
        #expect(head.batch >= acknowledged.batch, "an acknowledged batch is gone: \(note)")
        #expect(head.batch <= acknowledged.batch + 1, "a batch nobody wrote: \(note)")
        if let seen { #expect(head.batch >= seen.batch, "a reader saw what is gone: \(note)") }
        let expected = Samples.entries(of: batches.prefix(Int(head.batch)))
        #expect(try readAll(storage) == expected, "\(note)")
        #expect(writer.definitions() == definitions(of: expected), "\(note)")
        for batch in batches.dropFirst(Int(head.batch)) { try await writer.append(batch) }
        await writer.close()
        #expect(try readAll(storage) == Samples.entries(of: batches), "\(note)")
        let report = try verify(journalAt: journalPath, storage: storage)
        #expect(report.isSound, "\(note): \(report.damages)")
    }

    @Test func `nothing acknowledged is lost and nothing comes twice, wherever the machine dies`()
        async throws
    {
        let whole = FaultyStorage()
        _ = await Self.run(Self.batches, on: whole)
        let calls = whole.calls
        #expect(whole.segments.count > 2)
        var checked = 0
        defer { print("crashes: \(calls.count) calls, \(checked) states of the disk") }
        for call in 1...calls.count {
            let storage = FaultyStorage()
            storage.fail([call: .crash])
            let (acknowledged, seen) = await Self.run(Self.batches, on: storage)
            #expect(storage.isCrashed)
            let seeds = (0..<2).map { FaultyStorage.Survival.some(seed: UInt64(call * 10 + $0)) }
            for survival in [.nothing, .everything] + seeds {
                try await Self.check(
                    storage.afterCrash(survival),
                    acknowledged: acknowledged,
                    seen: seen,
                    "crash at call \(call) (\(calls[call - 1])), \(survival)"
                )
                checked += 1
            }
            try await Self.check(
                storage.afterKill(),
                acknowledged: acknowledged,
                seen: seen,
                "killed at call \(call) (\(calls[call - 1]))"
            )
            checked += 2
            // The writer is gone, the machine lives on, a reader looks, and then the machine dies.
            let killed = FaultyStorage()
            killed.fail([call: .crash])
            _ = await Self.run(Self.batches, on: killed)
            let after = killed.afterKill()
            let late = try? JournalReader.open(at: journalPath, storage: after.observer).head()
            let found = try openJournal(after.afterCrash(.nothing), options: Self.options)
            #expect(found.head.batch >= late?.batch ?? 0, "a reader saw what is gone, call \(call)")
            await found.close()
        }
    }

    @Test func `a crash during recovery changes nothing`() async throws {
        let storage = FaultyStorage()
        let (acknowledged, _) = await Self.run(Array(Self.batches.prefix(6)), on: storage)
        // A torn tail: half of a further batch.
        let path = try #require(storage.segments.last)
        let torn = try #require(storage[path]) + Array(repeating: 7, count: 333)
        var files = storage.files
        files[path] = torn
        files["/journal/main/00000000000000000099-0000000099.flog.tmp"] = [1, 2, 3]
        let directories: Set = ["/journal", journalPath]
        let probe = FaultyStorage.holding(files, directories: directories)
        _ = await Self.run(Array(Self.batches.prefix(6)), on: probe)
        print(
            "crashes during recovery: \(probe.calls.count) calls, \(probe.calls.count * 3) states"
        )
        for call in 1...probe.calls.count {
            let storage = FaultyStorage.holding(files, directories: directories)
            storage.fail([call: .crash])
            _ = await Self.run(Array(Self.batches.prefix(6)), on: storage)
            for survival in [
                FaultyStorage.Survival.nothing, .everything, .some(seed: UInt64(call)),
            ] {
                let next = storage.afterCrash(survival)
                try await Self.check(
                    next,
                    acknowledged: acknowledged,
                    seen: nil,
                    "recovery, call \(call) \(survival)"
                )
                let kept = next.files.filter { $0.key.contains("/quarantine/") }
                #expect(kept.values.contains(Array(repeating: 7, count: 333)))
                #expect(!next.files.keys.contains { $0.hasSuffix(".tmp") })
            }
        }
    }

    @Test func `a machine that dies again and again ends with every batch once`() async throws {
        let seed = SeededRandom.runSeed
        var random = SeededRandom(seed: seed)
        for round in 0..<20 {
            var storage = FaultyStorage()
            var acknowledged = JournalHead.empty
            var boots = 0
            while acknowledged.batch < UInt64(Self.batches.count) {
                let fault: FaultyStorage.Fault = boots < 25 ? .crash : .full
                storage.fail(boots < 40 ? [Int.random(in: 1...40, using: &random): fault] : [:])
                acknowledged = await Self.run(Self.batches, on: storage).acknowledged
                boots += 1
                storage = storage.afterCrash(.some(seed: random.next()))
            }
            #expect(
                try readAll(storage) == Samples.entries(of: Self.batches),
                "FLIGHTLOG_SEED=\(seed), round \(round)"
            )
        }
    }
}
