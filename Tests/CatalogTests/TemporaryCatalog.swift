import Catalog
import FoundationEssentials
import Synchronization

/// Runs `body` with a catalog in a folder of its own, which is removed afterwards.
func withCatalog(
    _ body: (Catalog, TestClock, _ path: String) async throws -> Void
) async throws {
    try await withFolder { folder in
        let clock = TestClock()
        let path = "\(folder)/catalog.sqlite"
        let catalog = try Catalog.open(at: path, now: { clock.time })
        try await body(catalog, clock, path)
        try catalog.close()
    }
}

/// Runs `body` with an empty folder, which is removed afterwards.
func withFolder(_ body: (String) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory
        .appendingPathComponent("catalog-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try await body(folder)
}

/// Milliseconds that a test sets.
final class TestClock: Sendable {
    private let now = Mutex<Int64>(1_000)

    var time: Int64 {
        get { now.withLock(\.self) }
        set { now.withLock { $0 = newValue } }
    }
}

/// Whether an error is a catalog's, of a code.
func isCatalogError(_ error: any Error, _ code: CatalogError.Code) -> Bool {
    (error as? CatalogError)?.code == code
}
