import Operations
import Testing

@testable import Journal

/// Old segments go by plan, and nothing that somebody needs goes with them.
struct RetentionTests {
    private static let options = JournalOptions(
        segmentSizeMaxBytes: 2500,
        frameSizeTargetBytes: 1024,
        encoderCount: 1
    )
    private static let batches = Samples.workload(20)
    private static let now = Samples.timestamp(0).unixMilliseconds + 1_000_000
    private static let entries = Samples.entries(of: batches[...])
    private static let everything = RetentionPolicy(ageMaxMilliseconds: 0)

    /// A journal of several segments, and no writer.
    private static func journal(_ pins: [JournalPin] = []) async throws -> FaultyStorage {
        let storage = FaultyStorage()
        let writer = try openJournal(storage, options: options)
        for batch in batches { try await writer.append(batch) }
        await writer.close()
        for pin in pins { try JournalPins(at: journalPath, storage: storage).put(pin) }
        return storage
    }

    private static func pin(_ kind: JournalPin.Kind, _ name: String, _ first: UInt64) -> JournalPin
    {
        JournalPin(
            kind,
            name,
            first: SequenceNumber(rawValue: first),
            createdUnixMilliseconds: now
        )
    }

    private static func segments(_ storage: FaultyStorage) throws -> [SegmentSummary] {
        try JournalReader.open(at: journalPath, storage: storage).segments()
    }

    /// Holds what is left against what was written.
    private static func check(
        _ storage: FaultyStorage,
        keeps first: SequenceNumber = SequenceNumber(rawValue: .max),
        _ note: String = ""
    ) throws {
        let left = try segments(storage)
        let start = try #require(left.first).firstSequence
        #expect(start <= first, "what was needed is gone: \(note)")
        let before = SequenceNumber(rawValue: start.rawValue - 1)
        var cursor = try JournalReader.open(at: journalPath, storage: storage)
            .cursor(after: before)
        let older = entries.filter { $0.sequence <= before }
        #expect(cursor.definitions == definitions(of: older), "\(note)")
        let read = try drain(&cursor).flatMap(\.entries)
        #expect(read == entries.filter { $0.sequence > before }, "\(note)")
        #expect(try verify(journalAt: journalPath, storage: storage).isSound, "\(note)")
    }

    private static func trim(
        _ storage: FaultyStorage,
        _ policy: RetentionPolicy
    ) throws
        -> RetentionPlan
    {
        let retention = Retention(at: journalPath, storage: storage)
        let plan = try retention.plan(policy, now: now)
        try retention.execute(plan, now: now)
        return plan
    }

    @Test func `everything old goes but the segment that is written`() async throws {
        let storage = try await Self.journal()
        let before = try Self.segments(storage)
        let plan = try Self.trim(storage, Self.everything)
        #expect(plan.removals.map(\.segment) == before.dropLast().map(\.name))
        #expect(try Self.segments(storage) == before.suffix(1))
        try Self.check(storage)
        let writer = try openJournal(storage, options: Self.options)
        #expect(writer.head.batch == UInt64(Self.batches.count))
        await writer.close()
    }

    @Test func `age and size each say what goes`() async throws {
        let whole = try Self.segments(await Self.journal())
        #expect(whole.count > 4)
        let third = whole[2]
        let age = Self.now - third.resolved.unixMilliseconds
        let byAge = RetentionPolicy(ageMaxMilliseconds: age)
        let storage = try await Self.journal()
        #expect(try Self.trim(storage, byAge).removals.map(\.segment) == whole[..<2].map(\.name))
        try Self.check(storage)

        let other = try await Self.journal()
        let kept = whole.dropFirst(3).reduce(0) { $0 + $1.fileBytes }
        let plan = try Self.trim(other, RetentionPolicy(sizeMaxBytes: kept))
        #expect(plan.removals.map(\.segment) == whole[..<3].map(\.name))
        #expect(plan.firstKept == whole[3].firstSequence)
        #expect(plan.bytes == whole[..<3].reduce(0) { $0 + $1.fileBytes })
        try Self.check(other)
        #expect(try Self.trim(other, RetentionPolicy(sizeMaxBytes: kept)).removals.isEmpty)
    }

    @Test func `an empty policy keeps everything`() async throws {
        let storage = try await Self.journal()
        #expect(try Self.trim(storage, RetentionPolicy()).removals.isEmpty)
    }

    /// The pin's first entry is tried at both sides of every segment's edge.
    @Test func `nothing goes that a pin needs, and nothing stays for less`() async throws {
        let whole = try Self.segments(await Self.journal())
        for (index, segment) in whole.enumerated().dropLast()
        where segment.lastSequence >= segment.firstSequence {
            for (first, gone) in [
                (segment.firstSequence.rawValue, index),
                (segment.lastSequence.rawValue, index),
                (segment.lastSequence.rawValue + 1, index + 1),
            ] {
                let pin = Self.pin(.task, "t", first)
                let storage = try await Self.journal([pin])
                let plan = try Self.trim(storage, Self.everything)
                #expect(plan.removals.map(\.segment) == whole[..<gone].map(\.name))
                #expect(plan.holder == (gone < whole.count - 1 ? pin : nil))
                try Self.check(storage, keeps: SequenceNumber(rawValue: first))
            }
        }
    }

    @Test func `a pin gives way only if it is named, or has expired`() async throws {
        let point = Self.pin(.point, "before", 1)
        var lease = Self.pin(.lease, "restore-7", 1)
        lease.expiresUnixMilliseconds = Self.now
        let storage = try await Self.journal([point, lease])
        #expect(try Self.trim(storage, Self.everything).holder == point)
        var policy = Self.everything
        policy.overridden = ["point.after"]
        await #expect(errorCode { _ = try Self.trim(storage, policy) } == .notFound)
        policy.overridden = ["point.before"]
        #expect(try Self.trim(storage, policy).removals.count > 2)
        #expect(try JournalPins(at: journalPath, storage: storage).all() == [lease])
        try Self.check(storage)
    }

    @Test func `a pin that cannot be read keeps everything`() async throws {
        let storage = try await Self.journal([Self.pin(.point, "before", 1)])
        var files = storage.files
        let path = try #require(files.keys.first { $0.hasSuffix("/pins/point.before") })
        files[path]?[20] ^= 1
        let damaged = FaultyStorage.holding(files, directories: Self.directories)
        await #expect(errorCode { _ = try Self.trim(damaged, Self.everything) } == .corrupt)
        try Self.check(damaged, keeps: SequenceNumber(rawValue: 1))
    }

    @Test func `a writer trims its own journal, and nobody else does meanwhile`() async throws {
        let storage = FaultyStorage()
        try await withJournal(storage, options: Self.options) { writer, _ in
            for batch in Self.batches { try await writer.append(batch) }
            await #expect(
                errorCode { _ = try Self.trim(storage, Self.everything) }
                    == .busy(pid: processNumber())
            )
            var reader = try JournalReader.open(at: journalPath, storage: storage)
                .cursor(after: .zero)
            _ = try reader.next()
            let plan = try writer.trim(Self.everything, now: Self.now)
            #expect(plan.removals.count > 2)
            await #expect(errorCode { _ = try drain(&reader) } == .notFound)
            try Self.check(storage)
        }
        try Self.check(storage)
    }

    @Test func `wherever the machine dies, what is needed stays and the next run finishes`()
        async throws
    {
        let whole = try Self.segments(await Self.journal())
        let pin = Self.pin(.task, "t", whole[whole.count - 2].firstSequence.rawValue)
        let probe = try await Self.journal([pin])
        let before = probe.calls.count
        _ = try Self.trim(probe, Self.everything)
        var points = 0
        for call in before + 1...probe.calls.count {
            for fault in [FaultyStorage.Fault.crash, .inputOutput, .full] {
                let storage = try await Self.journal([pin])
                storage.fail([call: fault])
                _ = try? Self.trim(storage, Self.everything)
                let survivals: [FaultyStorage.Survival] =
                    fault == .crash
                    ? [.nothing, .everything, .some(seed: UInt64(call))] : [.everything]
                for survival in survivals {
                    let left = storage.afterCrash(survival)
                    let note = "call \(call), \(fault), \(survival)"
                    try Self.check(left, keeps: pin.first, note)
                    _ = try Self.trim(left, Self.everything)
                    try Self.check(left, keeps: pin.first, note)
                    #expect(try Self.segments(left).first?.firstSequence == pin.first, "\(note)")
                    let writer = try openJournal(left, options: Self.options)
                    await writer.close()
                    #expect(left[journalPath + "/RETENTION"] == nil, "\(note)")
                    points += 1
                }
                await Task.yield()
            }
        }
        print("retention: \(points) crashes and faults")
        #expect(points > 50)
    }

    @Test func `opening finishes a removal, unless somebody needs the rest by now`() async throws {
        let whole = try Self.segments(await Self.journal())
        for isPinned in [false, true] {
            let storage = try await Self.journal()
            let plan = try Retention(at: journalPath, storage: storage)
                .plan(Self.everything, now: Self.now)
            let directory = JournalDirectory(path: journalPath, storage: storage)
            try directory.put(plan.text, at: directory.retention, in: directory.path)
            try storage.remove(directory.path(of: try #require(try directory.segments().first)))
            let pin = Self.pin(.task, "t", whole[2].firstSequence.rawValue)
            if isPinned { try JournalPins(at: journalPath, storage: storage).put(pin) }
            let writer = try openJournal(storage, options: Self.options)
            await writer.close()
            let left = try Self.segments(storage).map(\.name)
            #expect(left == whole.suffix(isPinned ? whole.count - 2 : 1).map(\.name))
            #expect(storage[directory.retention] == nil)
            try Self.check(storage)
        }
    }

    @Test func `a plan whose rest could not be read removes nothing`() async throws {
        let storage = try await Self.journal()
        let whole = try Self.segments(storage)
        let retention = Retention(at: journalPath, storage: storage)
        let plan = try retention.plan(Self.everything, now: Self.now)
        var files = storage.files
        let last = "\(journalPath)/\(try #require(whole.last).name)"
        files[last]?[SegmentHeader.size + FrameHeader.size + 3] ^= 1
        let damaged = FaultyStorage.holding(files, directories: Self.directories)
        await #expect(
            errorCode {
                try Retention(at: journalPath, storage: damaged).execute(plan, now: Self.now)
            } == .corrupt
        )
        #expect(damaged.segments.count == whole.count)
    }

    private static let directories: Set = ["/journal", journalPath, journalPath + "/pins"]

    @Test func `a cursor is placed behind any timestamp`() async throws {
        let storage = try await Self.journal()
        let reader = try JournalReader.open(at: journalPath, storage: storage)
        for number in 0...45 {
            for timestamp in [Samples.timestamp(number), Samples.timestamp(number).predecessor] {
                var cursor = try reader.cursor(through: timestamp)
                let before = Self.entries.filter { $0.timestamp <= timestamp }
                #expect(cursor.sequence == before.last?.sequence ?? .zero)
                #expect(cursor.definitions == definitions(of: before))
                let read = try drain(&cursor).flatMap(\.entries)
                #expect(read == Self.entries.filter { $0.timestamp > timestamp })
            }
        }
        let plan = try Self.trim(storage, Self.everything)
        let gone = try #require(plan.removals.last).resolved.predecessor
        await #expect(
            errorCode { _ = try reader.cursor(through: gone) } == .notFound
        )
    }
}
