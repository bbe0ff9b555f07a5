import Operations
import Testing

@testable import Journal

/// A journal, those who use it, a disk that fails and a machine that dies, all after one seed; and beside them a list
/// of batches that says what must be there.
struct SimulatedJournal {
    /// What happened, to show that the runs are no idle ones.
    struct Counts {
        var batches = 0
        var reads = 0
        var faults = 0
        var crashes = 0
        var kills = 0
        var trimmed = 0
    }

    static let options = JournalOptions(
        segmentSizeMaxBytes: 2500,
        frameSizeTargetBytes: 1024,
        encoderCount: 1
    )

    private let seed: UInt64
    private var random: SeededRandom
    private var storage = FaultyStorage()
    private var writer: JournalWriter?
    /// Every batch that is acknowledged, and behind them those that may be there.
    private var written: [Batch] = []
    private var acknowledged = 0
    /// The entry that a reader, dead or alive, has seen last.
    private var seen = SequenceNumber.zero
    private var cursors: [JournalCursor] = []
    /// Pins that are there for certain, by name.
    private var pins: [String: SequenceNumber] = [:]
    /// The first entry that is still there.
    private var first = SequenceNumber(rawValue: 1)
    private let ids: Surroundings
    private(set) var counts = Counts()
    private var step = 0
    /// Whether nothing fails any more.
    private var isOver = false
    /// Whether something failed since the writer began.
    private var hasFailed = false

    init(seed: UInt64) {
        self.seed = seed
        random = SeededRandom(seed: seed)
        ids = .fixed()
    }

    /// Which run and step this is, for whoever wants to see it again.
    private var note: Comment { "FLIGHTLOG_SEED=\(seed), step \(step)" }

    mutating func run(steps: Int) async throws {
        for number in 1...steps {
            step = number
            try await take()
        }
        // Whatever happened: the disk is well again, all the rest is written, and everything is there.
        isOver = true
        storage.fail([:])
        storage.limit(capacityBytes: .max)
        if storage.isCrashed { reboot() }
        cursors.removeAll()
        if writer == nil { try await open() }
        try await append()
        await closeAndForget()
        // A footer that could not be written is, by the next writer.
        try await open()
        await closeAndForget()
        try check(storage)
        let report = try verify(journalAt: journalPath, storage: storage)
        // A footer that a failed sync made look written may be gone; that costs no entry.
        let isWhole = report.damages.allSatisfy { $0.sequences == nil }
        #expect(isWhole, "\(note): \(report.damages)")
    }

    private mutating func take() async throws {
        guard writer != nil else { return try await open() }
        switch Int.random(in: 0..<20, using: &random) {
        case 0..<8: try await append()
        case 8..<10: hurt()
        case 10..<13: try read()
        case 13: cursors.removeAll()
        case 14..<16: pin()
        case 16: try trim()
        case 17:
            hasFailed = true
            storage.limit(
                capacityBytes: Bool.random(using: &random)
                    ? .max : storage.files.values.reduce(0) { $0 + $1.count } + 900
            )
        case 18: await closeAndForget()
        default: try die()
        }
        if storage.isCrashed { reboot() }
    }

    /// Has one of the next calls fail.
    private mutating func hurt() {
        let faults: [FaultyStorage.Fault] = [.crash, .inputOutput, .full]
        let call = storage.calls.count + Int.random(in: 1...12, using: &random)
        storage.fail([call: faults.randomElement(using: &random) ?? .crash])
        hasFailed = true
        counts.faults += 1
    }

    private mutating func append() async throws {
        guard let writer else { return }
        let number = acknowledged + 1
        let batch = Samples.workload(number)[number - 1]
        written = Array(written.prefix(acknowledged)) + [batch]
        do {
            let head = try await writer.append(batch)
            #expect(head.batch == UInt64(number), note)
            acknowledged = number
            counts.batches += 1
        } catch let error as JournalError where error.code == .full {
            // It is not there, and the writer goes on.
            written.removeLast()
        } catch {
            await closeAndForget()
        }
    }

    private mutating func closeAndForget() async {
        if !storage.isCrashed { await writer?.close() }
        writer = nil
    }

    /// The power goes, in the middle of an append or between two.
    private mutating func die() throws {
        storage.fail([storage.calls.count + 1: .crash])
        try? storage.create(directory: "/elsewhere")
    }

    private mutating func reboot() {
        writer = nil
        cursors.removeAll()
        switch Int.random(in: 0..<4, using: &random) {
        case 0:
            storage = storage.afterKill()
            counts.kills += 1
        case 1:
            storage = storage.afterCrash(.nothing)
            counts.crashes += 1
        default:
            storage = storage.afterCrash(.some(seed: random.next()))
            counts.crashes += 1
        }
    }

    /// Opens what is there for writing, in one case of three with trouble on the way.
    private mutating func open() async throws {
        hasFailed = false
        if !isOver, Int.random(in: 0..<3, using: &random) == 0 { hurt() } else { storage.fail([:]) }
        let opened: JournalWriter
        do {
            opened = try JournalWriter.open(
                at: journalPath,
                source: "main",
                options: Self.options,
                witness: nil,
                storage: storage,
                surroundings: ids
            )
        } catch {
            if storage.isCrashed { reboot() } else { storage = storage.afterKill() }
            return cursors.removeAll()
        }
        let head = opened.head
        #expect(head.batch >= UInt64(acknowledged), "an acknowledged batch is gone: \(note)")
        #expect(head.batch <= UInt64(written.count), "a batch nobody wrote: \(note)")
        #expect(head.sequence >= seen, "a reader saw what is gone: \(note)")
        acknowledged = Int(head.batch)
        written = Array(written.prefix(acknowledged))
        let isDefined = opened.definitions() == definitions(of: Samples.entries(of: written))
        #expect(isDefined, note)
        writer = opened
        try check(storage.observer)
    }

    /// One of the readers goes on, or another one begins somewhere.
    private mutating func read() throws {
        var cursor: JournalCursor
        if !cursors.isEmpty, Bool.random(using: &random) {
            cursor = cursors.removeFirst()
        } else {
            let reader = try JournalReader.open(at: journalPath, storage: storage.observer)
            let last = try reader.head().sequence.rawValue
            let place = UInt64.random(in: first.rawValue - 1...last, using: &random)
            cursor = try reader.cursor(after: SequenceNumber(rawValue: place))
        }
        let expected = Samples.entries(of: written.prefix(acknowledged))
        let begin = cursor.sequence
        do {
            while let piece = try cursor.next() {
                for entry in piece.entries {
                    let index = Int(entry.sequence.rawValue) - 1
                    let isSame = index < expected.count && expected[index] == entry
                    #expect(isSame, "entry \(entry.sequence): \(note)")
                }
            }
        } catch let error as JournalError where error.code == .notFound {
            // Or the segment right behind it held no entry, and has gone.
            #expect(begin.next <= first, "\(note): \(error)")
            return
        }
        // Where HEAD could not be written, readers see less until it is.
        #expect(hasFailed || cursor.sequence == expected.last?.sequence ?? .zero, note)
        seen = max(seen, cursor.sequence)
        cursors.append(cursor)
        counts.reads += 1
    }

    private mutating func pin() {
        let name = "p\(Int.random(in: 0..<3, using: &random))"
        let last = Samples.entries(of: written.prefix(acknowledged)).last?.sequence ?? .zero
        let place = UInt64.random(
            in: first.rawValue...max(first, last.next).rawValue,
            using: &random
        )
        // After a call that failed either may be there.
        pins[name] = nil
        do {
            if Bool.random(using: &random) {
                let pin = JournalPin(
                    .task,
                    name,
                    first: SequenceNumber(rawValue: place),
                    createdUnixMilliseconds: 0
                )
                try JournalPins(at: journalPath, storage: storage).put(pin)
                pins[name] = pin.first
            } else {
                try JournalPins(at: journalPath, storage: storage).remove(.task, name)
            }
        } catch {
            // Seen when the disk is.
        }
    }

    private mutating func trim() throws {
        guard let writer else { return }
        let size = storage.files.values.reduce(0) { $0 + $1.count }
        let policy = RetentionPolicy(sizeMaxBytes: Int.random(in: 0...size, using: &random))
        do {
            counts.trimmed += try writer.trim(policy, now: 0).removals.count
        } catch {
            // What it removed before it failed is gone; the rest goes the next time.
        }
        try checkFirst(JournalReader.open(at: journalPath, storage: storage.observer))
    }

    private mutating func checkFirst(_ reader: JournalReader) throws {
        first = try #require(try reader.segments().first).firstSequence
        for (name, needed) in pins {
            #expect(first <= needed, "what \(name) needs is gone: \(note)")
        }
    }

    /// Holds what is there, from the first segment to the end, against the list.
    private mutating func check(_ storage: FaultyStorage) throws {
        let reader = try JournalReader.open(at: journalPath, storage: storage)
        try checkFirst(reader)
        let before = SequenceNumber(rawValue: first.rawValue - 1)
        var cursor = try reader.cursor(after: before)
        let found = try drain(&cursor).flatMap(\.entries)
        let expected = Samples.entries(of: written.prefix(acknowledged))
        let isSame = found == Array(expected.dropFirst(Int(before.rawValue)))
        #expect(isSame, "\(found.count) entries from \(first): \(note)")
    }
}
