import Foundation
import Operations
import Synchronization
import Testing

@testable import Journal

let journalPath = "/journal/main"

/// Runs a body with a writer on a storage in memory, and closes it.
func withJournal<Value>(
    _ storage: FaultyStorage = FaultyStorage(),
    options: JournalOptions = JournalOptions(),
    witness: SequenceNumber? = nil,
    _ body: (JournalWriter, FaultyStorage) async throws -> Value
) async throws -> Value {
    let writer = try openJournal(storage, options: options, witness: witness)
    do {
        let value = try await body(writer, storage)
        await writer.close()
        return value
    } catch {
        await writer.close()
        throw error
    }
}

func openJournal(
    _ storage: FaultyStorage,
    options: JournalOptions = JournalOptions(),
    witness: SequenceNumber? = nil
) throws -> JournalWriter {
    try JournalWriter.open(
        at: journalPath,
        source: "main",
        options: options,
        witness: witness,
        storage: storage,
        surroundings: .fixed()
    )
}

/// Everything a reader sees.
func readAll(
    _ storage: any Storage,
    at path: String = journalPath,
    after: SequenceNumber = .zero
) throws -> [Entry] {
    var cursor = try JournalReader.open(at: path, storage: storage).cursor(after: after)
    return try drain(&cursor).flatMap(\.entries)
}

func drain(_ cursor: inout JournalCursor) throws -> [JournalPiece] {
    var pieces: [JournalPiece] = []
    while let piece = try cursor.next() { pieces.append(piece) }
    return pieces
}

/// Runs a body with an empty directory of the real file system.
func withDirectory<Value>(_ body: (String) async throws -> Value) async throws -> Value {
    let path = FileManager.default.temporaryDirectory
        .appending(path: "flightlog-journal-\(UUID())").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try await body(path)
}

extension Surroundings {
    /// Ids that count and a clock that stands still.
    static func fixed(
        clock: @escaping @Sendable () -> Int64 = { 1_700_000_000_000 }
    ) -> Surroundings {
        let count = Counter()
        return Surroundings(
            id: { JournalID(high: 0x0102_0304_0506_0708, low: count.next()) },
            unixMilliseconds: clock
        )
    }
}

private final class Counter: Sendable {
    private let value = Atomic<UInt64>(0)

    func next() -> UInt64 { value.add(1, ordering: .relaxed).newValue }
}

/// The code of the journal error that a body throws; nil if it throws none.
func errorCode(_ body: () async throws -> Void) async -> JournalError.Code? {
    do {
        try await body()
        return nil
    } catch {
        return (error as? JournalError)?.code
    }
}
