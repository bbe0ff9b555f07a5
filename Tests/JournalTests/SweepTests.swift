import Foundation
import Operations
import Testing

@testable import Journal

/// Thousands of random changes to a journal's files: each is noticed, or does not matter.
struct SweepTests {
    /// How the journal's last writer ended.
    enum Ending: String, CaseIterable {
        case closed
        /// In the middle of writing a batch, half of which is there.
        case killed
    }

    /// A journal as it was left, and what was acknowledged.
    private struct Left {
        var files: [String: [UInt8]]
        var head: JournalHead
        var entries: [Entry]
        var definitions: Definitions
    }

    private enum Change: CustomStringConvertible {
        case flip(String, bit: Int)
        case cut(String, size: Int)

        var description: String {
            switch self {
            case .flip(let path, let bit): "bit \(bit % 8) of byte \(bit / 8) of \(path)"
            case .cut(let path, let size): "\(path) cut to \(size) bytes"
            }
        }

        func applied(to files: [String: [UInt8]]) -> [String: [UInt8]] {
            var files = files
            switch self {
            case .flip(let path, let bit): files[path]?[bit / 8] ^= UInt8(1 << (bit % 8))
            case .cut(let path, let size): files[path]?.removeSubrange(size...)
            }
            return files
        }
    }

    private static let options = JournalOptions(
        segmentSizeMaxBytes: 1400,
        frameSizeTargetBytes: 3000,
        encoderCount: 1
    )

    private static let batches: [Batch] = [
        kinds(1, [2, 20]), vectors(2), Batch(operations: [], position: Samples.position(3)),
        kinds(4, [11, 12, 13, 0]), Samples.batch(5, operations: 1, bytes: 300), Samples.batch(6),
    ]

    /// A batch with operations of several kinds.
    private static func kinds(_ number: Int, _ kinds: [Int]) -> Batch {
        Batch(
            operations: kinds.map {
                StampedOperation(
                    timestamp: Samples.timestamp(number),
                    operation: Samples.everyKind[$0]
                )
            },
            position: Samples.position(number)
        )
    }

    /// A batch with one insert of vectors, large enough for planes.
    private static func vectors(_ number: Int) -> Batch {
        func record(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
            let count = content.count
            return [tag, UInt8(count & 0x7f) | 0x80, UInt8(count >> 7)] + content
        }
        let numbers = (0..<1100).flatMap { index in
            ByteWriter.number((Float(1) / Float(index % 5 + 1)).bitPattern)
        }
        let columns = record(0x6a, [0x08, 101] + record(0x22, record(0x12, record(0x0a, numbers))))
        let rows = Rows(
            collection: Samples.collection,
            partition: Samples.partition,
            shard: 0,
            count: 11,
            columns: columns[...]
        )
        let insert = StampedOperation(
            timestamp: Samples.timestamp(number),
            operation: .insert(rows)
        )
        return Batch(operations: [insert], position: Samples.position(number))
    }

    private static func left(_ ending: Ending) async throws -> Left {
        let storage = FaultyStorage()
        let writer = try openJournal(storage, options: options)
        for batch in batches { try await writer.append(batch) }
        let (head, definitions) = (writer.head, writer.definitions())
        if ending == .killed {
            storage.fail([storage.calls.count + 1: .crash])
            let batch = Samples.batch(9, operations: 9, bytes: 600)
            #expect(await errorCode { try await writer.append(batch) } != nil)
        }
        await writer.close()
        let disk = ending == .killed ? storage.afterCrash(.everything) : storage
        let torn = try verify(journalAt: journalPath, storage: disk).uncommittedBytes
        #expect((torn > 0) == (ending == .killed))
        return Left(
            files: disk.files,
            head: head,
            entries: Samples.entries(of: batches),
            definitions: definitions
        )
    }

    /// Reads a changed journal and opens it for writing; whether somebody noticed.
    private static func isNoticed(
        _ change: Change,
        in left: Left,
        _ note: String
    ) async throws -> Bool {
        let storage = FaultyStorage.holding(
            change.applied(to: left.files),
            directories: ["/journal", journalPath]
        )
        var isNoticed = false
        func read(_ moment: String) throws {
            do {
                let isWhole = try readAll(storage).isSame(as: left.entries)
                #expect(isWhole, "\(moment), \(change), \(note)")
            } catch is JournalError {
                isNoticed = true
            }
        }
        try read("read")
        do {
            let writer = try openJournal(storage, options: options)
            #expect(writer.head == left.head, "\(change), \(note)")
            #expect(writer.definitions() == left.definitions, "\(change), \(note)")
            await writer.close()
        } catch is JournalError {
            return true
        }
        let isSegmentTouched = storage.calls.contains { call in
            call.hasSuffix(".flog") && (call.hasPrefix("ftruncate") || call.hasPrefix("pwrite"))
        }
        if !isNoticed, isSegmentTouched { try read("read after it was opened for writing") }
        return isNoticed
    }

    private static func sweep(
        _ name: String,
        _ left: Left,
        _ ending: Ending,
        count: Int,
        change: (inout SeededRandom, _ path: String, _ size: Int) -> Change
    ) async throws {
        let seed = SeededRandom.runSeed
        var random = SeededRandom(seed: seed)
        let files = left.files.map { ($0.key, $0.value.count) }.sorted { $0.0 < $1.0 }
        let size = files.reduce(0) { $0 + $1.1 }
        var noticed = 0
        for _ in 0..<count {
            // Others have to get their turn within their deadlines.
            await Task.yield()
            // Every byte of every file is as likely as any other.
            var place = Int.random(in: 0..<size, using: &random)
            var index = 0
            while place >= files[index].1 {
                place -= files[index].1
                index += 1
            }
            let change = change(&random, files[index].0, files[index].1)
            if try await isNoticed(change, in: left, "\(ending), FLIGHTLOG_SEED=\(seed)") {
                noticed += 1
            }
        }
        #expect(noticed > 0 && noticed < count, "\(ending), FLIGHTLOG_SEED=\(seed)")
        print(
            "A journal of \(size) bytes whose writer was \(ending), \(count) \(name): "
                + "\(noticed) detected, \(count - noticed) harmless"
        )
    }

    @Test(arguments: Ending.allCases)
    func `no flipped bit and no cut changes or shortens what was acknowledged`(
        ending: Ending
    ) async throws {
        let left = try await Self.left(ending)
        let storage = FaultyStorage.holding(left.files, directories: ["/journal", journalPath])
        #expect(try readAll(storage) == left.entries)
        #expect(storage.segments.count >= 3)
        #expect(try storage.segments.contains { try storage[$0]?.holdsPlanes() ?? false })
        try await Self.sweep("flipped bits", left, ending, count: 5000) { random, path, size in
            .flip(path, bit: Int.random(in: 0..<(size * 8), using: &random))
        }
        try await Self.sweep("cuts", left, ending, count: 500) { random, path, size in
            .cut(path, size: Int.random(in: 0..<size, using: &random))
        }
    }
}

extension [Entry] {
    /// Equality that compares columns as memory; element by element it takes longer than reading them.
    fileprivate func isSame(as other: [Entry]) -> Bool {
        guard count == other.count else { return false }
        return zip(self, other).allSatisfy { entry, other in
            guard entry.sequence == other.sequence, entry.timestamp == other.timestamp else {
                return false
            }
            guard case .insert(let rows) = entry.operation,
                case .insert(let expected) = other.operation
            else { return entry.operation == other.operation }
            return rows.collection == expected.collection && rows.partition == expected.partition
                && rows.shard == expected.shard && rows.count == expected.count
                && Data(rows.columns) == Data(expected.columns)
        }
    }
}

extension [UInt8] {
    /// Whether a segment has a frame of codec 2.
    fileprivate func holdsPlanes() throws -> Bool {
        let seed = try SegmentHeader(decoding: self).seed
        var offset = SegmentHeader.size
        while offset + FrameHeader.size <= count {
            let header = try FrameHeader(decoding: self[offset...], seed: seed)
            if header.codec == .planes { return true }
            offset += header.frameBytes
        }
        return false
    }
}
