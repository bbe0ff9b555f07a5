import Operations
import Testing

@testable import Journal

/// Calls that fail while the machine lives on.
struct FailureTests {
    private static let options = JournalOptions(
        segmentSizeMaxBytes: 4000,
        frameSizeTargetBytes: 1024,
        encoderCount: 1
    )

    /// The number of the next call that the storage counts.
    private func next(_ storage: FaultyStorage) -> Int { storage.calls.count + 1 }

    @Test func `a failed sync poisons the segment and the batch goes to a new one`() async throws {
        let storage = FaultyStorage()
        try await withJournal(storage) { writer, _ in
            try await writer.append(Samples.batch(1))
            // write, then sync
            storage.fail([next(storage) + 1: .inputOutput])
            try await writer.append(Samples.batch(2))
            try await writer.append(Samples.batch(3))
        }
        #expect(storage.segments.count == 2)
        let expected = Samples.entries(of: (1...3).map { Samples.batch($0) })
        #expect(try readAll(storage) == expected)
        let syncs = storage.calls.filter { $0.hasPrefix("fdatasync") && $0.contains("0001.flog") }
        // One when it was made, one a batch.
        #expect(syncs.count == 3, "the poisoned segment is never synced again")
        let crashed = storage.afterCrash(.nothing)
        #expect(try readAll(crashed) == expected)
        #expect(try verify(journalAt: journalPath, storage: crashed).isSound)
    }

    @Test func `a cursor passes from a segment that was given up to the next`() async throws {
        let storage = FaultyStorage()
        let writer = try openJournal(storage)
        try await writer.append(Samples.batch(1))
        let reader = try JournalReader.open(at: journalPath, storage: storage.observer)
        var cursor = try reader.cursor(after: .zero)
        #expect(try drain(&cursor).count == 1)
        storage.fail([next(storage) + 1: .inputOutput])
        for number in 2...4 {
            try await writer.append(Samples.batch(number))
            let pieces = try drain(&cursor)
            #expect(pieces.compactMap(\.commit?.batch) == [UInt64(number)])
        }
        await writer.close()
        #expect(cursor.sequence.rawValue == 8)
        #expect(try drain(&cursor).isEmpty)
    }

    @Test func `a failed write goes to a new segment`() async throws {
        let storage = FaultyStorage()
        try await withJournal(storage) { writer, _ in
            try await writer.append(Samples.batch(1))
            storage.fail([next(storage): .inputOutput])
            try await writer.append(Samples.batch(2))
        }
        #expect(storage.segments.count == 2)
        #expect(
            try readAll(storage.afterCrash(.nothing))
                == Samples.entries(of: [Samples.batch(1), Samples.batch(2)])
        )
    }

    @Test func `a writer stops when the new segment fails too, and the next one goes on`()
        async throws
    {
        for second in 1...8 {
            let storage = FaultyStorage()
            let writer = try openJournal(storage)
            try await writer.append(Samples.batch(1))
            let sync = next(storage) + 1
            storage.fail([sync: .inputOutput, sync + second: .inputOutput])
            let failed = await errorCode { try await writer.append(Samples.batch(2)) }
            let stopped = await errorCode { try await writer.append(Samples.batch(3)) }
            // The last fault hits HEAD: by then the batch is durable, and only the next one is refused.
            #expect(failed == (second == 8 ? nil : .io), "fault \(second)")
            #expect(stopped == .stopped, "fault \(second)")
            await writer.close()
            storage.fail([:])
            let after = storage.afterKill()
            let committed = failed == nil ? 2 : 1
            try await withJournal(after) { writer, _ in
                // A batch whose write failed may be whole; it was not acknowledged, but it may be there.
                #expect([committed, committed + 1].contains(Int(writer.head.batch)))
                for number in (Int(writer.head.batch) + 1)...4 {
                    try await writer.append(Samples.batch(number))
                }
            }
            let expected = Samples.entries(of: (1...4).map { Samples.batch($0) })
            #expect(try readAll(after) == expected)
            #expect(try readAll(after.afterCrash(.nothing)) == expected, "fault \(second)")
        }
    }

    /// The batch stands whole in a segment that failed: whoever were told that it was not taken would be wrong.
    @Test func `a segment that failed with no room for another one stops the writer`() async throws
    {
        let storage = FaultyStorage()
        let writer = try openJournal(storage)
        try await writer.append(Samples.batch(1))
        let sync = try #require(
            storage.calls.lastIndex { $0.hasPrefix("fdatasync") && $0.hasSuffix(".flog") }
        )
        try await writer.append(Samples.batch(2))
        let next = storage.calls.count + (storage.calls.count - sync) / 2
        // The next sync fails, and so does everything that makes another segment.
        var faults: [Int: FaultyStorage.Fault] = [:]
        for call in storage.calls.count + 1...next + 40 { faults[call] = .full }
        let calls = storage.calls.count
        faults[calls + 1] = nil
        faults[calls + 2] = .inputOutput
        storage.fail(faults)
        #expect(await errorCode { try await writer.append(Samples.batch(3)) } == .io)
        await writer.close()
        let left = storage.afterKill()
        let again = try openJournal(left)
        #expect(again.head.batch == 3)
        await again.close()
    }

    @Test func `a full disk is said so, loses nothing, and passes`() async throws {
        let storage = FaultyStorage()
        try await withJournal(storage, options: Self.options) { writer, _ in
            try await writer.append(Samples.batch(1))
            for extra in [0, 1, 100, 700, 1500, 3000] {
                let used = storage.files.values.reduce(0) { $0 + $1.count }
                storage.limit(capacityBytes: used + extra)
                let number = Int(writer.head.batch) + 1
                let large = Samples.batch(number, operations: 8, bytes: 1000)
                let head = writer.head
                #expect(await errorCode { try await writer.append(large) } == .full, "\(extra)")
                #expect(writer.head == head)
                #expect(try readAll(storage).last?.sequence == head.sequence)
                storage.limit(capacityBytes: .max)
                try await writer.append(Samples.batch(number))
            }
        }
        let expected = Samples.entries(of: (1...7).map { Samples.batch($0) })
        #expect(try readAll(storage) == expected)
        #expect(try readAll(storage.afterCrash(.nothing)) == expected)
        #expect(try verify(journalAt: journalPath, storage: storage).isSound)
    }

    @Test func `nothing is taken while less than the reserve is free`() async throws {
        let storage = FaultyStorage()
        try await withJournal(storage, options: Self.options) { writer, _ in
            try await writer.append(Samples.batch(1))
            let before = storage.files
            storage.say(freeBytes: Self.options.reserveBytes - 1)
            #expect(await errorCode { try await writer.append(Samples.batch(2)) } == .full)
            #expect(storage.files == before)
            storage.say(freeBytes: Self.options.reserveBytes)
            try await writer.append(Samples.batch(2))
        }
        let expected = Samples.entries(of: [Samples.batch(1), Samples.batch(2)])
        #expect(try readAll(storage) == expected)
    }

    @Test func `every call that fails leaves a journal that goes on`() async throws {
        let batches = Samples.workload(10)
        let whole = FaultyStorage()
        try await withJournal(whole, options: Self.options) { writer, _ in
            for batch in batches { try await writer.append(batch) }
        }
        print("faults: \(whole.calls.count) calls, each with EIO and with ENOSPC")
        for call in 1...whole.calls.count {
            for fault in [FaultyStorage.Fault.inputOutput, .full] {
                var storage = FaultyStorage()
                storage.fail([call: fault])
                var done = 0
                var openings = 0
                while done < batches.count {
                    openings += 1
                    #expect(openings < 4, "call \(call) \(fault)")
                    guard openings < 4 else { break }
                    do {
                        let writer = try openJournal(storage, options: Self.options)
                        #expect(Int(writer.head.batch) >= done, "call \(call) \(fault)")
                        for batch in batches.dropFirst(Int(writer.head.batch)) {
                            do {
                                try await writer.append(batch)
                            } catch let error as JournalError where error.code == .full {
                                try await writer.append(batch)
                            }
                            done = Int(writer.head.batch)
                        }
                        await writer.close()
                    } catch {
                        // What a person would do after an error that stops the writer: start it again.
                        storage = storage.afterKill()
                    }
                }
                let expected = Samples.entries(of: batches)
                #expect(try readAll(storage) == expected, "call \(call) \(fault)")
                #expect(
                    try readAll(storage.afterCrash(.nothing)) == expected,
                    "call \(call) \(fault)"
                )
            }
        }
    }

    @Test func `every read that fails is an error, not damage, and changes nothing`() async throws {
        let batches = Samples.workload(10)
        let storage = FaultyStorage()
        try await withJournal(storage, options: Self.options) { writer, _ in
            for batch in batches { try await writer.append(batch) }
        }
        let expected = Samples.entries(of: batches)
        let uses: [(name: String, run: () async throws -> Void)] = [
            ("open", { await (try openJournal(storage, options: Self.options)).close() }),
            (
                "read",
                {
                    let found = try readAll(storage)
                    #expect(found == expected)
                }
            ),
            (
                "seek",
                {
                    let reader = try JournalReader.open(at: journalPath, storage: storage)
                    let middle = SequenceNumber(rawValue: UInt64(expected.count / 2))
                    var cursor = try reader.cursor(after: middle)
                    let piece = try cursor.next()
                    #expect(piece?.entries.first?.sequence == middle.next)
                }
            ),
            (
                "plan",
                {
                    _ = try Retention(at: journalPath, storage: storage)
                        .plan(RetentionPolicy(sizeMaxBytes: 1), now: 0)
                }
            ),
        ]
        var failed = 0
        for use in uses {
            storage.failReads([])
            try await use.run()
            let count = storage.readCount
            for number in 1...count {
                storage.failReads([number])
                let code = await errorCode(use.run)
                // Nil where it was not needed: an index, or a second look.
                #expect(code == .io || code == nil, "\(use.name), read \(number): \(code as Any)")
                failed += code == nil ? 0 : 1
            }
            storage.failReads([])
            #expect(try readAll(storage) == expected, "\(use.name)")
            #expect(try verify(journalAt: journalPath, storage: storage).isSound)
        }
        #expect(failed > 10)
        print("reads that fail: \(failed)")
    }

    @Test func `batches behind one that failed fail with it`() async throws {
        let storage = FaultyStorage()
        try await withJournal(storage, options: Self.options) { writer, _ in
            try await writer.append(Samples.batch(1))
            storage.limit(capacityBytes: storage.files.values.reduce(0) { $0 + $1.count } + 100)
            var pending: [PendingAppend] = []
            for number in 2...6 {
                pending.append(
                    try await writer.submit(Samples.batch(number, operations: 2, bytes: 9000))
                )
            }
            for append in pending {
                #expect(await errorCode { _ = try await append.durable() } == .full)
            }
            storage.limit(capacityBytes: .max)
            #expect(try await writer.append(Samples.batch(2)).batch == 2)
        }
        #expect(
            try readAll(storage) == Samples.entries(of: [Samples.batch(1), Samples.batch(2)])
        )
    }
}
