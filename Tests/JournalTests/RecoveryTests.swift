import Operations
import Testing

@testable import Journal

struct RecoveryTests {
    private let directories: Set = ["/journal", journalPath]
    private let head = journalPath + "/HEAD"

    /// A closed journal of a few small batches in one segment: its files, and where each commit ends.
    private func small() async throws -> (files: [String: [UInt8]], ends: [Int]) {
        let storage = FaultyStorage()
        var ends: [Int] = []
        try await withJournal(storage) { writer, _ in
            for batch in Samples.workload(4) {
                try await writer.append(batch)
                ends.append(try storage.size())
            }
        }
        return (storage.files, ends)
    }

    @Test func `a torn tail is cut at the last commit, wherever it tears`() async throws {
        var (files, ends) = try await small()
        let batches = Samples.workload(4)
        let prefixes = (0...4).map { Samples.entries(of: batches.prefix($0)) }
        let path = try #require(files.keys.first { $0.hasSuffix(".flog") })
        let whole = try #require(files[path])
        // HEAD as an older state of the disk: nobody has promised the tail.
        files[head] = nil
        let first = try #require(ends.first)
        for size in first..<whole.count {
            files[path] = Array(whole[..<size])
            let storage = FaultyStorage.holding(files, directories: directories)
            let end = try #require(ends.last { $0 <= size })
            let count = ends.count { $0 <= size }
            #expect(try readAll(storage) == prefixes[count], "read \(size) bytes")
            let writer = try openJournal(storage)
            #expect(Int(writer.head.batch) == count, "\(size) bytes")
            #expect(writer.recovery.tornTail?.count ?? 0 == size - end)
            if let torn = writer.recovery.tornTail {
                #expect(storage["\(journalPath)/\(torn.quarantined)"] == Array(whole[end..<size]))
            }
            try await writer.append(batches[count])
            await writer.close()
            #expect(try readAll(storage) == prefixes[count + 1])
        }
    }

    @Test func `a tail that HEAD vouches for is not cut but reported as lost`() async throws {
        var (files, ends) = try await small()
        let path = try #require(files.keys.first { $0.hasSuffix(".flog") })
        let whole = try #require(files[path])
        for size in SegmentHeader.size..<whole.count where size % 7 == 0 || ends.contains(size) {
            files[path] = Array(whole.prefix(size))
            let storage = FaultyStorage.holding(files, directories: directories)
            #expect(await errorCode { _ = try openJournal(storage) } == .corrupt, "\(size) bytes")
            #expect(storage[path] == files[path], "nothing was touched")
        }
    }

    @Test func `a bad frame that a later one vouches for is corruption, not a torn tail`()
        async throws
    {
        var (files, ends) = try await small()
        let path = try #require(files.keys.first { $0.hasSuffix(".flog") })
        files[head] = nil
        files[path]?[ends[0] + 100] ^= 1
        let storage = FaultyStorage.holding(files, directories: directories)
        #expect(await errorCode { _ = try openJournal(storage) } == .corrupt)
        let error = #expect(throws: JournalError.self) { try readAll(storage) }
        #expect(error?.code == .corrupt)
        #expect(error?.message.contains("\(ends[0])") == true)
    }

    @Test func `a witness that has seen more than there is keeps the journal closed`() async throws
    {
        var (files, ends) = try await small()
        let path = try #require(files.keys.first { $0.hasSuffix(".flog") })
        files[head] = nil
        files[path] = Array(try #require(files[path]).prefix(ends[2]))
        let last = UInt64(Samples.entries(of: Samples.workload(3)).count)
        let storage = FaultyStorage.holding(files, directories: directories)
        for (witness, expected) in [(last + 1, JournalError.Code.corrupt), (last, nil)] {
            let code = await errorCode {
                _ = try openJournal(storage, witness: SequenceNumber(rawValue: witness))
            }
            #expect(code == expected)
        }
        let empty = FaultyStorage()
        let code = await errorCode {
            _ = try openJournal(empty, witness: SequenceNumber(rawValue: 1))
        }
        #expect(code == .corrupt)
    }

    @Test func `a journal whose segments are gone is not begun again`() async throws {
        let storage = FaultyStorage()
        try await withJournal(storage) { writer, _ in _ = try await writer.append(Samples.batch(1))
        }
        let path = try #require(storage.segments.first)
        storage[path] = nil
        #expect(await errorCode { _ = try openJournal(storage) } == .corrupt)
    }

    @Test func `HEAD of another journal is refused`() async throws {
        var (files, _) = try await small()
        let other = FaultyStorage()
        let writer = try JournalWriter.open(at: journalPath, source: "main", storage: other)
        await writer.close()
        files[head] = other[head]
        let storage = FaultyStorage.holding(files, directories: directories)
        #expect(await errorCode { _ = try openJournal(storage) } == .refused)
    }

    @Test
    func `commits that were written but not vouched for are made durable before they are shown`()
        async throws
    {
        let storage = FaultyStorage()
        let writer = try openJournal(storage)
        try await writer.append(Samples.batch(1))
        // The sync fails, so the page cache has the batch and the disk does not; then the process ends.
        let sync = storage.calls.count + 2
        storage.fail([sync: .inputOutput, sync + 1: .inputOutput])
        #expect(await errorCode { try await writer.append(Samples.batch(2)) } == .io)
        await writer.close()
        storage.fail([:])
        let next = storage.afterKill()
        let second = try openJournal(next)
        let head = second.head
        await second.close()
        #expect(head.batch == 2)
        let booted = next.afterCrash(.nothing)
        try await withJournal(booted) { writer, _ in #expect(writer.head == head) }
    }
}
