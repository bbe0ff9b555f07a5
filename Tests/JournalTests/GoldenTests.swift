import Foundation
import Operations
import Testing

@testable import Journal

/// Journals as files of record: what this version writes, and what it must be able to read for ever.
@Suite(.serialized) struct GoldenTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appending(path: "Fixtures/version-1")

    /// Every kind of operation, rows, an empty batch; cut into several frames and segments.
    private static let batches =
        [
            Batch(
                operations: Samples.kindsOfGoldenFiles.map {
                    StampedOperation(timestamp: Samples.timestamp(1), operation: $0)
                },
                position: Samples.position(1)
            ),
            Samples.batch(2, operations: 3, bytes: 700),
            Batch(operations: [], position: Samples.position(3)),
        ] + Samples.workload(8).suffix(5)

    /// Users, roles and grants, and what never went through the log; the second segment begins with them.
    private static let later = [
        Batch(
            operations: Samples.laterKinds.map {
                StampedOperation(timestamp: Samples.timestamp(1), operation: $0)
            },
            position: Samples.position(1)
        ),
        Samples.batch(2, operations: 3, bytes: 9000),
        Samples.batch(3),
    ]

    private static let options = JournalOptions(
        compressionLevel: nil,
        segmentSizeMaxBytes: 9000,
        frameSizeTargetBytes: 2000
    )

    private func write(
        _ options: JournalOptions,
        _ batches: [Batch] = batches
    ) async throws -> [String: [UInt8]] {
        try await withJournal(options: options) { writer, storage in
            for batch in batches { try await writer.append(batch) }
            return storage.files.filter { !$0.key.hasSuffix("/LOCK") }
        }
    }

    private func fixture(_ name: String) throws -> [String: [UInt8]] {
        let folder = Self.folder.appending(path: name)
        var files: [String: [UInt8]] = [:]
        for file in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
            files["\(journalPath)/\(file)"] = Array(
                try Data(contentsOf: folder.appending(path: file))
            )
        }
        return files
    }

    private func update(_ name: String, _ files: [String: [UInt8]]) throws {
        guard ProcessInfo.processInfo.environment["UPDATE_FIXTURES"] == "1" else { return }
        let folder = Self.folder.appending(path: name)
        try? FileManager.default.removeItem(at: folder)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for (path, bytes) in files {
            let file = path.split(separator: "/").last.map(String.init) ?? ""
            try Data(bytes).write(to: folder.appending(path: file))
        }
    }

    @Test func `the same batches make the same bytes`() async throws {
        let written = try await write(Self.options)
        try update("stored", written)
        #expect(try fixture("stored") == written)
        #expect(written.count == 3, "two segments and HEAD")
    }

    @Test func `users and roles make the same bytes, and are read`() async throws {
        let written = try await write(Self.options, Self.later)
        try update("access", written)
        #expect(try fixture("access") == written)
        let storage = FaultyStorage.holding(
            try fixture("access"),
            directories: ["/journal", journalPath]
        )
        #expect(try readAll(storage) == Samples.entries(of: Self.later))
        #expect(try verify(journalAt: journalPath, storage: storage).isSound)
    }

    @Test func `journals of record are read`() async throws {
        // Compressed bytes depend on the version of zstd, so these are read, not compared.
        var compressed = Self.options
        compressed.compressionLevel = 3
        try update("zstd", try await write(compressed))
        for name in ["stored", "zstd"] {
            let files = try fixture(name)
            let storage = FaultyStorage.holding(files, directories: ["/journal", journalPath])
            #expect(try readAll(storage) == Samples.entries(of: Self.batches), "\(name)")
            let report = try verify(journalAt: journalPath, storage: storage)
            #expect(report.isSound, "\(name): \(report.damages)")
            try await withJournal(storage) { writer, _ in
                #expect(writer.head.batch == UInt64(Self.batches.count))
                try await writer.append(Samples.batch(50))
            }
            #expect(try verify(journalAt: journalPath, storage: storage).isSound)
        }
    }
}
