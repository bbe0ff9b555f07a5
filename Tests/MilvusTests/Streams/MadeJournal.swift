import Capture
import FoundationEssentials
import Journal
import Logging
import Operations

@testable import Milvus

/// A journal on disk that a reader writes of a source made by hand.
enum MadeJournal {
    static let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

    /// Plays a source into the journal in a directory until it ends or dies, which is thrown.
    static func read(_ log: MadeLog, at directory: String) async throws {
        let journal = try JournalWriter.open(at: directory, source: "made")
        var options = ReaderOptions()
        options.idleCommitInterval = .zero
        options.messageWait = .zero
        let reader = Reader(
            log: log,
            metadata: log.metadata,
            messageDecoder: MilvusMessageDecoder(),
            metadataDecoder: MilvusMetadataDecoder(),
            journal: journal,
            options: options,
            logger: logger
        )
        do {
            try await reader.run()
        } catch {
            await journal.close()
            throw error
        }
        await journal.close()
    }

    /// Everything that the journal in a directory holds.
    static func entries(at directory: String) throws -> [Entry] {
        var cursor = try JournalReader.open(at: directory).cursor(after: .zero)
        var entries: [Entry] = []
        while let piece = try cursor.next() { entries += piece.entries }
        return entries
    }

    /// A directory that is gone afterwards.
    static func withDirectory<Value>(
        _ body: (String) async throws -> Value
    ) async throws -> Value {
        let directory = FileManager.default.temporaryDirectory
            .appendingPathComponent("flightlog-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: directory) }
        return try await body(directory.path)
    }
}
