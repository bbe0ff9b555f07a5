import Operations
import Testing

@testable import Journal

/// Many segments, more than are looked at one after another: each is held against the one before all the same.
struct SegmentChainTests {
    private static let count = 1300

    /// Segments of nothing but headers, each of which says that all of the one before it was durable.
    private let headers = (1...UInt64(count)).map { ordinal in
        SegmentHeader(
            journal: JournalID(high: 1, low: 2),
            segment: JournalID(high: 3, low: ordinal),
            ordinal: ordinal,
            firstSequence: SequenceNumber(rawValue: ordinal),
            resolved: .zero,
            batches: ordinal,
            epoch: 1,
            createdUnixMilliseconds: 0,
            chain: .start,
            previous: ordinal == 1
                ? nil
                : SegmentHeader.Previous(
                    segment: JournalID(high: 3, low: ordinal - 1),
                    committedBytes: SegmentHeader.size
                ),
            source: "main"
        )
    }

    private func path(_ index: Int) -> String { "\(journalPath)/\(headers[index].name)" }

    private var files: [String: [UInt8]] {
        Dictionary(
            uniqueKeysWithValues: headers.indices.map { (path($0), headers[$0].encoded()) }
        )
    }

    private func check(_ storage: FaultyStorage) throws -> Segment? {
        let directory = JournalDirectory(path: journalPath, storage: storage)
        return try SegmentChain(directory, try directory.segments()).check()
    }

    private func storage() -> FaultyStorage {
        FaultyStorage.holding(files, directories: ["/journal", journalPath])
    }

    /// The code with which a check of changed files ends.
    private func code(
        _ storage: FaultyStorage,
        _ change: (inout [String: [UInt8]]) -> Void
    ) async throws -> JournalError.Code? {
        var files = storage.files
        change(&files)
        let changed = FaultyStorage.holding(files, directories: ["/journal", journalPath])
        return await errorCode { _ = try check(changed) }
    }

    @Test func `segments in order are sound, and all are shown`() throws {
        let storage = storage()
        #expect(try check(storage)?.header == headers.last)
        let directory = JournalDirectory(path: journalPath, storage: storage)
        let all = try SegmentGlance.all(headers.map(\.name), in: directory)
        #expect(all.map(\.header) == headers)
        #expect(all.allSatisfy { $0.fileBytes == SegmentHeader.size })
        #expect(try SegmentGlance.all([], in: directory).isEmpty)
    }

    /// Beside every place where one run may end and the next begin, and at both ends.
    @Test(arguments: [1, 255, 256, 510, 511, 512, 513, 1022, 1023, 1024, 1025, 1297, 1298])
    func `one that is missing, foreign, cut or displaced is noticed`(index: Int) async throws {
        let storage = storage()
        let path = path(index)
        #expect(try await code(storage) { $0[path] = nil } == .corrupt)
        #expect(try await code(storage) { $0[path]?.removeLast() } == .corrupt)
        #expect(try await code(storage) { $0[path]?[100] ^= 1 } == .corrupt)
        var foreign = headers[index]
        foreign.journal = JournalID(high: 1, low: 3)
        #expect(try await code(storage) { $0[path] = foreign.encoded() } == .refused)
        var displaced = headers[index]
        displaced.previous?.segment = JournalID(high: 3, low: 9999)
        #expect(try await code(storage) { $0[path] = displaced.encoded() } == .corrupt)
        var short = headers[index]
        short.previous?.committedBytes += 1
        #expect(try await code(storage) { $0[path] = short.encoded() } == .corrupt)
    }

    @Test func `a look that fails is told, whichever it is`() async throws {
        let storage = storage()
        storage.failReads([])
        _ = try check(storage)
        let count = storage.readCount
        #expect(count == Self.count)
        for number in [1, 2, 511, 512, 513, 1024, 1025, count - 1, count] {
            storage.failReads([number])
            #expect(await errorCode { _ = try check(storage) } == .io)
        }
    }
}
