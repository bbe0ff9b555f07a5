import Operations
import Testing

@testable import Journal

/// What is decided about what opening finds, where `RecoveryTests` and `CorruptionTests` do not say it.
///
/// Each name says what is seen and what is decided.
struct DecisionTableTests {
    private let head = journalPath + "/HEAD"
    private let batches = Samples.workload(5)

    /// A journal as some number of batches left it; `heads` are the states of HEAD after each.
    private struct Left {
        var files: [String: [UInt8]]
        var ends: [Int]
        var heads: [[UInt8]]

        var storage: FaultyStorage {
            FaultyStorage.holding(files, directories: ["/journal", journalPath])
        }
    }

    private func journal(_ options: JournalOptions = JournalOptions()) async throws -> Left {
        let storage = FaultyStorage()
        var (ends, heads): ([Int], [[UInt8]]) = ([], [])
        try await withJournal(storage, options: options) { writer, _ in
            for batch in batches {
                try await writer.append(batch)
                let path = try #require(storage.segments.last)
                ends.append(try #require(storage[path]).count)
                heads.append(try #require(storage[head]))
            }
        }
        return Left(files: storage.files, ends: ends, heads: heads)
    }

    /// The one segment of a small journal.
    private func segment(_ left: Left) throws -> (path: String, bytes: [UInt8]) {
        let path = try #require(left.storage.segments.first)
        return (path, try #require(left.files[path]))
    }

    /// Four segments or more.
    private func segmented() async throws -> Left {
        let left = try await journal(JournalOptions(segmentSizeMaxBytes: 600))
        #expect(left.storage.segments.count >= 4)
        return left
    }

    /// Opens, and expects some first batches and a torn tail that is cut and kept.
    private func expectCut(_ left: Left, batches count: Int, _ note: String) async throws {
        let storage = left.storage
        let path = try #require(storage.segments.last)
        let bytes = try #require(storage[path])
        let end = left.ends[count - 1]
        let entries = Samples.entries(of: batches.prefix(count))
        #expect(try readAll(storage) == entries, "\(note)")
        let writer = try openJournal(storage)
        #expect(writer.head.batch == UInt64(count), "\(note)")
        #expect(writer.definitions() == definitions(of: entries), "\(note)")
        let torn = try #require(writer.recovery.tornTail, "\(note)")
        #expect(torn.offset == end && torn.count == bytes.count - end, "\(note)")
        #expect(storage["\(journalPath)/\(torn.quarantined)"] == Array(bytes[end...]), "\(note)")
        #expect(storage[path] == Array(bytes[..<end]), "\(note)")
        for batch in batches[count...] { try await writer.append(batch) }
        await writer.close()
        #expect(try readAll(storage) == Samples.entries(of: batches), "\(note)")
        #expect(try verify(journalAt: journalPath, storage: storage).isSound, "\(note)")
    }

    /// Opens, and expects a refusal that leaves every segment as it is, and HEAD.
    private func expectClosed(
        _ left: Left,
        as expected: JournalError.Code = .corrupt,
        witness: SequenceNumber? = nil,
        _ note: String
    ) async {
        let storage = left.storage
        let code = await errorCode { _ = try openJournal(storage, witness: witness) }
        #expect(code == expected, "\(note)")
        let kept = storage.files.filter { !$0.key.hasSuffix("/LOCK") }
        #expect(kept == left.files.filter { !$0.key.hasSuffix("/LOCK") }, "\(note)")
    }

    // MARK: The file ends with a commit, or with what is none

    @Test func `zeros behind the last commit are cut and nothing is lost`() async throws {
        var left = try await journal()
        let path = try segment(left).path
        for count in [1, 8, 96, 512, 100_000] {
            left.files[path] =
                try segment(left).bytes.prefix(left.ends[4])
                + Array(
                    repeating: 0,
                    count: count
                )
            try await expectCut(left, batches: 5, "\(count) zeros")
        }
    }

    @Test func `frames of another segment behind the last commit are cut and nothing is lost`()
        async throws
    {
        var left = try await journal()
        let (path, bytes) = try segment(left)
        // The same frames under another seed, as a file that was used before would hold them.
        let seed = try SegmentHeader(decoding: bytes).seed
        var foreign = bytes
        try foreign.changeFrames(in: left.ends[0]..<left.ends[4], seed: seed, newSeed: seed ^ 1) {
            _,
            _ in
        }
        left.files[path] = bytes + foreign[left.ends[0]...]
        try await expectCut(left, batches: 5, "stale frames")
    }

    // MARK: A bad frame

    @Test func `a bad frame in what HEAD does not yet vouch for is a torn tail`() async throws {
        var left = try await journal()
        let (path, bytes) = try segment(left)
        left.files[head] = left.heads[3]
        for offset in stride(from: left.ends[3], to: left.ends[4], by: 11) {
            left.files[path]?[offset] ^= 4
            try await expectCut(left, batches: 4, "byte \(offset)")
            left.files[path] = bytes
        }
    }

    @Test
    func `a bad frame with sound ones of the same sync behind it is a torn tail`() async throws {
        var left = try await journal()
        let (path, bytes) = try segment(left)
        left.files[head] = left.heads[1]
        let seed = try SegmentHeader(decoding: bytes).seed
        // As if batches 3 to 5 had been written together.
        var together = bytes
        try together.changeFrames(in: left.ends[1]..<left.ends[4], seed: seed) { header, _ in
            header.durableBytes = left.ends[1]
        }
        together[left.ends[1] + FrameHeader.size + 5] ^= 4
        left.files[path] = together
        try await expectCut(left, batches: 2, "one sync")

        // The same damage, and a frame that was written after a further sync.
        left.files[path] = together
        try left.files[path]?.changeFrames(in: left.ends[3]..<left.ends[4], seed: seed) {
            header,
            _ in
            header.durableBytes = left.ends[2]
        }
        await expectClosed(left, "a later sync")
    }

    @Test func `a bad frame that a witness has seen through is corruption and is not cut`()
        async throws
    {
        var left = try await journal()
        let path = try segment(left).path
        left.files[head] = left.heads[3]
        left.files[path]?[left.ends[3] + 20] ^= 4
        let last = UInt64(Samples.entries(of: batches.prefix(4)).count)
        let witness = SequenceNumber(rawValue: last + 1)
        await expectClosed(left, witness: witness, "witness \(witness)")
        try await expectCut(left, batches: 4, "no witness")
    }

    @Test func `a bad frame that HEAD vouches for is corruption and is not cut`() async throws {
        var left = try await journal()
        let path = try segment(left).path
        for offset in stride(from: left.ends[3], to: left.ends[4], by: 11) {
            left.files[path]?[offset] ^= 4
            await expectClosed(left, "byte \(offset)")
            let error = #expect(throws: JournalError.self) { try readAll(left.storage) }
            #expect(error?.code == .corrupt)
            left.files[path]?[offset] ^= 4
        }
    }

    @Test func `entries before a lost tail are read, and then it is said that it is lost`()
        async throws
    {
        var left = try await journal()
        let path = try segment(left).path
        left.files[path]?.removeSubrange(left.ends[2]...)
        let storage = left.storage
        var cursor = try JournalReader.open(at: journalPath, storage: storage).cursor(after: .zero)
        var seen: [Entry] = []
        let error = #expect(throws: JournalError.self) {
            while let piece = try cursor.next() { seen += piece.entries }
        }
        #expect(error?.code == .corrupt)
        #expect(seen == Samples.entries(of: batches.prefix(3)))
    }

    // MARK: A commit that does not follow

    @Test func `a commit with another chain before it is a bad frame`() async throws {
        try await expectBadCommit { _, body in body[16] ^= 1 }
    }

    @Test func `a commit of another batch is a bad frame`() async throws {
        try await expectBadCommit { header, _ in header.batch += 1 }
        try await expectBadCommit { header, _ in header.batch -= 1 }
    }

    @Test func `a commit of other sequence numbers is a bad frame`() async throws {
        try await expectBadCommit { header, _ in header.count += 1 }
        try await expectBadCommit { header, _ in
            header.firstSequence = header.firstSequence.next
            header.count -= 1
        }
    }

    /// Changes a commit under good checksums: the last one, which nobody vouches for, and the one before,
    /// which the last batch vouches for.
    private func expectBadCommit(
        _ change: (inout FrameHeader, inout [UInt8]) -> Void
    ) async throws {
        let sound = try await journal(JournalOptions(compressionLevel: nil))
        let (path, bytes) = try segment(sound)
        let seed = try SegmentHeader(decoding: bytes).seed
        for batch in [4, 3] {
            var left = sound
            left.files[head] = left.heads[batch - 1]
            let range = left.ends[batch - 1]..<left.ends[batch]
            try left.files[path]?.changeFrames(in: range, seed: seed) { header, body in
                if header.kind == .commit { change(&header, &body) }
            }
            #expect(left.files[path] != bytes)
            if batch == 4 {
                try await expectCut(left, batches: 4, "the last commit")
            } else {
                await expectClosed(left, "the commit before the last")
            }
        }
    }

    @Test func `batches in another order are corruption`() async throws {
        var left = try await journal()
        let (path, bytes) = try segment(left)
        left.files[head] = nil
        let (first, second) = (left.ends[0]..<left.ends[1], left.ends[1]..<left.ends[2])
        left.files[path]?.replaceSubrange(
            left.ends[0]..<left.ends[2],
            with: Array(bytes[second]) + Array(bytes[first])
        )
        await expectClosed(left, "batches 2 and 3 swapped")
    }

    @Test func `a batch that is there twice is cut where it comes again`() async throws {
        var left = try await journal()
        let (path, bytes) = try segment(left)
        left.files[path] = bytes + bytes[left.ends[3]...]
        try await expectCut(left, batches: 5, "the last batch twice")
    }

    // MARK: Segments

    @Test func `a segment that was never given its name is removed`() async throws {
        var left = try await journal()
        let path = "\(journalPath)/00000000000000000099-0000000002.flog.tmp"
        for bytes in [[], [1, 2, 3], try segment(left).bytes] {
            left.files[path] = bytes
            let storage = left.storage
            try await withJournal(storage) { writer, _ in #expect(writer.head.batch == 5) }
            #expect(storage[path] == nil)
            #expect(try readAll(storage) == Samples.entries(of: batches))
        }
    }

    @Test func `no segment, and HEAD of a journal without batches, is a new journal`() async throws
    {
        let storage = FaultyStorage()
        try await withJournal(storage) { _, _ in }
        let path = try #require(storage.segments.first)
        storage[path] = nil
        try await withJournal(storage) { writer, _ in
            #expect(writer.recovery.isNew)
            try await writer.append(batches[0])
        }
        #expect(try readAll(storage) == Samples.entries(of: batches.prefix(1)))
    }

    @Test func `two segments with the same place are corruption`() async throws {
        var left = try await segmented()
        let paths = left.storage.segments
        let copy = try #require(paths[1].split(separator: "-").last)
        left.files["\(journalPath)/00000000000000000099-\(copy)"] = left.files[paths[1]]
        await expectClosed(left, "a copy under another name")
        var header = try SegmentHeader(decoding: try #require(left.files[paths[1]]))
        header.firstSequence = SequenceNumber(rawValue: 99)
        left.files["\(journalPath)/00000000000000000099-\(copy)"]?
            .replaceSubrange(..<SegmentHeader.size, with: header.encoded())
        await expectClosed(left, "another segment with the same ordinal")
    }

    @Test func `a segment that is missing is corruption, the last one if HEAD names it`()
        async throws
    {
        let sound = try await segmented()
        let paths = sound.storage.segments
        for index in 1..<paths.count {
            var left = sound
            left.files[paths[index]] = nil
            await expectClosed(left, "segment \(index + 1)")
        }
    }

    @Test func `a segment that is shorter than its successor says is corruption`() async throws {
        let sound = try await segmented()
        let paths = sound.storage.segments
        let segments = try JournalReader.open(at: journalPath, storage: sound.storage).segments()
        for (path, segment) in zip(paths.dropLast(), segments) {
            let size = segment.committedBytes
            for cut in [1, 8, size - SegmentHeader.size - 1, size] {
                var left = sound
                left.files[path]?.removeSubrange((size - cut)...)
                await expectClosed(left, "\(path) without the last \(cut) bytes that were durable")
            }
        }
    }

    @Test func `a bad header of any segment is corruption`() async throws {
        let sound = try await segmented()
        for path in sound.storage.segments {
            for offset in [0, 20, 60, 100, 140, 160, 300, 511] {
                var left = sound
                left.files[path]?[offset] ^= 1
                await expectClosed(left, "byte \(offset) of \(path)")
            }
        }
    }

    @Test func `a bad opening frame of the last segment is corruption, whoever vouches for it`()
        async throws
    {
        let sound = try await segmented()
        let path = try #require(sound.storage.segments.last)
        for head in [sound.files[head], nil] {
            for offset in stride(from: 0, to: FrameHeader.size + 40, by: 9) {
                var left = sound
                left.files[self.head] = head
                left.files[path]?[SegmentHeader.size + offset] ^= 1
                await expectClosed(left, "byte \(offset) of the opening frame")
            }
        }
    }

    @Test func `a bad frame of an earlier segment stops readers and is not cut`() async throws {
        var left = try await segmented()
        let path = left.storage.segments[1]
        let frame = try #require(left.files[path]?.firstFrame(.commit))
        left.files[path]?[frame + 30] ^= 1
        let storage = left.storage
        let error = #expect(throws: JournalError.self) { try readAll(storage) }
        #expect(error?.code == .corrupt)
        let code = await errorCode {
            try await withJournal(storage) { writer, _ in
                #expect(writer.recovery.tornTail == nil)
                #expect(writer.head.batch == 5)
            }
        }
        #expect(code == nil || code == .corrupt)
        #expect(storage[path] == left.files[path])
        #expect(throws: JournalError.self) { try readAll(storage) }
        #expect(!(try verify(journalAt: journalPath, storage: storage).isSound))
    }

    @Test func `a segment of another journal among the others is refused`() async throws {
        var left = try await segmented()
        let path = left.storage.segments[1]
        let bytes = try #require(left.files[path])
        var header = try SegmentHeader(decoding: bytes)
        header.journal = JournalID(high: 5, low: 5)
        left.files[path] = header.encoded() + bytes[SegmentHeader.size...]
        await expectClosed(left, as: .refused, "another journal's segment")
    }

    @Test func `a segment behind another one than is there is corruption`() async throws {
        var left = try await segmented()
        let path = left.storage.segments[1]
        let bytes = try #require(left.files[path])
        var header = try SegmentHeader(decoding: bytes)
        header.previous?.segment = JournalID(high: 5, low: 5)
        left.files[path] = header.encoded() + bytes[SegmentHeader.size...]
        await expectClosed(left, "another predecessor")
    }

    @Test func `a newer format in what is acknowledged or not is refused and not cut`() async throws
    {
        let sound = try await journal(JournalOptions(compressionLevel: nil))
        let (path, bytes) = try segment(sound)
        let seed = try SegmentHeader(decoding: bytes).seed
        for head in [sound.files[head], sound.heads[3], nil] {
            var left = sound
            left.files[self.head] = head
            var frame = Array(bytes[left.ends[3]..<(left.ends[3] + FrameHeader.size)])
            frame[4] = 2
            let sum = ByteWriter.number(Checksum.extend(seed, over: frame.dropLast(4)))
            frame.replaceSubrange((FrameHeader.size - 4)..., with: sum)
            left.files[path]?.replaceSubrange(
                left.ends[3]..<(left.ends[3] + FrameHeader.size),
                with: frame
            )
            await expectClosed(left, as: .refused, "a frame of version 2")
        }
    }
}

extension [UInt8] {
    /// Changes frames and gives them good checksums again; of the same size as before.
    fileprivate mutating func changeFrames(
        in range: Range<Int>,
        seed: UInt32,
        newSeed: UInt32? = nil,
        _ change: (inout FrameHeader, inout [UInt8]) -> Void
    ) throws {
        let newSeed = newSeed ?? seed
        var offset = range.lowerBound
        while offset < range.upperBound {
            var header = try FrameHeader(decoding: self[offset...], seed: seed)
            let start = offset + FrameHeader.size
            let end = offset + header.frameBytes
            var body = Array(self[start..<end])
            change(&header, &body)
            header.checksum = Checksum.extend(newSeed, over: body[...])
            replaceSubrange(offset..<end, with: header.encoded(seed: newSeed) + body)
            offset = end
        }
    }
}
